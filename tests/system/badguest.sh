#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest that does all that it should not: tests/payload/badguest.c. It must get
# the architecture's answers, and live. 0x40200000 is the hypervisor's own RAM.
. tests/system/lib.inc
. tests/system/guest.inc

for board in qemu-virt qemu-virt-gicv2; do
	for cpus in 1 2; do
		guest "$board, $cpus CPUs" badguest -- BOARD=$board CPUS=$cpus \
			DOM0_CMDLINE='hole=0x40200000,0x402f0000'
	done
done
finish
