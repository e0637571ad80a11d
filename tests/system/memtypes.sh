#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Memory that is no RAM, on a board whose last MiB of RAM is taken for it: plain
# memcpy and memset work where it is declared normal, and fault in the guest (not in
# the hypervisor) where it is declared device; also where Xen was asked for it.
. tests/system/lib.inc
. tests/system/guest.inc

board=memtypes

# a_board NAME ATTRIBUTE ATTRIBUTE: sram0 has the first, sram3 the second.
a_board() {
	dir=$WORK/$1/memtypes
	mkdir -p "$dir" "$WORK/$1/soc"
	cp boards/soc/qemu-virt.yaml "$WORK/$1/soc"
	cp boards/qemu-virt/*.yaml boards/qemu-virt/run.mk "$dir"
	cp configs/qemu-virt_defconfig "$dir/defconfig"
	cat >"$WORK/$1/devices" <<-EOF
		  sram0: {class: sram, attribute: $2, reg: [0xbff00000, 0x10000]}
		  sram1: {class: sram, exec: true, reg: [0xbff10000, 0x10000]}
		  sram2: {class: sram, read-only: true, reg: [0xbff20000, 0x10000]}
		  sram3: {class: sram, attribute: $3, reg: [0xbff30000, 0x10000]}
	EOF
	sed -i "/^devices:/r $WORK/$1/devices" "$dir/board.yaml"
	echo 'memory: [{reg: [0x40000000, 0x7ff00000]}]' >>"$dir/board.yaml"
}

regions='normal=0xbff00000 exec=0xbff10000 read-only=0xbff20000 device=0xbff30000'

# types NAME ATTRIBUTE ATTRIBUTE [SYSTEM OPTION]
types() {
	a_board "$1" "$2" "$3"
	guest "$2, $3${5:+, $5}" memtypes -- BOARD=$board BOARD_DIR="$dir" SYSTEM="${4-system}" \
		DOM0_CMDLINE="$regions${5:+ $5}"
	! grep 'bulkhead: .*write at 0xbff3' "$log.text"
	verdict "$2, $3: the hypervisor has nothing to say of it" $?
}

types strict normal-nc device-nGnRE
types relaxed normal-wb device-GRE
# Xen's dev_mmio for those regions: they have the type that the board file declares.
types xen normal-nc device-nGnRE xen-dom0 xen

# The same program must complain where the two are exchanged, or it shows nothing.
a_board exchanged device-nGnRE normal-nc
log=$WORK/exchanged.log
boot "$log" 60 -- BOARD=$board BOARD_DIR="$dir" IMG="$OUT/$board/img" \
	DOM0_KERNEL="$OUT/payload/memtypes.img" DOM0_INITRD= DOM0_CMDLINE="$regions"
verdict "exchanged: the hypervisor goes on to the orderly end" $?
for check in normal-memcpy normal-memset normal-unaligned device-unaligned-read device-unaligned-write \
	device-memcpy; do
	has "$log" "exchanged: $check is seen to fail" "^FAIL $check"
done
finish
