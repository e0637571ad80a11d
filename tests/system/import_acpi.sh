#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `bulkhead import --acpi` (with sanitizers) of the tables that UEFI has on QEMU's virt, taken out
# of its memory: the board is that of the machine's device tree but for what the two really say
# otherwise, and its image finds the machine to be it.
. tests/system/lib.inc

machine=virt,virtualization=on,gic-version=3,iommu=smmuv3
uefi="qemu-system-aarch64 -M $machine -cpu max -smp 4 -m 256 -bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd
	-display none -nic none"
import() {
	"$OUT/unit/bulkhead" import "$@"
}
rm -rf "$WORK/tables" "$WORK/acpi" "$WORK/tree" "$WORK/none"
mkdir -p "$WORK/tables"
# Ctrl-A C: QEMU's monitor.
monitor=$(printf '\001')c
"$DRIVE" -t 120 -o "$WORK/uefi.log" -e 'Shell' -s "$monitor" -e '(qemu)' \
	-s "pmemsave 0x40000000 0x10000000 $WORK/memory\\n" -s 'quit\n' -- $uefi -serial mon:stdio &&
	"$ACPITABLES" "$WORK/memory" 0x40000000 "$WORK/tables" >"$WORK/tables.txt"
verdict "the machine's tables are taken from UEFI's memory" $?
rm -f "$WORK/memory"

import --acpi "$WORK/tables" --memory 0x40000000:0x10000000 -o "$WORK/acpi"
verdict "they become a board that the checks take" $?
qemu-system-aarch64 -M "$machine,dumpdtb=$WORK/virt.dtb" -cpu max -smp 4 -m 256 -nic none -display none \
	>/dev/null 2>&1 && import "$WORK/virt.dtb" -o "$WORK/tree"
verdict "so does its device tree" $?

# From the image's place to the console, without comments, cores' names and the names of things.
machine_of() {
	sed -n '/^image:/,/^console:/p' "$1/board.yaml" |
		sed -e '/^ *#/d' -e 's/, compatible: [^}]*//' -e 's/^  smmuv3:/  smmu0:/' -e 's/^console: .*/console:/'
}
machine_of "$WORK/acpi" >"$WORK/acpi.machine"
machine_of "$WORK/tree" >"$WORK/tree.machine"
[ "$(wc -l <"$WORK/acpi.machine")" -ge 30 ] && diff "$WORK/tree.machine" "$WORK/acpi.machine"
verdict "RAM, CPUs, timers, GIC, ITS and SMMUv3 are the same in both" $?

# What the tables cannot say is AML's: INTx lines and windows; what they say otherwise is IORT's:
# UEFI found one bus, and the tree speaks of all.
"$OUT/unit/bulkhead" check "$WORK/acpi" --dtb "$WORK/virt.dtb" 2>&1 | grep -oE '(error|warning)\[.*' >"$WORK/differ"
cat >"$WORK/differ.known" <<'KNOWN'
warning[HV0713]: 'pcie0' has 4 interrupts more in the device tree
error[HV0714]: 'pcie0' has ID 0x0 at 'smmu0' in the device tree
KNOWN
diff "$WORK/differ.known" "$WORK/differ"
verdict "devices: the tree has more interrupts and buses of the PCI host, and nothing otherwise" $?
devices_of() {
	sed -n '/^devices:/,$s/^    compatible: //p' "$1/board.yaml" | sort -u
}
devices_of "$WORK/acpi" >"$WORK/acpi.devices"
devices_of "$WORK/tree" >"$WORK/tree.devices"
cat >"$WORK/known" <<'KNOWN'
["arm,pl031", "arm,primecell"]
["arm,pl061", "arm,primecell"]
["cfi-flash"]
["fixed-clock"]
["qemu,fw-cfg-mmio"]
["virtio,mmio"]
KNOWN
comm -3 "$WORK/acpi.devices" "$WORK/tree.devices" | sed 's/^\t//' | diff "$WORK/known" -
verdict "devices: those of AML are the tree's alone, and no other" $?

import --acpi "$WORK/tables" -o "$WORK/none" && grep -q '# DECIDE: no table says what RAM there is' "$WORK/none/board.yaml"
verdict "without --memory the RAM is asked for" $?

mk BOARD_DIR="$WORK/acpi" BOARD=test-import-acpi IMG="$WORK/img" >"$WORK/build.log" 2>&1
verdict "the board becomes an image" $?
"$DRIVE" -t 120 -o "$WORK/boot.log" -e 'bochs-bxpc: leaves UEFI for' -e 'dom0: 4 of the CPUs, starts on CPU 0' -q -- \
	$uefi -kernel "$WORK/img/hv.img" -serial stdio -monitor none
verdict "which UEFI starts, and which finds tables and memory map to be the board's" $?
rm -rf "$WORK/img"
finish
