#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Linux with ACPI alone, from files of the EFI system partition: nothing in the image is to be
# run. It has no virtual SMMUv3: its IORT is one in which PCI's requester IDs lead to the ITS at
# once, and the disks' DMA goes through stage 2.
. tests/system/lib.inc
. tests/system/disks.inc

name='no virtual SMMUv3' doorbell=0x8090000
disks_prepare "$name"
boot "$disks/log" 120 -- BOARD=qemu-virt-acpi SYSTEM=esp IMG="$disks/img" QEMU_EXTRA="$disks_extra" \
	DOM0_CMDLINE="console=ttyAMA0 bulkhead.run=report,disks,messages,poweroff"
verdict "Linux with ACPI alone powers off, QEMU ends with 0" $?
log=$disks/log
has "$log" "the kernel, the initrd and the command line are the files'" \
	'Kernel command line: console=ttyAMA0 bulkhead.run=report,disks,messages,poweroff *$'
[ "$(wc -c <"$disks/img/hv.img")" -le 131072 ]
verdict "the image has no kernel in it" $?
has "$log" "NVMe: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
has "$log" "virtio-blk-pci: 64 MiB written and read" '^guest: /dev/vda: 64 MiB written and read'
has "$log" "both disks, and not the one that UEFI started from" '^guest: disks ok, 2 of them'
has "$log" "interrupts as messages, through the ITS" '^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
! grep 'arm-smmu' "$log"
verdict "no SMMU is seen" $?
judge_stream "$name" NVMe $nvme_sid
judge_stream "$name" virtio-blk-pci $vd_sid
judge_others "$name" "$nvme_sid|$vd_sid"
! grep -nE 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace|Firmware (Bug|Error)' "$log"
verdict "no complaint of the kernel's" $?

# The machine of QEMU 4.1 has no generic event device: its DSDT names the GPIO controller, one of
# whose lines the power button is. Its GIC has no LPIs. Later QEMUs may not know it any more.
if qemu-system-aarch64 -M help | grep -q '^virt-4\.1 '; then
	rm -f "$WORK/monitor.in" "$WORK/monitor.out"
	mkfifo "$WORK/monitor.in" "$WORK/monitor.out"
	boot "$WORK/gpio.log" 90 -e 'guest: button: press it' -x "echo system_powerdown >$WORK/monitor.in" \
		-e 'guest: button: pressed' -- BOARD=qemu-virt-acpi SYSTEM=plain IMG="$WORK/gpio" \
		qemu-machine=virt-4.1,virtualization=on,gic-version=3,iommu=smmuv3 \
		QEMU_EXTRA="-global arm-smmuv3.stage=nested -chardev pipe,id=press,path=$WORK/monitor -mon press" \
		DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=button,poweroff'
	verdict "a power button behind GPIO is seen" $?
	has "$WORK/gpio.log" "the GPIO controller of the DSDT binds its driver" 'pl061_gpio ARMH0061:00: PL061 GPIO chip'
	rm -rf "$WORK/gpio" "$WORK/monitor.in" "$WORK/monitor.out"
fi

# refused NAME TEXT QEMU-ARGS...: the image says TEXT and starts nothing.
refused() {
	what=$1 text=$2
	shift 2
	"$DRIVE" -t 90 -o "$WORK/refused.log" -e "$text" -q -- qemu-system-aarch64 -cpu max -smp 4 -m 2G \
		-M virt,virtualization=on,gic-version=3,iommu=smmuv3 -display none -serial stdio -monitor none -nic none \
		-kernel "$disks/img/hv.img" "$@"
	verdict "$what" $?
}
refused "without its files beside it: refused by name" \
	"Image' is not on the partition that the image was started from (payload.esp of the system file)" \
	-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd
refused "started without UEFI: it says so" 'fatal: qemu-virt-acpi: started without UEFI'
rm -rf "$disks/trace.log" "$disks"/*.img "$disks/img"
finish
