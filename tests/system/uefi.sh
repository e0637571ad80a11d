#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The image of an ACPI board, started by UEFI (EDK2): it knows by firmware's tables whether
# the machine is the board, and says by name what it is not.
. tests/system/lib.inc

img=$WORK/hv.img
mk BOARD=qdf2400-acpi IMG="$WORK" >"$WORK/build.log" 2>&1
verdict "qdf2400-acpi: the image is built" $?

# started NAME TEXT MACHINE: of QEMU's virt with MACHINE, UEFI has the image say TEXT.
started() {
	drive "$WORK/uefi.log" 90 -e "$2" -q -- qemu-system-aarch64 -cpu max -smp 2 -m 512 \
		-M "virt,gic-version=3,iommu=smmuv3,$3" -bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd \
		-kernel "$img" -display none -serial stdio -monitor none -nodefaults
	verdict "$1" $?
}
started "another machine: refused by its OEM ID" "fatal: qdf2400-acpi: this is another machine: its ACPI tables are by 'BOCHS '" \
	virtualization=on
started "another machine of the same maker: refused by its table ID" "fatal: qdf2400-acpi: this is another machine: 'QDF9999" \
	virtualization=on,x-oem-id=QCOM,x-oem-table-id=QDF9999
started "at EL1: it says so" "fatal: qdf2400-acpi: started at exception level 1" \
	x-oem-id=QCOM,x-oem-table-id=QDF2432
started "the board, by the second of its names, but without a kernel: it says so" \
	'fatal: qdf2400-acpi: this image has no kernel in it, and names no file with one' \
	virtualization=on,x-oem-id=QCOM,x-oem-table-id=QDF2400
has "$WORK/uefi.log" "the board: its tables are read" \
	'ACPI: 2 CPUs, GICv3 at 0x8000000, 1 ITSs, 1 SMMUv3s, 1 PCI segments, UART at 0x9000000'
finish
