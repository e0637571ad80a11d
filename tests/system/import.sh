#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `bulkhead import` (with sanitizers) of every device tree that Debian's arm64 kernel has: each
# becomes a board that the checks take, or it is said in a sentence about a node why not. Of those
# with an SMMUv3 or an IPMMU, the topology is compared with another program's reading
# (topology.c). And QEMU's own tree becomes a board on which Linux boots.
. tests/system/lib.inc

boards=$WORK/boards
rm -rf "$boards"
mkdir -p "$boards"
cat >"$WORK/one" <<'ONE'
name=${3##*/}
name=${name%.dtb}
"$1" import "$3" -o "$2/$name" >"$2/$name.out" 2>"$2/$name.err"
echo "$? $name"
ONE
find "$DTBS" -name '*.dtb' | sort | xargs -P 2 -n 1 sh "$WORK/one" "$OUT/unit/bulkhead" "$boards" >"$WORK/status"
# Of CPU, so that whatever else the machine does is not counted.
times >"$WORK/times"
seconds=$(awk 'NR == 2 { split($1, u, /[ms]/); split($2, s, /[ms]/); printf "%d", 60 * (u[1] + s[1]) + u[2] + s[2] }' "$WORK/times")

all=$(find "$DTBS" -name '*.dtb' | wc -l)
good=$(grep -c '^0 ' "$WORK/status")
echo "# $(cat "$DTBS/release"): $good of $all import, in $seconds s of CPU"
[ "$all" -ge 500 ] && [ "$(wc -l <"$WORK/status")" = "$all" ]
verdict "every tree was tried" $?
! grep -vE '^[01] ' "$WORK/status"
verdict "none ends but with 0 or 1" $?
[ "$((good * 100))" -ge "$((all * 85))" ]
verdict "85 of 100 import" $?
[ "$seconds" -ge 1 ] && [ "$seconds" -le 120 ]
verdict "all within two minutes of one CPU, with sanitizers" $?

# What is refused: one error, of an import, of which the file and a node or the reason are named;
# and nothing was written.
sed -n 's/^1 //p' "$WORK/status" | while read -r name; do
	if [ "$(grep -c ': error\[' "$boards/$name.err")" != 1 ] ||
		! grep -qE '\.dtb: error\[HV070[2-5]\]: (/[^ ]+: |no |there )' "$boards/$name.err" || [ -e "$boards/$name" ]; then
		echo "$name:"
		cat "$boards/$name.err"
	fi
done >"$WORK/unclear"
head -n 40 "$WORK/unclear"
[ ! -s "$WORK/unclear" ]
verdict "what does not import says why, once, and of which node" $?

# What was written passes the checks as a person would run them, by the other build, all in one go.
sed -n "s,^0 ,$boards/,p" "$WORK/status" | xargs "$OUT/host/bulkhead" check >"$WORK/check" 2>/dev/null
[ "$(grep -c ': ok (' "$WORK/check")" = "$good" ]
verdict "what was written passes 'bulkhead check'" $?

# The same links, by two programs.
behind=0 same=0 links=0 own=0
for dtb in $(grep -lae 'arm,smmu-v3' -e 'renesas,ipmmu' "$DTBS"/*.dtb); do
	name=${dtb##*/}
	name=${name%.dtb}
	behind=$((behind + 1))
	"$TOPOLOGY" "$dtb" | sort >"$WORK/theirs" || continue
	[ -f "$boards/$name/board.yaml" ] || continue
	"$OUT/unit/bulkhead" check "$boards/$name" --dtb "$dtb" >"$WORK/own" 2>&1 && ! grep -q 'HV071' "$WORK/own" || {
		echo "# $name:"
		head -n 10 "$WORK/own"
		own=1
	}
	awk -f tests/system/topology.awk "$boards/$name/board.yaml" | sort >"$WORK/ours"
	if diff "$WORK/theirs" "$WORK/ours" >"$WORK/differ"; then
		same=$((same + 1))
		links=$((links + $(grep -cE '^(link|map) ' "$WORK/ours")))
	else
		echo "# $name:"
		head -n 10 "$WORK/differ"
	fi
done
echo "# topology: $same of $behind the same, $links links in them"
[ "$behind" -ge 10 ] && [ "$links" -ge 100 ] && [ "$((same * 100))" -ge "$((behind * 95))" ]
of=$?
verdict "their boards are what their trees say (check --dtb)" $own
verdict "of 100 boards with an SMMUv3 or IPMMU, 95 have the same topology in both readings" $of

board=$WORK/virt
rm -rf "$board"
machine=virt,virtualization=on,gic-version=3,iommu=smmuv3
dump() { # MACHINE FILE
	qemu-system-aarch64 -M "$1,dumpdtb=$2" -cpu max -smp 4 -m 2G -nic none -display none >/dev/null 2>&1
}
dump "$machine" "$WORK/virt.dtb"
dump virt,virtualization=on,gic-version=2,iommu=smmuv3 "$WORK/virt2.dtb"
"$OUT/unit/bulkhead" check boards/qemu-virt --dtb "$WORK/virt.dtb" &&
	"$OUT/unit/bulkhead" check boards/qemu-virt-gicv2 --dtb "$WORK/virt2.dtb"
verdict "the boards in the tree are what QEMU's own trees say" $?
"$OUT/unit/bulkhead" import "$WORK/virt.dtb" -o "$board"
printf 'qemu-machine := %s\nqemu-cpu := max\nqemu-memory := 2G\nqemu-cpus := 4\n' "$machine" >"$board/run.mk"
boot "$WORK/boot.log" 60 -- BOARD_DIR="$board" BOARD=test-import \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=report,poweroff'
verdict "QEMU's own tree: Linux boots on the board that it makes" $?
has "$WORK/boot.log" "QEMU's own tree: with all CPUs" '^guest: up, .*, 4 CPUs'
has "$WORK/boot.log" "QEMU's own tree: and the PL011's own interrupt" 'GICv3 +33 Level +uart-pl011'
finish
