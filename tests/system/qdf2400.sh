#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The image of a board whose addresses firmware says, on QEMU's virt under that machine's name:
# it makes its tables at boot, and Debian's Linux is dom0 with ACPI alone, disks behind the
# SMMUv3. Another number of CPUs and another memory are nothing to the image; its kernel may be a
# file on the EFI system partition.
. tests/system/lib.inc
. tests/system/disks.inc

# confined WHAT SID: the stream's accesses went through stage 2, where memory is where it is.
confined() {
	sed -n "s/^smmuv3_translate_success .* sid=$2 iova=\(.*\) translated=\(.*\) perm.* stage=2\$/\1 \2/p" \
		"$disks/trace.log" | awk '$1 != $2 { print; bad = 1 } END { exit bad || NR < 200 }'
	verdict "$1: its DMA is translated by stage 2 alone, to the same address" $?
}

name='tables made at boot'
disks_prepare "$name"
boot "$disks/log" 120 -- BOARD=qdf2400-acpi IMG="$disks/img" QEMU_EXTRA="$disks_extra" \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=report,clock,disks,msi,poweroff'
verdict "Linux with ACPI alone powers off, QEMU ends with 0" $?
log=$disks/log
has "$log" "tables are made and checked" 'bulkhead: qdf2400-acpi: tables of 0x[0-9a-f]+ bytes made and checked'
has "$log" "userspace, with all CPUs" '^guest: up, .*, 4 CPUs'
has "$log" "NVMe has ITS-MSI interrupts" '^guest: irq .* ITS-[^ ]*MSI[^ ]* .* nvme0q1'
has "$log" "virtio-blk-pci has ITS-MSI interrupts" '^guest: irq .* ITS-[^ ]*MSI[^ ]* .* virtio[0-9]+-(req|virtqueues)'
has "$log" "CPUs off and on again: each has its queue's interrupts, none is lost" '^guest: msi ok, 4 CPUs'
has "$log" "the console is the one that SPCR names" 'ttyAMA0 at MMIO 0x9000000 .* is a SBSA'
has "$log" "PCI Express by MCFG" 'ECAM at \[mem 0x4010000000-0x401fffffff\]'
has "$log" "the clock is UEFI's" 'rtc-efi rtc-efi\.0: registered as rtc0'
has "$log" "and is set" '^guest: clock: set to 1000000000, says 100000000[0-9]$'
has "$log" "UEFI's variables are there, a new one among them" '^guest: variables: the new one says hello$'
has "$log" "RAM to the machine's own end" '^[0-9a-f]+-bfffffff : System RAM'
has "$log" "NVMe: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
has "$log" "virtio-blk-pci: 64 MiB written and read" '^guest: /dev/vda: 64 MiB written and read'
has "$log" "both disks, with what was written" '^guest: disks ok, 2 of them'
has "$log" "what only AML names is found on demand" '^bulkhead: dom0: was mapped on demand: MMIO 0x'
confined NVMe $nvme_sid
confined virtio-blk-pci $vd_sid
judge_others "$name" "$nvme_sid|$vd_sid"
! grep -nE 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace|Firmware (Bug|Error)' "$log"
verdict "no complaint of the kernel's" $?
rm -f "$disks/trace.log" "$disks"/*.img

# A program in Linux's place (tests/payload/acpisweep.c): all of RAM that is not in its memory map, so
# the hypervisor's, the ITS behind its doorbell and the SMMUv3, each page by load, store and fetch; all else below RAM by load.
log=$WORK/sweep.log
boot "$log" 60 -- BOARD=qdf2400-acpi IMG="$WORK/sweep" DOM0_KERNEL="$OUT/payload/acpisweep.img" DOM0_INITRD= \
	DOM0_CMDLINE='uart=0x9000000 ram=0x40000000,0x80000000'
results "what it must not reach" $?
verdict "what it must not reach: runs to its end" $?
place=$(sed -n 's/^bulkhead: .* leaves UEFI for \(0x[0-9a-f]*\)$/\1/p' "$log.text")
[ -n "$place" ] && grep "^FORBIDDEN $place" "$log.text"
verdict "the hypervisor, where it is this time, is among it" $?
sed -n 's/^bulkhead: dom0: was mapped on demand: [^ ]* //p' "$log.text" | sort >"$log.mapped"
sort >"$log.expected" <<-'END'
	0x0..0x7ffffff
	0x8010000..0x807ffff
	0x9001000..0x904ffff
	0x9070000..0x3fffffff
END
diff -u "$log.expected" "$log.mapped"
verdict "what it must not reach: mapped is all else below RAM, and no more" $?

# QEMU's MADT names the ITS also where it is off: there is nothing at its address, and a CPU that reads there
# has an external abort.
truncate -s 64M "$WORK/wired.img"
boot "$WORK/other.log" 60 -- BOARD=qdf2400-acpi SYSTEM=esp IMG="$WORK/esp" \
	qemu-machine="virt,its=off,virtualization=on,gic-version=3,iommu=smmuv3,x-oem-id=QCOM,x-oem-table-id=QDF2432" \
	QEMU_EXTRA="-global arm-smmuv3.stage=nested -smp 2 -m 3G -drive if=none,id=d0,format=raw,file=$WORK/wired.img \
		-device nvme,drive=d0,serial=bulkhead,addr=2" \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=report,poweroff'
verdict "from files beside the image, 2 CPUs and 3 GiB: powers off" $?
has "$WORK/other.log" "2 CPUs" '^guest: up, .*, 2 CPUs'
has "$WORK/other.log" "3 GiB" '^[0-9a-f]+-ffffffff : System RAM'
has "$WORK/other.log" "no ITS that answers: firmware's console tells" \
	'bulkhead: qdf2400-acpi: this machine has no ITS where its MADT says, at 0x8080000: its devices interrupt by wire alone'
has "$WORK/other.log" "NVMe interrupts all the same" '^ *[0-9]+: .* GICv3 .* nvme0q0'
rm -rf "$disks/img" "$WORK/sweep" "$WORK/esp" "$WORK/wired.img"
finish
