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

# no_trace NAME FILE...: none of these is there.
no_trace() {
	name=$1
	shift
	for file in "$@"; do
		if [ -e "$file" ]; then
			echo "$file is there"
			not_ok "$name"
			return
		fi
	done
	ok "$name"
}

# same NAME TEXT TEXT
same() {
	[ "$2" = "$3" ] || echo "'$2' is not '$3'"
	[ "$2" = "$3" ]
	verdict "$1" $?
}

# objects BOARD: the folder of its objects.
objects() {
	sed 's,.* -include \(.*\)/autoconf\.h,\1,' "$OUT/$1/flags"
}

# A board of its own outside the tree.
board=$(realpath "$WORK")/acme
rm -rf "$board" "$OUT/acme"
mkdir -p "$board"
sed "s,include: \.\./,include: $PWD/boards/," boards/qemu-virt/board.yaml >"$board/board.yaml"
cp boards/qemu-virt/system.yaml "$board/system.yaml"
fails "a board without a defconfig" 'acme has no defconfig' BOARD_DIR="$board"
no_trace "a board without a defconfig leaves nothing" "$OUT/acme"
printf '%s\n' CONFIG_GIC_V3=y CONFIG_SMMUV3=y >"$board/defconfig"
works "a board outside the tree" BOARD_DIR="$board"
[ -f "$OUT/acme/hv.img" ]
verdict "a board outside the tree has its image in out/acme" $?
same "boards that are configured alike have the same objects" "$(objects qemu-virt)" "$(objects acme)"

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
[ -d "$(objects acme)" ]
verdict "the drivers of another machine have a folder for their objects" $?
same "what is wrong is said before anything is compiled" '' "$(find "$(objects acme)" -name '*.o')"
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
cp boards/qemu-virt/system.yaml "$board/system.yaml"
fails "make run on a board elsewhere without run.mk: its advice can be followed" \
	"make BOARD_DIR=$board\`" run BOARD_DIR="$board"

# A warning is said once, and the image is built all the same.
config CONFIG_GIC_V3=y CONFIG_SMMUV3=y
sed -i 's/^devices:$/&\n  rtc: {dma-master: true}/' "$board/board.yaml"
cp boards/qemu-virt/two-domains.yaml "$board"
mk BOARD_DIR="$board" SYSTEM=two-domains SET="guest1.kernel=$OUT/payload/hello.img" >"$WORK/warning.log" 2>&1
same "a warning is said once" 1 "$(grep -c 'warning.HV0303' "$WORK/warning.log")"
[ -f "$OUT/acme/system-two-domains/hv.img" ]
verdict "a warning is no error" $?
sed -i '/^  rtc: /d' "$board/board.yaml"

# What somebody has configured stays when the defconfig is newer, and it says so.
config CONFIG_GIC_V3=y CONFIG_SMMUV3=y
works "a board before it is configured" BOARD_DIR="$board"
sed -i 's/^CONFIG_LOG_LEVEL=.*/CONFIG_LOG_LEVEL=1/' "$OUT/acme/.config"
works "a board that was configured" BOARD_DIR="$board"
touch "$board/defconfig"
mk BOARD_DIR="$board" >"$WORK/kept.log" 2>&1
grep -q '/.config: kept, as it was edited' "$WORK/kept.log"
verdict "a newer defconfig: it says that .config is kept" $?
same "a newer defconfig: .config is kept" CONFIG_LOG_LEVEL=1 "$(grep LOG_LEVEL "$OUT/acme/.config")"
same "a newer defconfig: what is built is as configured" '#define CONFIG_LOG_LEVEL 1' \
	"$(grep LOG_LEVEL "$OUT/acme/include/generated/autoconf.h")"
# Another board of that name, not newer than what was built of the first.
other=$board/acme
mkdir -p "$other"
cp "$board/board.yaml" "$board/system.yaml" "$other"
printf '%s\n' CONFIG_GIC_V3=y CONFIG_SMMUV3=y CONFIG_LOG_LEVEL=2 >"$other/defconfig"
touch -d @0 "$other/defconfig"
works "another board of the same name" BOARD_DIR="$other"
same "another board of the same name has its own configuration" CONFIG_LOG_LEVEL=2 \
	"$(grep LOG_LEVEL "$OUT/acme/.config")"
# In a defconfig that was only changed there is nothing to lose.
works "a board as its defconfig says" BOARD_DIR="$board"
echo 'CONFIG_LOG_LEVEL=4' >>"$board/defconfig"
works "a changed defconfig" BOARD_DIR="$board"
same "a changed defconfig is taken" CONFIG_LOG_LEVEL=4 "$(grep LOG_LEVEL "$OUT/acme/.config")"
rm -rf "$board" "$OUT/acme"

# docs/boards.md has a recipe; this is it, line by line.
recipe=$(realpath "$WORK")/recipe
rm -rf "$recipe" "$OUT/acme-one"
mkdir -p "$recipe"
awk '/^## /{ on = /^## A board of your own/ } on && /^    /{ print }' docs/boards.md |
	sed "s,^ *make,$MAKE,; s,^ *out/,$OUT/," >"$recipe/recipe.sh"
same "docs/boards.md: the recipe has its lines" 8 "$(wc -l <"$recipe/recipe.sh")"
HOME=$recipe OUT=$OUT SETUP=no drive "$WORK/recipe.log" 120 -e 'acme-one: ok (CPUs: 4' -e 'acme-one: 4 CPUs, 1 domain' \
	-e '/ #' -s 'poweroff\n' -e 'Power down' -- sh -e "$recipe/recipe.sh"
status=$?
[ $status = 0 ] || tail -n 20 "$WORK/recipe.log"
verdict "docs/boards.md: the recipe makes a board, which boots" $status
rm -rf "$recipe" "$OUT/acme-one"

fails "an unknown goal" 'no such goal: imgae. There are: image run' imgae
rm -rf "$OUT/nonesuch"
fails "an unknown board" 'no such board: BOARD=nonesuch' BOARD=nonesuch
fails "an unknown board: what there is" 'qdf2400-acpi qemu-virt qemu-virt-acpi qemu-virt-gicv2 rcar-h3' BOARD=nonesuch
fails "an unknown system" 'no such system: SYSTEM=nonesuch has no boards/qemu-virt/nonesuch.yaml. Those of this board: bench' SYSTEM=nonesuch
fails "an unknown folder" 'no such board: BOARD_DIR=/nonesuch' BOARD_DIR=/nonesuch
fails "a folder as BOARD=" 'BOARD_DIR=' BOARD=boards/qemu-virt
no_trace "an unknown board leaves nothing" "$OUT/nonesuch" "$OUT/boards"
mkdir -p "$WORK/rcar-h3"
cp boards/qemu-virt/*.yaml "$WORK/rcar-h3"
fails "a board with the name of one in the tree" 'BOARD=my-rcar-h3' BOARD_DIR="$WORK/rcar-h3"

# Blanks: files may have them, folders must not.
mkdir -p "$WORK/my files"
cp "$OUT/payload/hello.img" "$WORK/my files/My Image"
cp "$OUT/guest/initrd.cpio.gz" "$WORK/my files/it's an initrd"
works "files with blanks in DOM0_* and SET" SYSTEM=two-domains IMG="$WORK/blanks" \
	DOM0_KERNEL="$WORK/my files/My Image" DOM0_INITRD="$WORK/my files/it's an initrd" \
	SET="guest1.kernel=$WORK/my files/My Image guest1.cmdline=beats=3 it's quiet guest1.initrd="
grep -qa "beats=3 it's quiet" "$WORK/blanks/guest1.dtb"
verdict "a command line with blanks in SET" $?
fails "SET with a file that is not there" "SET=guest1.kernel: error[HV0551]: kernel '/no/my Image'" \
	SYSTEM=two-domains IMG="$WORK/blanks" SET="guest1.kernel=/no/my Image"
fails "OUT with a blank" 'OUT has a blank' OUT="$WORK/my out"
fails "BOARD_DIR with a blank" 'BOARD_DIR has a blank' BOARD_DIR="$WORK/my board"
fails "IMG with a blank" 'IMG has a blank' IMG="$WORK/my image"
mkdir -p "$WORK/my tree"
cp -R Makefile configs "$WORK/my tree"
fails "a tree with a blank in its path" 'the path of this tree has a blank' -C "$WORK/my tree"
same "a tree with a blank in its path gets nothing" 'Makefile configs' "$(ls "$WORK/my tree" | xargs)"
no_trace "a blank leaves nothing" "$WORK/my" "$WORK/my out" out/my tree files
rm -rf "$WORK/my files" "$WORK/my tree"

# Each system has its image.
works "an image" BOARD=qemu-virt
sum=$(cksum <"$OUT/qemu-virt/hv.img")
touch "$WORK/built"
works "an image, OUT by its full name" BOARD=qemu-virt OUT="$(realpath "$OUT")/"
same "OUT by its full name: it is the same folder, nothing is compiled again" '' \
	"$(find "$(objects qemu-virt)" -name '*.[od]' -newer "$WORK/built")"
[ "$(find "$(objects qemu-virt)" -name '*.o' | wc -l)" -ge 50 ]
verdict "there are objects" $?
rm -f "$OUT/qemu-virt/system-two-domains/hv.img"
fails "a domain without a kernel" "give SET=guest1.kernel=FILE" BOARD=qemu-virt SYSTEM=two-domains IMG="$WORK/empty"
works "another system's image" BOARD=qemu-virt SYSTEM=two-domains SET="guest1.kernel=$OUT/payload/hello.img" verify
same "another system's image does not replace the board's" "$sum" "$(cksum <"$OUT/qemu-virt/hv.img")"
[ -f "$OUT/qemu-virt/system-two-domains/hv.img" ]
verdict "another system's image has its place" $?

mkdir -p "$WORK/unlike"
cp boards/qdf2400-acpi/*.yaml "$WORK/unlike"
cp configs/qdf2400-acpi_defconfig "$WORK/unlike/defconfig"
fails "make run on a board that QEMU does not have" 'no machine of QEMU' run BOARD_DIR="$WORK/unlike"
fails "a kernel that is not there" "DOM0_KERNEL: error[HV0551]: kernel '/no/such/Image'" \
	run DOM0_KERNEL=/no/such/Image IMG="$WORK/img"
fails "menuconfig without a terminal" 'needs a terminal' menuconfig
works "defconfig by name" rcar-h3_defconfig
works "boards" boards
same "boards: each has a description" '' "$(awk 'NF < 2' "$WORK/works.log")"
works "help" help
fails "import of a file that is not there" "make import: there is no file '$WORK/no.dtb' (DTB=)" \
	import DTB="$WORK/no.dtb" OUT="$WORK/imported"
fails "import of a folder that is not there" "make import: there is no folder '$WORK/no' (ACPI=)" \
	import ACPI="$WORK/no" OUT="$WORK/imported"
fails "import of nothing, or of two things" 'usage: make import DTB=FILE.dtb OUT=FOLDER' \
	import DTB="$WORK/no.dtb" ACPI="$WORK/no" OUT="$WORK/imported"
no_trace "import: nothing is written then" "$WORK/imported"
finish
