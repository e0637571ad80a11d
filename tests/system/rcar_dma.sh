#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# DMA on the model of R-Car H3's board: two domains that see their RAM where it is not, each
# with one of the SYS-DMACs behind the IPMMUs that the image has set up (tests/system/rcar_dma,
# tests/payload/sysdmac.c).
. tests/system/lib.inc

# rcar LOG SECONDS SYSTEM LEFT RIGHT VARIABLES...: the two programs' command lines.
board=test-rcar-dma folder=tests/system/rcar_dma
rcar() {
	log=$1 seconds=$2 system=$3 set="left.kernel=$OUT/payload/sysdmac.img left.cmdline=$4"
	[ -z "$5" ] || set="$set right.kernel=$OUT/payload/sysdmac.img right.cmdline=$5"
	shift 5
	boot "$log" "$seconds" -- BOARD=$board BOARD_DIR="$folder" SYSTEM="$system" IMG="$OUT/$board/$system" SET="$set" "$@"
}

# Each with the hypervisor's RAM, its own where it is, the other's, and the page that both
# have where it is.
log=$WORK/sweep.log
also=also=0x48000000,0x48400000,0x5ff00000,0x61100000,0x5fff00000,0x600500000,0x68000000,0x68001000
rcar "$log" 60 system "side=0+meeting=0x30000000+$also" "side=1+meeting=0x30000000+$also"
verdict "two domains with DMA: both come to their end" $?
[ "$(lines "$log" | grep -c '^11 passed, 0 failed')" = 2 ]
verdict "two domains with DMA: nothing fails in either" $?
for side in "source: 4096" "source: 1024" "destination: 4096" "destination: 1024"; do
	has "$log" "pages as $side of the domain's own, none of what is not" \
		"^sysdmac: pages as $side reached, [0-9]{4,} refused, 0 wrong"
done
has "$log" "what was refused is told by name: left's" \
	'^bulkhead: ipmmu_mm: dmac0 of left: no translation at IPA 0x41000000, DMA refused \(.*r8a7795\.yaml:[0-9]+\)'
has "$log" "what was refused is told by name: right's" \
	'^bulkhead: ipmmu_mm: dmac1 of right: no translation at IPA 0x240400000, DMA refused \(.*r8a7795\.yaml:[0-9]+\)'
! grep 'board: ' "$log"
verdict "two domains with DMA: the board has nothing to say" $?

log=$WORK/again.log
rcar "$log" 60 system side=0+meeting=0x30000000+runs=100 side=1+meeting=0x30000000+runs=100
verdict "a domain starts again 100 times: both come to their end" $?
[ "$(lines "$log" | grep -c '^bulkhead: right: asked for a reset')" = 100 ]
verdict "a domain starts again 100 times: each is told" $?
has "$log" "nothing of a run's DMA is in the next one's memory" '^sysdmac: 101 runs'
has "$log" "the other's copies: all have arrived" \
	'^sysdmac: [0-9]{4,} copies of 16384 bytes, 0 wrong, 0 errors; the other started again 100 times'
! lines "$log" | grep -E '^(FAIL|board:) '
verdict "a domain starts again 100 times: nothing fails" $?

# The same copy, refused by the IPMMU above, arrives without.
log=$WORK/open.log
rcar "$log" 30 open reach=0x48200000 ''
verdict "without an IOMMU: the domain comes to its end" $?
has "$log" "without an IOMMU: DMA reaches the hypervisor" '^sysdmac: 48200000 is reached'

# M3-W+ and M3-N, which differ in what their YAML says: other IPMMUs, other numbers at the root.
# The one's IPMMU answers all that is not known of the hardware the other way (tests/models/ipmmu.h).
# other BOARD NAME PRR ANSWERS: a board of a chip of tests/unit/ipmmu, with the DMACs as H3 has them.
other() {
	board=$1 folder=$WORK/$1
	mkdir -p "$folder"
	cp tests/system/rcar_dma/system.yaml tests/system/rcar_dma/run.mk tests/system/rcar_dma/defconfig "$folder"
	{
		echo "include: \"$PWD/tests/unit/ipmmu/$2.yaml\""
		echo "board: $board"
		echo 'memory: [{reg: [0x48000000, 0x38000000]}, {reg: [0x600000000, 0x40000000]}]'
		echo 'devices:'
		sed -n '/^  dmac0:/,/^  dmac2:/{ /^  dmac2:/d; s/iommu: ipmmu_/iommu: /; p }' boards/soc/r8a7795.yaml
	} >"$folder/board.yaml"
	log=$WORK/$1.log
	rcar "$log" 60 system side=0+meeting=0x30000000 side=1+meeting=0x30000000 \
		QEMU_EXTRA="-device loader,addr=0x47ff0000,data=$3,data-len=4 -device loader,addr=0x47ff0004,data=$4,data-len=4"
	verdict "$1: both domains come to their end" $?
	[ "$(lines "$log" | grep -c '^11 passed, 0 failed')" = 2 ]
	verdict "$1: every page that is the domain's is reached, and no other" $?
	has "$log" "$1: what was refused is told by name" '^bulkhead: mm: dmac1 of right: no translation at IPA 0x240400000,'
}
other test-rcar-m3w m3w 0x5220 0
other test-rcar-m3n m3n 0x5501 31
finish
