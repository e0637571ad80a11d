#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest has a device read and write the GICv2's CPU interface by DMA (tests/payload/
# gicdma.c). The SMMU refuses: no device reaches any CPU's interface, and QEMU, which has
# none for a device and would end at once, goes on.
. tests/system/lib.inc
. tests/system/guest.inc

board=qemu-virt-gicv2
guest "DMA to the CPU interface" gicdma -- BOARD=$board CPUS=2 \
	QEMU_EXTRA='-device edu,addr=2,dma_mask=0xffffffffffffffff'
has "$log" "DMA to the CPU interface: the hypervisor tells of it" \
	'smmu0: pcie of dom0, stream 0x10: F_TRANSLATION, (read|write) at IPA 0x80100'
finish
