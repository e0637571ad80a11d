#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A domain that tries by chance what it must not: 100,000 calls, jumps to anywhere, every
# system register read and written, random instructions (HOSTILE_INSNS in the environment says
# how many), a storm of interrupts (tests/payload/hostile.c); and one that ends with vectors that
# cannot be fetched. The other domain's beat goes on, and what became of the first is told by
# name.
. tests/system/lib.inc
. tests/system/guest.inc

board=qemu-virt
# hostile NAME BEATS GUEST1-WORDS: dom0 beats every 100 ms of its own time meanwhile.
hostile() {
	guest "$1" hello -- BOARD=$board SYSTEM=two-domains DOM0_CMDLINE="beats=$2" \
		SET="guest1.kernel=$OUT/payload/hostile.img guest1.cmdline=$3"
	has "$log" "$1: the other domain's beat goes on" "^hello 0: beat $2 "
}

# The other one counts its beats, before, meanwhile and afterwards, and leaves none out. Of three that are
# waited for one may have come while the line before it was still being printed.
insns=${HOSTILE_INSNS:-200000}
guest_seconds=$((60 + insns / 20000))
guest 'by chance' hello -e 'hostile: GICv' -e ' passed, ' -e 'hello 0: beat ' -e 'hello 0: beat ' \
	-e 'hello 0: beat ' -q -- \
	BOARD=$board SYSTEM=two-domains DOM0_CMDLINE=beats=0 \
	SET="guest1.kernel=$OUT/payload/hostile.img guest1.cmdline=calls=100000+insns=$insns"
guest_seconds=60
awk '
/^hello 0: beat [0-9]+ at / { wrong += $4 != ++count; during += begun && !ended; after += ended }
/^hostile: GICv/ { begun = 1 }
/ passed, / { ended = 1 }
END {
	print "# " during + 0 " beats meanwhile, " after + 0 " afterwards, " wrong + 0 " not the next"
	exit !(during >= 10 && after >= 2 && !wrong)
}' "$log.text" >"$WORK/beats"
status=$?
cat "$WORK/beats"
verdict "by chance: the other domain's count goes on meanwhile and afterwards, by one each time" $status
sed -n 's/^hostile: \([0-9]* instructions: .*\)/# \1/p' "$log.text"
for how in 1 2; do
	hostile "no vectors, $how" 20 "calls=100+jumps=100+storm=100+registers=0+lockup=$how"
	has "$log" "no vectors, $how: the vCPU and the address are told" \
		'^bulkhead: guest1: vCPU 0: no instruction at its exception vector, 0xbff0200$'
	has "$log" "no vectors, $how: the fault and its policy are told" \
		'^bulkhead: guest1: fault: lockup; on-fault: stop$'
done

# Restarted twice, and then no more.
name='no vectors, restart' board=test-viommu
guest "$name" hello -- BOARD=$board BOARD_DIR=tests/system/viommu SYSTEM=again DOM0_CMDLINE=beats=40 \
	SET="bad.kernel=$OUT/payload/hostile.img bad.cmdline=calls=100+jumps=100+storm=100+registers=0+lockup=1"
has "$log" "$name: the other domain's beat goes on" '^hello 0: beat 40 '
[ "$(grep -c '^bulkhead: bad: fault: lockup; on-fault: restart$' "$log.text")" = 2 ] &&
	[ "$(grep -c '^hostile: and now for good$' "$log.text")" = 3 ]
verdict "$name: twice" $?
has "$log" "$name: and then no more" '^bulkhead: bad: fault: lockup; on-fault: restart, no retries left: stop$'

# The machine goes off.
name='no vectors, panic' log=$WORK/panic.log
mkdir -p "$WORK/panic"
cp tests/system/viommu/defconfig tests/system/viommu/run.mk "$WORK/panic"
sed "s,\.\./\.\./\.\./boards,$PWD/boards," tests/system/viommu/board.yaml >"$WORK/panic/board.yaml"
sed 's/on-fault: .*/on-fault: panic/' tests/system/viommu/again.yaml >"$WORK/panic/again.yaml"
boot "$log" 60 -- BOARD=$board BOARD_DIR="$WORK/panic" SYSTEM=again IMG="$WORK/panic/img" \
	DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= DOM0_CMDLINE=beats=0 \
	SET="bad.kernel=$OUT/payload/hostile.img bad.cmdline=calls=100+jumps=100+storm=100+registers=0+lockup=1"
verdict "$name: the machine goes off" $?
has "$log" "$name: it is told why" '^bulkhead: bad: fault: lockup; on-fault: panic$'
finish
