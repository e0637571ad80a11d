#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Linux with ACPI alone, and without a virtual SMMUv3: its IORT is one in which PCI's requester
# IDs lead to the ITS at once, and the disks' DMA goes through stage 2.
. tests/system/lib.inc
. tests/system/disks.inc

name='no virtual SMMUv3' doorbell=0x8090000
disks_prepare "$name"
boot "$disks/log" 120 -- BOARD=qemu-virt-acpi SYSTEM=plain IMG="$disks/img" QEMU_EXTRA="$disks_extra" \
	DOM0_CMDLINE="console=ttyAMA0 bulkhead.run=report,disks,messages,poweroff"
verdict "Linux with ACPI alone powers off, QEMU ends with 0" $?
log=$disks/log
has "$log" "NVMe: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
has "$log" "virtio-blk-pci: 64 MiB written and read" '^guest: /dev/vda: 64 MiB written and read'
has "$log" "interrupts as messages, through the ITS" '^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
! grep 'arm-smmu' "$log"
verdict "no SMMU is seen" $?
judge_stream "$name" NVMe $nvme_sid
judge_stream "$name" virtio-blk-pci $vd_sid
judge_others "$name" "$nvme_sid|$vd_sid"
! grep -nE 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace|Firmware (Bug|Error)' "$log"
verdict "no complaint of the kernel's" $?
rm -rf "$disks/trace.log" "$disks"/*.img "$disks/img"
finish
