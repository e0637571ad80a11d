#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# DMA by QEMU's edu device behind the SMMUv3, driven from outside while the guests
# sleep: it reaches a page if and only if the domain that has the PCI host maps it.
# The PCI host belongs to dom0 (RAM where it is), to a domain with moved RAM, to nobody.
. tests/system/lib.inc

# a_board NAME PCIE-STATUS: a copy of the board, whose PCI host is so.
a_board() {
	mkdir -p "$WORK/$1/soc" "$WORK/$1/board"
	sed "s/^  pcie:/  pcie:\n    status: $2/" boards/soc/qemu-virt.yaml >"$WORK/$1/soc/qemu-virt.yaml"
	cp boards/qemu-virt/*.yaml boards/qemu-virt/run.mk "$WORK/$1/board"
}

# asleep NAME VARIABLES...: starts the machine; returns when its guests sleep.
asleep() {
	log=$WORK/$1.log img=$WORK/$1/img sock=$WORK/$1.sock
	dir=$WORK/$1/board
	shift
	rm -f "$sock"
	extra="-device edu,addr=2,dma_mask=0xffffffffffffffff -accel tcg -icount shift=0,sleep=off"
	timeout -k 5 200 "$MAKE" -s SETUP=no OUT="$OUT" BOARD=qemu-virt BOARD_DIR="$dir" IMG="$img" \
		DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= DOM0_CMDLINE=idle=1 \
		QEMU_EXTRA="$extra -qtest unix:$sock,server=on,wait=off -qtest-log none" \
		"$@" run </dev/null >"$log" 2>&1 &
	pid=$!
	for i in $(seq 90); do
		if grep -q '^hello 0: EL1' "$log"; then
			return 0
		fi
		sleep 1
	done
	return 1
}

# maps DOMAIN: "IPA PA SIZE" of each piece of its RAM, as it was planned.
maps() {
	sed -n "/\"name\": \"$1\"/,/\"entry\"/s/.*\"ipa\": \"\([^\"]*\)\", \"pa\": \"\([^\"]*\)\", \"size\": \"\([^\"]*\)\".*/\1 \2 \3/p" \
		"$img/build.json"
}

# sweeps NAME [IPA PA SIZE]...
sweeps() {
	name=$1
	shift
	timeout 150 "$DMA" "$sock" 0x40000000 0x80000000 "$@" >"$WORK/sweep.txt"
	status=$?
	cat "$WORK/sweep.txt"
	grep -qE '^dma: [0-9]+ pages mapped, [0-9]+ not, 0 wrong' "$WORK/sweep.txt" && [ $status = 0 ]
	verdict "$name: DMA reaches what is mapped and nothing else" $?
}

# shellcheck disable=SC2046
a_board dom0 okay
asleep dom0
verdict "dom0's: the machine starts" $?
sweeps "dom0's" $(maps dom0)
has "$log" "dom0's: what was aborted is told by name" \
	'smmu0: pcie of dom0, stream 0x10: F_TRANSLATION, write at IPA 0x40(1ff|2[0-9a-f]{2})f40.*qemu-virt\.yaml:[0-9]+'
kill $pid
wait

a_board moved okay
cat >"$WORK/moved/board/moved.yaml" <<YAML
domains:
  dom0:
    role: hardware
    cpus: [cpu0, cpu1]
    memory: all-others
    devices: all-others
    console: vpl011
  guest1:
    cpus: [cpu2]
    memory: [{ipa: 0x40000000, size: 0x1000000}]
    devices: [pcie]
    console: {type: vpl011, reg: [0x09000000, 0x1000], interrupt: {spi: 1}}
    payload: {cmdline: idle=1}
YAML
asleep moved SYSTEM=moved SET="guest1.kernel=$OUT/payload/hello.img"
verdict "a domain's with moved RAM: the machine starts" $?
sweeps "a domain's with moved RAM" $(maps guest1)
has "$log" "a domain's with moved RAM: what was aborted is told by name" \
	'smmu0: pcie of guest1, stream 0x10: F_TRANSLATION'
kill $pid
wait

a_board nobody disabled
asleep nobody
verdict "nobody's: the machine starts" $?
sweeps "nobody's"
grep -q '^dma: 0 pages mapped, [1-9][0-9]\{2,\} not' "$WORK/sweep.txt"
verdict "nobody's: all pages were tried, none reached" $?
has "$log" "nobody's: what was aborted is told by name" 'smmu0: pcie of nobody, stream 0x10: '
kill $pid
wait
finish
