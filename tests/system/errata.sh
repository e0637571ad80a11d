#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A way around an erratum is linked where the board file names it, and nowhere else: read
# from two images.
. tests/system/lib.inc

# The instructions of FUNCTION in the image of a board, a line each, in $WORK/FUNCTION.
instructions() {
	"${CROSS_COMPILE:-aarch64-linux-gnu-}objdump" -d --no-show-raw-insn --disassemble="$2" "$OUT/$1/hv.elf" |
		sed -n 's/^ *[0-9a-f]*:	*//p' | tr '\t' ' ' >"$WORK/$2"
}

for board in qemu-virt qdf2400-acpi; do
	mk BOARD=$board >"$WORK/$board.log" 2>&1
	verdict "$board: the image is built" $?
done

# Falkor E1009: each TLBI that other CPUs take part in is made twice, with a DSB between.
instructions qdf2400-acpi arch_tlb_flush_el2
grep -E '^(tlbi|dsb|isb|ret)' "$WORK/arch_tlb_flush_el2" | tr '\n' ';' | grep -qx \
	'dsb ishst;tlbi vae2is, x0;dsb ish;tlbi vae2is, x0;dsb ish;isb;ret;'
verdict "qcom-falkor-e1009: a TLBI is made twice" $?
instructions qemu-virt arch_tlb_flush_el2
grep -E '^(tlbi|dsb|isb|ret)' "$WORK/arch_tlb_flush_el2" | tr '\n' ';' | grep -qx \
	'dsb ishst;tlbi vae2is, x0;dsb ish;isb;ret;'
verdict "another board: once" $?
others=$("${CROSS_COMPILE:-aarch64-linux-gnu-}objdump" -d "$OUT/qdf2400-acpi/hv.elf" | grep -cE 'tlbi.*is\b')
[ "$others" = 2 ]
verdict "qcom-falkor-e1009: no such TLBI elsewhere" $?

# QDF2400 E44: that the FIFO is empty is asked, and not BUSY (tests/unit/pl011_e44_test.c).
grep -q 'drivers/pl011_txfe\.o' "$OUT/qdf2400-acpi/hv.map" && ! grep -q 'drivers/pl011_busy\.o' "$OUT/qdf2400-acpi/hv.map"
verdict "qcom-qdf2400-e44: the one way to ask is linked" $?
grep -q 'drivers/pl011_busy\.o' "$OUT/qemu-virt/hv.map" && ! grep -q 'drivers/pl011_txfe\.o' "$OUT/qemu-virt/hv.map"
verdict "another board: the other" $?
finish
