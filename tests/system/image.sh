#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The image itself: every board builds; the same inputs give the same bytes; it
# keeps within its budgets; it refuses a wrong place, a wrong level, a wrong CPU.
. tests/system/lib.inc

plain_kib=64 viommu_kib=84 its_kib=12 ipmmu_kib=8 acpi_kib=28 built_kib=20

for board in $(ls boards/*/board.yaml | sed 's,boards/\(.*\)/board.yaml,\1,'); do
	mk BOARD="$board" >"$WORK/$board.log" 2>&1
	status=$?
	[ $status = 0 ] || tail -n 20 "$WORK/$board.log"
	verdict "make BOARD=$board" $status

	# Again elsewhere: another folder, another time of day, other tools from scratch.
	mk OUT="$WORK/again" BOARD="$board" >"$WORK/$board-again.log" 2>&1
	cmp "$OUT/$board/hv.img" "$WORK/again/$board/hv.img" &&
		cmp "$OUT/$board/hv.elf" "$WORK/again/$board/hv.elf"
	verdict "$board: two builds give the same bytes" $?

	# What a virtual IOMMU is made of is linked only where a domain has one.
	limit=$plain_kib
	grep -qx viommu-none "$OUT/$board/links" || limit=$viommu_kib
	# An IPMMU's driver is linked where the board has one. With its tables (17 units, 20
	# masters, the maps of their registers) it measures 7.5 KiB on rcar-h3.
	! grep -q '^CONFIG_IPMMU=y' "$OUT/$board/.config" || limit=$((limit + ipmmu_kib))
	# So is a virtual ITS, which may come on top.
	grep -qx msi-none "$OUT/$board/links" || limit=$((limit + its_kib))
	# UEFI's headers, the reader of ACPI tables, what a domain is handed; and the room for packed
	# tables is in the file whole. It measures 28 KiB.
	grep -qx firmware-static "$OUT/$board/links" || limit=$((limit + acpi_kib))
	# What makes tables at boot measures 17 KiB. It makes them behind the first MiB.
	mib=1
	! grep -qx firmware-built "$OUT/$board/links" || { limit=$((limit + built_kib)); mib=8; }
	size=$(wc -c <"$OUT/$board/hv.img" 2>/dev/null || echo 0)
	echo "# $board: hv.img $size bytes"
	[ "$size" -gt 4096 ] && [ "$size" -le $((limit * 1024)) ]
	verdict "$board: hv.img is at most $limit KiB" $?

	# image_size of the arm64 Image header: all that it takes at run time.
	region=$(od -An -tu8 -j 16 -N 8 "$OUT/$board/hv.img" | tr -d ' ')
	echo "# $board: $region bytes at run time"
	[ "${region:-0}" -gt 4096 ] && [ "$region" -le $((mib * 1048576)) ]
	verdict "$board: at most $mib MiB of RAM at run time" $?
done
rm -rf "$WORK/again"

# refused NAME TEXT QEMU-ARGS...: the image says TEXT and starts nothing.
refused() {
	name=$1 text=$2
	shift 2
	drive "$WORK/refused.log" 20 -e "$text" -q -- qemu-system-aarch64 -cpu max -m 2G \
		-display none -serial stdio -monitor none -nic none "$@"
	verdict "$name" $?
}
img=$OUT/qemu-virt/hv.img
refused "loaded elsewhere: it says where it should be" 'must be loaded at 0x40200000' \
	-M virt,virtualization=on,gic-version=3 -device "loader,file=$img,addr=0x48000000,cpu-num=0,force-raw=on"
refused "loaded elsewhere: it says where it is" 'it is at 0x48000000' \
	-M virt,virtualization=on,gic-version=3 -device "loader,file=$img,addr=0x48000000,cpu-num=0,force-raw=on"
refused "started at EL1: it says so" 'started at exception level 0x1' -M virt,gic-version=3 -kernel "$img"

# A copy whose TCR_EL2.PS (struct board_tables.el2_tcr, byte 72) is that of 48 bits, on a
# CPU that has 44.
board=$(readelf -sW "$OUT/qemu-virt/hv.elf" | awk '$8 == "board" { print $2 }')
at=$((0x$board - 0x40200000 + 72 + 2))
byte=$(od -An -tu1 -j "$at" -N 1 "$img")
cp "$img" "$WORK/wide.img"
printf "\\$(printf %o $(((byte & ~7) | 5)))" | dd of="$WORK/wide.img" bs=1 seek="$at" conv=notrunc status=none
refused "a CPU with too short addresses: it says so" 'need PARange 0x5, but this CPU has 0x4' \
	-M virt,virtualization=on,gic-version=3 -cpu cortex-a57 -kernel "$WORK/wide.img"
finish
