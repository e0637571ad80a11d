#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# UEFI (EDK2) starts the image of boards/qemu-virt-acpi, and Debian's Linux is dom0 with
# ACPI alone: disks behind the SMMUv3, in strict and in lazy mode, UEFI's clock and variables, the power button, power-off,
# reboot. Machines that are not the board are refused by name.
. tests/system/lib.inc
. tests/system/disks.inc

board=qemu-virt-acpi

# The SMMUv3 is the virtual one: Linux's own stage 1 and then the domain's stage 2.
name='disks' stage=3 doorbell=0x8090000
disks_judge() { # WHAT
	has "$log" "$1: NVMe: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
	has "$log" "$1: virtio-blk-pci: 64 MiB written and read" '^guest: /dev/vda: 64 MiB written and read'
	has "$log" "$1: interrupts as messages, through the ITS" '^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
	has "$log" "$1: so it is" "iommu: DMA domain TLB invalidation policy: $1 mode"
	judge_stream "$1" NVMe $nvme_sid
	judge_stream "$1" virtio-blk-pci $vd_sid
	judge_others "$1" "$nvme_sid|$vd_sid"
}
# UEFI's runtime services, which run in the domain: QEMU's clock is the host's.
judge_clock() {
	has "$log" "the clock is UEFI's" 'rtc-efi rtc-efi\.0: registered as rtc0'
	lines "$log" | sed -n 's/^guest: clock: rtc-efi rtc-efi\.0 says \([0-9]*\)$/\1/p' |
		awk -v began="$began" -v now="$(date +%s)" '$1 >= began && $1 <= now { good = 1 } END { exit !good }'
	verdict "it tells the time" $?
	has "$log" "and is set" '^guest: clock: set to 1000000000, says 100000000[0-9]$'
	variables=$(lines "$log" | sed -n 's/^guest: variables: \([1-9][0-9]*\)$/\1/p')
	has "$log" "UEFI's variables are there, a new one among them" '^guest: variables: the new one says hello$'
	has "$log" "until it is removed" "^guest: variables: ${variables:-none} again\$"
}
disks_prepare "$name"
rm -f "$WORK/monitor.in" "$WORK/monitor.out" "$disks/log"
mkfifo "$WORK/monitor.in" "$WORK/monitor.out"
(
	until grep -q 'guest: button: press it' "$disks/log" 2>/dev/null; do
		sleep 1
	done
	echo system_powerdown >"$WORK/monitor.in"
) &
presser=$!
began=$(date +%s)
boot "$disks/log" 120 -- BOARD=$board IMG="$disks/img" \
	QEMU_EXTRA="$disks_extra -chardev pipe,id=press,path=$WORK/monitor -mon press" \
	DOM0_CMDLINE="console=ttyAMA0 iommu.passthrough=0 iommu.strict=1 bulkhead.run=report,clock,disks,messages,button,poweroff"
verdict "Linux with ACPI alone powers off, QEMU ends with 0" $?
kill $presser 2>/dev/null
log=$disks/log
has "$log" "the machine's tables are read" 'ACPI: 4 CPUs, GICv3 at 0x8000000, 1 ITSs, 1 SMMUv3s'
has "$log" "userspace, with all CPUs" '^guest: up, .*, 4 CPUs'
has "$log" "RAM to the machine's own end" '^[0-9a-f]+-bfffffff : System RAM'
has "$log" "the console is the one that SPCR names" 'ttyAMA0 at MMIO 0x9000000 .* is a SBSA'
has "$log" "the SMMUv3 that IORT names is there" 'arm-smmu-v3 .*: ias [0-9]+-bit, oas'
has "$log" "PCI Express by MCFG" 'ECAM at \[mem 0x4010000000-0x401fffffff\]'
judge_clock
has "$log" "the power button is seen" '^guest: button: pressed'
disks_judge strict
complaints='Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace|Firmware (Bug|Error)|checksum'
! grep -nE "$complaints" "$log" | grep -v 'Early table checksum verification disabled'
verdict "no complaint of the kernel's" $?
rm -f "$disks/trace.log" "$disks"/*.img "$WORK/monitor.in" "$WORK/monitor.out"

disks_prepare "$name"
log=$WORK/reboot.log
boot "$log" 120 -e 'leaves UEFI' -e 'guest: up' -e 'guest: messages' -e 'leaves UEFI' -e 'guest: up' -q -- BOARD=$board \
	IMG="$disks/img" QEMU_EXTRA="$disks_extra" \
	DOM0_CMDLINE='console=ttyAMA0 iommu.passthrough=0 iommu.strict=0 bulkhead.run=disks,messages,reboot'
verdict "reboot: UEFI starts it all again" $?
disks_judge lazy
rm -f "$disks/trace.log" "$disks"/*.img

# refused NAME TEXT QEMU-ARGS...: on another machine it says TEXT and goes back to UEFI.
refused() {
	what=$1 text="this is another machine: $2"
	shift 2
	drive "$WORK/refused.log" 90 -e "$text" -q -- qemu-system-aarch64 -cpu max \
		-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd -kernel "$disks/img/hv.img" \
		-display none -serial stdio -monitor none -nic none "$@"
	verdict "$what" $?
}
refused "too few CPUs: refused by name" 'ACPI table APIC has no CPU with MPIDR 0x2, the board file has' \
	-M virt,virtualization=on,gic-version=3,iommu=smmuv3 -smp 2 -m 2G
refused "too little RAM: refused by name" 'the board file has RAM at 0x80000000' \
	-M virt,virtualization=on,gic-version=3,iommu=smmuv3 -smp 4 -m 1G
refused "more RAM: refused by name" "firmware's memory map has RAM at 0xc0000000" \
	-M virt,virtualization=on,gic-version=3,iommu=smmuv3 -smp 4 -m 3G
refused "no SMMUv3: refused by name" 'ACPI table IORT has no SMMUv3 at 0x9050000' \
	-M virt,virtualization=on,gic-version=3 -smp 4 -m 2G
refused "PCI past the SMMUv3: refused by name" 'ACPI table IORT has no SMMUv3 in front of PCI requester ID 0x0, the board' \
	-M virt,virtualization=on,gic-version=3,iommu=smmuv3,default_bus_bypass_iommu=true -smp 4 -m 2G
rm -rf "$disks/img"
finish
