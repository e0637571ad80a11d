#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bulkhead-verify on finished images: nothing to say about them, in under a second of CPU;
# a word about each image that is not what the YAML says.
. tests/system/lib.inc

VERIFY=$OUT/host/bulkhead-verify
MUTATIONS=$OUT/unit/verify_mutation_test
images=

# proves NAME BOARD_DIR SYSTEM FOLDER CHANGES
proves() {
	(
		# Of CPU, so that whatever else the machine does is not counted.
		ulimit -t 1
		exec "$VERIFY" "$4/hv.elf" "$2" --system "$3" --image "$4/hv.img" -o "$WORK/$1.json" \
			--page "$WORK/$1.txt" >/dev/null
	)
	verdict "$1: all properties hold, in under a second of CPU" $?
	grep -q '"holds": true' "$WORK/$1.json"
	verdict "$1: verify.json says so" $?
	images="$images $4/hv.elf:$2:$3:$5"
}

# fails NAME PATTERN ARGS...: exit status 1, and a line that matches.
fails() {
	name=$1 pattern=$2
	shift 2
	"$VERIFY" "$@" >"$WORK/fails.txt" 2>&1
	status=$?
	[ $status = 1 ] && grep -qE -e "$pattern" "$WORK/fails.txt"
	good=$?
	[ $good = 0 ] || sed 's/^/    /' "$WORK/fails.txt"
	verdict "$name" $good
}

for board in $(ls boards/*/board.yaml | sed 's,boards/\(.*\)/board.yaml,\1,'); do
	mk BOARD="$board" >/dev/null 2>&1
	# Where MMIO is mapped on demand, each change takes longer; without tables there is none.
	case $board in
	qemu-virt-acpi) changes=1000 ;;
	qdf2400-acpi) changes=0 ;;
	*) changes=5000 ;;
	esac
	proves "$board" "boards/$board" system "$OUT/$board" $changes
done
mk BOARD=qemu-virt SYSTEM=two-domains IMG="$WORK/two" SET="guest1.kernel=$OUT/payload/hello.img" >/dev/null 2>&1
proves two-domains boards/qemu-virt two-domains "$WORK/two" 5000
mk BOARD=qemu-virt SYSTEM=moved IMG="$WORK/moved" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= >/dev/null 2>&1
proves moved boards/qemu-virt moved "$WORK/moved" 5000
mk BOARD=qemu-virt SYSTEM=colored IMG="$WORK/colored" SET="guest1.kernel=$OUT/payload/hello.img" \
	DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= >/dev/null 2>&1
proves colored boards/qemu-virt colored "$WORK/colored" 300

mk BOARD=qemu-virt SYSTEM=msi IMG="$WORK/msi" >/dev/null 2>&1
proves msi boards/qemu-virt msi "$WORK/msi" 5000
mk BOARD=test-viommu BOARD_DIR=tests/system/viommu SYSTEM=again IMG="$WORK/resets" \
	SET="bad.kernel=$OUT/payload/hello.img" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= >/dev/null 2>&1
proves resets tests/system/viommu again "$WORK/resets" 1000

mk BOARD=test-ondemand BOARD_DIR=tests/system/ondemand IMG="$WORK/ondemand" \
	SET="dom0.kernel=$OUT/payload/hello.img guest1.kernel=$OUT/payload/hello.img" >/dev/null 2>&1
proves ondemand tests/system/ondemand system "$WORK/ondemand" 1000

linux="kernel=$OUT/guest/Image"
mk BOARD=qemu-virt SYSTEM=four-domains IMG="$WORK/four" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= \
	SET="linux1.$linux linux2.$linux bare.kernel=$OUT/payload/hello.img" >/dev/null 2>&1
proves four-domains boards/qemu-virt four-domains "$WORK/four" 5000

one=$OUT/qemu-virt/hv.elf
fails "another system: a domain too many" 'the image has 2 domains, the YAML 1' "$WORK/two/hv.elf" boards/qemu-virt
fails "another board" "the image is one of board 'qemu-virt'" "$one" boards/qemu-virt-gicv2
fails "a system by its file's name" 'the image has 1 domains, the YAML 2' "$one" boards/qemu-virt --system two-domains.yaml
fails "fewer CPUs" 'the image has 4 CPUs, the YAML 2' "$one" boards/qemu-virt --cpus 2

# What of its interrupts is not made at boot.
mkdir -p "$WORK/messages"
cp boards/qdf2400-acpi/*.yaml "$WORK/messages"
sed -i 's/interrupts: 2048/interrupts: 1024/' "$WORK/messages/system.yaml"
fails "tables made at boot: other LPIs" "domain 'dom0': it has other LPIs" "$OUT/qdf2400-acpi/hv.elf" "$WORK/messages"

# An image that UEFI starts looks for the registers of its runtime services in what the domain finds
# on demand, if that is nothing too.
mkdir -p "$WORK/firmware"
cp -r boards/soc boards/qemu-virt boards/qemu-virt-acpi "$WORK/firmware"
sed -i 's/^    console: vpl011/&\n    mmio: mapped/' "$WORK/firmware/qemu-virt-acpi/plain.yaml"
"$OUT/host/bulkhead" gen "$WORK/firmware/qemu-virt-acpi" --system plain -o "$WORK/mapped" &&
	grep -qx 'mmio-mapped' "$WORK/mapped/links" &&
	grep -qx 'const struct ondemand_list domain_ondemand\[1\];' "$WORK/mapped/tables.c"
verdict "MMIO mapped, with ACPI: the list is there, and empty" $?

# What the image asks of firmware's ACPI tables.
sed -i 's/oem-id: .*/oem-id: "OTHER "/; s/, MCFG\]/, PPTT]/' "$WORK/firmware/qemu-virt-acpi/board.yaml"
sed -i 's/spi: 75,/spi: 78,/' "$WORK/firmware/qemu-virt/board.yaml"
sed -i 's/secure: {ppi: 13}/secure: {ppi: 12}/; s/rid: 0, iommu: smmu0, id: 0/rid: 0, iommu: smmu0, id: 1/
	s/bus-range: .0, 255./bus-range: [0, 127]/' "$WORK/firmware/soc/qemu-virt.yaml"
for what in 'OEM ID' table 'PRI interrupt' 'secure timer' 'last bus' 'stream ID or DeviceID'; do
	fails "firmware's tables: another $what" "the image expects another $what of firmware" \
		"$OUT/qemu-virt-acpi/hv.elf" "$WORK/firmware/qemu-virt-acpi"
done

# One device changes hands after the image was made.
mkdir -p "$WORK/changed/soc" "$WORK/changed/board"
sed 's/\[0x09010000, 0x1000\]/[0x09011000, 0x1000]/' boards/soc/qemu-virt.yaml >"$WORK/changed/soc/qemu-virt.yaml"
cp boards/qemu-virt/*.yaml "$WORK/changed/board"
fails "a device elsewhere: what is mapped too much" \
	"domain 'dom0': .0x9010000\.\.0x9011000.: mapped to 0x9010000" "$one" "$WORK/changed/board"
fails "a device elsewhere: what is missing" \
	"domain 'dom0': .0x9011000\.\.0x9012000.: 'rtc' is not mapped" "$one" "$WORK/changed/board"
fails "a device elsewhere: the line in the YAML" \
	'changed/board/\.\./soc/qemu-virt\.yaml:[0-9]+:[0-9]+$' "$one" "$WORK/changed/board"

# What an MSI frame raises, and how its page is mapped.
# frame NAME EDIT PATTERN
frame() {
	mkdir -p "$WORK/frame/soc" "$WORK/frame/board"
	cp boards/soc/qemu-virt.yaml "$WORK/frame/soc"
	cp boards/qemu-virt-gicv2/*.yaml "$WORK/frame/board"
	sed "$2" boards/qemu-virt-gicv2/board.yaml >"$WORK/frame/board/board.yaml"
	fails "an MSI frame $1" "$3" "$OUT/qemu-virt-gicv2/hv.elf" "$WORK/frame/board"
}
frame "that raises less" 's/msi-spis: .48, 64./msi-spis: [48, 63]/' "interrupt 143 is given, but is not its own"
frame "that raises more" 's/msi-spis: .48, 64./msi-spis: [48, 65]/' "interrupt 144 is its own, but is not given"
frame "of another type" 's/class: msi-frame/&\n    attribute: device-GRE/' "domain 'dom0': .0x8020000\.\.0x8021000.:.*device-GRE"
frame "that raises an interrupt of the SMMU" \
	'$a iommus: {smmu0: {interrupts: [{spi: 74, trigger: edge-rising}], interrupt-names: [eventq]}}' \
	'interrupt 106 has two owners'

# One byte of the text, one of the constants, in whose last page the packed tables begin, one of those.
rodata=$(($(sed -n 's/^ *\(0x[0-9a-f]*\) *__rodata_start = .*/\1/p' "$OUT/qemu-virt/hv.map") - 0x40200000))
for at in 4096 "$((rodata + 4096))" "$(($(wc -c <"$OUT/qemu-virt/hv.img") - 40))"; do
	cp "$OUT/qemu-virt/hv.img" "$WORK/flipped.img"
	byte=$(od -An -tu1 -j "$at" -N 1 "$WORK/flipped.img" | tr -d ' ')
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((byte ^ 1)))" |
		dd of="$WORK/flipped.img" bs=1 seek="$at" conv=notrunc 2>/dev/null
	fails "hv.img with byte $at changed" 'property image fails' "$one" boards/qemu-virt \
		--image "$WORK/flipped.img"
done

"$VERIFY" "$OUT/qemu-virt/hv.img" boards/qemu-virt >/dev/null 2>&1
[ $? = 2 ]
verdict "a file that is no ELF: exit status 2" $?
"$VERIFY" "$one" boards/nowhere >/dev/null 2>&1
[ $? = 2 ]
verdict "a board that is not there: exit status 2" $?

mk "$MUTATIONS" >/dev/null 2>&1
VERIFY_IMAGES=$images "$MUTATIONS" >"$WORK/mutations.txt" 2>&1
status=$?
grep '^#' "$WORK/mutations.txt"
[ "$(grep -c '^# .*: 5000 of 5000 ' "$WORK/mutations.txt")" -gt 6 ] &&
	[ "$(grep -c '^# .*/hv.img: 1000 of 1000 .* 0 refused$' "$WORK/mutations.txt")" -gt 10 ] &&
	grep -q '^# .*/colored/.*: 300 of 300 ' "$WORK/mutations.txt" && [ $status = 0 ]
verdict "thousands of breaking changes to each image, none missed" $?
finish
