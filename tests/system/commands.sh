#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The commands, used wrongly and in the less common ways.
. tests/system/lib.inc

# fails NAME TEXT ARGS...: make fails, and says TEXT.
fails() {
	name=$1 text=$2
	shift 2
	if mk "$@" >"$WORK/fails.log" 2>&1 </dev/null; then
		cat "$WORK/fails.log"
		not_ok "$name: it succeeded"
	elif grep -qF -e "$text" "$WORK/fails.log"; then
		ok "$name"
	else
		cat "$WORK/fails.log"
		not_ok "$name: it does not say: $text"
	fi
}

works() {
	name=$1
	shift
	mk "$@" >"$WORK/works.log" 2>&1 </dev/null
	status=$?
	[ $status = 0 ] || cat "$WORK/works.log"
	verdict "$name" $status
}

# A board of its own outside the tree.
board=$(realpath "$WORK")/acme
rm -rf "$board" "$OUT/acme"
mkdir -p "$board"
sed "s,include: \.\./,include: $PWD/boards/," boards/qemu-virt/board.yaml >"$board/board.yaml"
cp boards/qemu-virt/system.yaml "$board/system.yaml"
fails "a board without a defconfig" 'acme has no defconfig' BOARD_DIR="$board"
printf '%s\n' CONFIG_GIC_V3=y CONFIG_SMMUV3=y >"$board/defconfig"
works "a board outside the tree" BOARD_DIR="$board"
[ -f "$OUT/acme/hv.img" ]
verdict "a board outside the tree has its image in out/acme" $?

config() {
	printf '%s\n' "$@" >"$board/defconfig"
	rm -rf "$OUT/acme"
}
config 'CONFIG_NO_SUCH_THING=y'
fails "an unknown symbol in a defconfig" 'defconfig:1: error: no such symbol: CONFIG_NO_SUCH_THING' BOARD_DIR="$board"
config 'CONFIG_LOG_LEVEL=77'
fails "a value out of range in a defconfig" 'CONFIG_LOG_LEVEL=77 cannot be' BOARD_DIR="$board"
config 'CONFIG_GIC_V3=yes please'
fails "a value of the wrong type in a defconfig" 'CONFIG_GIC_V3' BOARD_DIR="$board"
config 'GIC_V3'
fails "a line that is no Kconfig in a defconfig" 'GIC_V3' BOARD_DIR="$board"

# The drivers of another machine: both places, the fix, and no image.
config CONFIG_GIC_V2=y CONFIG_SMMUV3=y
fails "a GIC driver that is not the board's" 'error[HV0606]: the board has a GICv3' BOARD_DIR="$board"
grep -qF "'CONFIG_GIC_V2=y' is said at $board/defconfig:1:1" "$WORK/fails.log" &&
	grep -qF "write 'CONFIG_GIC_V3=y' in $board/defconfig" "$WORK/fails.log"
verdict "the defconfig's line and what it should be" $?
config CONFIG_GIC_V3=y CONFIG_UART_SCIF=y CONFIG_SMMUV3=y
fails "a console driver that is not the board's" "error[HV0606]: the console 'uart0' is a PL011" BOARD_DIR="$board"
config CONFIG_GIC_V3=y
fails "no driver for the board's SMMU" "error[HV0606]: 'smmu0' is an SMMUv3" BOARD_DIR="$board"
[ ! -e "$OUT/acme/hv.img" ]
verdict "the drivers of another machine give no image" $?

# Bad YAML leaves no image behind, not even the one of before.
config CONFIG_GIC_V3=y CONFIG_SMMUV3=y
works "the board builds again" BOARD_DIR="$board"
echo 'nonsense: [' >>"$board/system.yaml"
fails "bad YAML fails the build" 'error[HV01' BOARD_DIR="$board"
[ ! -e "$OUT/acme/hv.img" ]
verdict "bad YAML leaves no image" $?
rm -rf "$board" "$OUT/acme"

fails "an unknown board" 'nonesuch' BOARD=nonesuch
fails "make run on a board that QEMU does not have" 'no machine of QEMU' run BOARD=rcar-h3
fails "a kernel that is not there" '/no/such/Image' run DOM0_KERNEL=/no/such/Image IMG="$WORK/img"
fails "menuconfig without a terminal" 'needs a terminal' menuconfig
works "defconfig by name" rcar-h3_defconfig
works "boards" boards
works "help" help
finish
