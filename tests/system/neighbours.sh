#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two bare-metal domains: each finds nothing of the other, and one that does all
# that it must not does not disturb the other's beat.
. tests/system/lib.inc
. tests/system/guest.inc

# neighbours NAME DOM0 CMDLINE GUEST1 CMDLINE: guest1's words are joined by pluses.
neighbours() {
	guest "$1" "$2" -- BOARD=$board SYSTEM=two-domains DOM0_CMDLINE="$3" \
		SET="guest1.kernel=$OUT/payload/$4.img guest1.cmdline=$5"
	[ "$(grep -cE '^[1-9][0-9]* passed, 0 failed$' "$log.text")" = 2 ]
	verdict "$1: both run to their ends" $?
}

# guest1 has cpu3 and its 16 MiB at 0x40000000, for itself; the plan puts them at
# the end of the RAM. 34 is the clock, 39 the GPIO controller: dom0's.
board=qemu-virt
neighbours "guest1 looks around" hello 'beats=30' \
	selftest 'foreign-spi=34,39,40+foreign-cpu=0,1,2+hole=0x41000000,0x40200000'
neighbours "guest1 does what it must not" hello 'beats=60' \
	badguest 'hole=0x41000000,0x40200000,0x40300000,0x60000000,0x9010000,0x9020000,0xbf000000'
neighbours "dom0 looks around" selftest 'own-spi=34 foreign-cpu=3 hole=0xbf000000,0x40200000' \
	hello 'beats=30'
neighbours "dom0 does what it must not" badguest 'hole=0xbf000000,0x40200000,0xbfffe000' hello 'beats=60'

# before NAME FIRST SECOND: a line that begins like FIRST comes before the one like SECOND.
before() {
	awk -v first="$2" -v second="$3" 'index($0, first) == 1 { seen = 1 } index($0, second) == 1 { exit !seen }
		END { if (!seen) exit 1 }' "$log.text"
	verdict "$1" $?
}

# Either writes a line without an end, as fast as it can; the other is heard all the same.
# Time is what QEMU counts of instructions, so that a busy machine makes no difference.
export QEMU_EXTRA='-icount shift=3,sleep=off'
neighbours "dom0 floods the console" hello 'name=7 flood=3 beats=1' hello 'name=5+beats=8'
before "dom0 floods the console: the guest is heard meanwhile" 'hello 5: beat 8' 'hello: the flood is over'
neighbours "guest1 floods the console" hello 'name=7 beats=8' hello 'name=5+flood=3+beats=1'
before "guest1 floods the console: dom0 is heard meanwhile" 'hello 7: beat 8' 'hello: the flood is over'
finish
