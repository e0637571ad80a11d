#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Domains that start again (tests/system/restart), by themselves and after faults, beside
# another one. Each run of the bare-metal program looks at all of its RAM, its registers
# and its devices before anything else: nothing of the run before is left.
. tests/system/lib.inc

# restart LOG SECONDS DOM0-CMDLINE REBORN-CMDLINE VARIABLES...
restart() {
	log=$1 seconds=$2 dom0=$3 cmdline=$4
	shift 4
	boot "$log" "$seconds" -- BOARD=test-restart BOARD_DIR=tests/system/restart IMG="$OUT/test-restart/img" \
		SET="reborn.kernel=$OUT/payload/reborn.img reborn.cmdline=$cmdline" DOM0_CMDLINE="$dom0" "$@"
}
hello="DOM0_KERNEL=$OUT/payload/hello.img"

log=$WORK/thousand.log
restart "$log" 60 beats=1 runs=1000 "$hello" DOM0_INITRD=
verdict "1,000 runs: the machine goes off with the last" $?
[ "$(grep -cE '^(\(reborn\) )?reborn: run [0-9]+ is as the first' "$log")" = 1000 ]
verdict "1,000 runs: nothing is left of the one before" $?
[ "$(grep -c '^bulkhead: reborn: asked for a reset' "$log")" = 999 ]
verdict "1,000 runs: 999 resets, each told" $?
has "$log" "1,000 runs: all counted" '^(\(reborn\) )?reborn: 1000 runs'

log=$WORK/faults.log
restart "$log" 30 beats=20 lockup=1 "$hello" DOM0_INITRD=
verdict "faults: the other domain goes on" $?
[ "$(grep -c '^bulkhead: reborn: fault: lockup; on-fault: restart.$' "$log")" = 2 ]
verdict "faults: two restarts, their cause by name" $?
[ "$(grep -c '^bulkhead: reborn: fault: lockup; .*no retries left: stop' "$log")" = 1 ]
verdict "faults: the third one stops the domain" $?
[ "$(grep -cE '^(\(reborn\) )?reborn: run [0-9]+ is as the first' "$log")" = 3 ]
verdict "faults: nothing is left of the run that had one" $?
finish
