#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What a domain notices of others that start again: one that resets itself, and one that a
# control domain restarts, 1,000 times each (tests/system/restart/late.yaml); the former
# writes to its console in each run.
#
# What is measured: instructions. With -icount QEMU's CPUs execute one after the other, and
# what another executes when a timer of CPU 0's is due may count as its lateness in time
# (tests/payload/latency.c). So the longest stay is taken in which CPU 0 does not look at
# interrupts, as it is at one in the hypervisor (tests/bench/stays.c): its own timer's, if
# nobody disturbs it. A timer that becomes due as a longer one begins is later by as much.
. tests/system/lib.inc

img=$OUT/test-restart/late
mk "$OUT/bench/stays.so"

# measure NAME RUNS BEATS STEPS...: so many runs of each, and a line for so many beats of 20 us.
# $log.text is the console, $stays what the plugin says.
measure() {
	log=$WORK/$1.log stays=$WORK/$1.stays runs=$2 beats=$3
	shift 3
	set -- "$@" -q -- BOARD=test-restart BOARD_DIR=tests/system/restart SYSTEM=late IMG="$img" \
		DOM0_KERNEL="$OUT/payload/latency.img" DOM0_INITRD= DOM0_CMDLINE="us=20 beats=$beats" \
		SET="restless.kernel=$OUT/payload/restless.img restless.cmdline=runs=$runs \
			boss.kernel=$OUT/payload/boss.img boss.cmdline=itself=1+told=3+runs=$runs \
			told.kernel=$OUT/payload/restless.img"
	boot "$log" 60 "$@" QEMU_EXTRA="-accel tcg -icount shift=0,sleep=off -d plugin -D $stays \
		-plugin $OUT/bench/stays.so,vectors=$vectors,from=$from,to=$to"
	status=$?
	lines "$log" >"$log.text"
	return $status
}

# address SYMBOL
address() {
	sed -nE "s/^ +(0x[0-9a-f]+) +$1( = \.)?\$/\1/p" "$img/hv.map"
}

# stay CPU: how often it was in the hypervisor by an interrupt, and the longest.
stay() {
	sed -n "s/^STAYS $1 //p" "$stays"
}

mk BOARD=test-restart BOARD_DIR=tests/system/restart SYSTEM=late IMG="$img" \
	DOM0_KERNEL="$OUT/payload/latency.img" DOM0_INITRD= SET="restless.kernel=$OUT/payload/restless.img \
		boss.kernel=$OUT/payload/boss.img told.kernel=$OUT/payload/restless.img" image >&2
vectors=$(address vectors) from=$(address __text_start) to=$(address __text_end)

measure idle 0 1000 -e 'latency: ' -e 'latency: ' -e 'latency: ' -e 'latency: '
verdict "idle: it measures" $?
idle=$(sed -n 's/^latency: worst \([0-9]*\), mean.*/\1/p' "$log.text" | sed 1d | sort -n | tail -n 1)
own=$(stay 0 | cut -d ' ' -f 2)
echo "# idle: its timer is late by at most ${idle:-?} ticks, ${own:-?} instructions of them in the hypervisor"
[ "${own:-0}" -gt 0 ] && [ "${idle:-0}" -gt "$own" ]
verdict "idle: its timer interrupts it" $?

measure restarts 1000 100000000 -e '1000 restarts'
verdict "restarts: the machine goes on" $?
grep -q '^restless: 1000 runs' "$log.text" && grep -q '^PASS restarts' "$log.text"
verdict "restarts: 1,000 by a domain itself, 1,000 by a control domain" $?
told=$(stay 3 | cut -d ' ' -f 1)
[ "${told:-0}" -ge 1000 ]
verdict "restarts: the CPU of the one that is told to stop is interrupted each time" $?
stay 0 >"$WORK/stay"
read -r times longest <"$WORK/stay"
worst=$((longest > own ? idle + longest : idle))
echo "# 2,000 restarts: $times interrupts, $longest instructions at most: its timer is late by at most $worst"
[ "$longest" -gt 0 ] && [ $worst -le $((2 * idle)) ]
verdict "restarts: another domain's timer is at the worst twice as late as when all is quiet" $?
finish
