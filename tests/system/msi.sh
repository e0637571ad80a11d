#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Message-signalled interrupts of an NVMe disk in dom0 by the virtual ITS, with one CPU
# and with four: the disk works, each CPU gets the interrupts of its own queue, also
# after it went off and came back, none gets lost, and the hypervisor finds no fault
# with what Linux asks of its ITS. With four CPUs Linux has a virtual SMMUv3 as well, and
# messages go through its stage 1 like all DMA.
. tests/system/lib.inc
. tests/system/disks.inc

# nvme_msi CPUS SYSTEM STAGE
nvme_msi() {
	name="$1 CPU(s), $2" stage=$3
	disks_prepare "$name"
	boot "$disks/log" 150 -- BOARD=qemu-virt SYSTEM="$2" CPUS="$1" IMG="$WORK/img" QEMU_EXTRA="$disks_extra" \
		DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=disks,msi,poweroff'
	verdict "$name: Linux powers off, QEMU ends with 0" $?
	has "$disks/log" "$name: two disks, 64 MiB each, written and read" '^guest: disks ok, 2 of them'
	has "$disks/log" "$name: NVMe has ITS-MSI interrupts" '^guest: irq .* ITS-[^ ]*MSI[^ ]* .* nvme0q1'
	has "$disks/log" "$name: virtio-blk-pci has ITS-MSI interrupts" '^guest: irq .* ITS-[^ ]*MSI[^ ]* .* virtio[0-9]+-(req|virtqueues)'
	has "$disks/log" "$name: each CPU has its queue's, none is lost" "^guest: msi ok, $1 CPUs"
	if grep -qE 'wrong command|given up|Unhandled|WARNING:|BUG:|Oops|Call trace' "$disks/log"; then
		grep -nE 'wrong command|given up|Unhandled|WARNING:|BUG:|Oops|Call trace' "$disks/log"
		not_ok "$name: no complaint of the kernel's or the hypervisor's"
	else
		ok "$name: no complaint of the kernel's or the hypervisor's"
	fi
	judge_others "$name" "$nvme_sid|$vd_sid"
	rm -f "$disks/trace.log" "$disks/nvme.img" "$disks/vd.img"
}

nvme_msi 1 msi 2
nvme_msi 4 system 3
finish
