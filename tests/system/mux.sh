#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Four domains on one UART: whose line is whose, nothing is lost however fast they write,
# what is typed goes to one of them, and the monitor tells of them.
. tests/system/lib.inc

talk=$OUT/payload/talker.img

# mux NAME DOM0 GUEST1 GUEST2 GUEST3 STEPS...: with these command lines, words joined by pluses.
mux() {
	name=$1 log=$WORK/$(printf '%s' "$1" | tr -c 'a-z0-9\n' -).log
	dom0=name=0+$2 set="guest1.kernel=$talk guest1.cmdline=name=1+$3 guest2.kernel=$talk guest2.cmdline=name=2+$4"
	set="$set guest3.kernel=$talk guest3.cmdline=name=3+$5"
	shift 5
	boot "$log" 60 "$@" -- BOARD=test-mux BOARD_DIR=tests/system/mux IMG="$OUT/test-mux/img" \
		DOM0_KERNEL="$talk" DOM0_INITRD= DOM0_CMDLINE="$dom0" SET="$set"
	verdict "$name: all run to their ends" $?
}

# complete NUMBER DOMAIN COUNT: all its numbered lines came, whole and in order.
complete() {
	lines "$log" "$2" >"$WORK/of"
	echo "# $name: $2: $(grep -o 'done after.*' "$WORK/of")"
	awk -v n="$1" -v count="$3" '
		/^talker .*: line / {
			good += $0 == sprintf("talker %d: line %d of %d, which ends with %d", n, good, count, good * 7919)
			lines++
		}
		END { exit !(good == count && lines == count) }' "$WORK/of"
	verdict "$name: $2: all $3 lines are there, whole and in order" $?
}

# Time is what QEMU counts of instructions: how busy this machine is makes no difference.
export QEMU_EXTRA='-icount shift=3,sleep=off'
load='lines=800'
mux 'all write' $load $load $load $load
complete 0 dom0 800
for i in 1 2 3; do
	complete $i guest$i 800
done

mux 'one floods' lines=100 lines=100 lines=100 flood=2+lines=1
complete 0 dom0 100
for i in 1 2; do
	complete $i guest$i 100
done
lines "$log" guest3 >"$WORK/of"
grep -qx '\.\.*' "$WORK/of" && grep -q 'talker 3: the flood is over' "$WORK/of"
verdict 'one floods: it comes to its end as well' $?
lines "$log" | awk '/talker [012]: done/ { done++ } /the flood is over/ { exit done != 3 }'
verdict 'one floods: the others are done before it' $?
unset QEMU_EXTRA

# What is typed, in bursts: 3,000 characters of x (120) and Ctrl-A (1) here and there.
key=$(printf '\001')
burst=$(printf '%3000s' '' | tr ' ' x)
mux 'one listens' lines=1+listen=1 lines=1+listen=1 lines=1+listen=1 lines=1+listen=1 \
	-e 'bulkhead: input goes to dom0 (Ctrl-A three times: to the next)' -e 'talker 0: done' \
	-p "$burst\n" -e 'talker 0: heard 3000 characters, sum 360000' \
	-p "a${key}b$key${key}c$key\n" -e 'talker 0: heard 7 characters, sum 298' \
	-p "12$key$key${key}345\n" -e 'input goes to guest1' -e 'talker 1: heard 3 characters, sum 156' \
	-p "$burst\n" -e 'talker 1: heard 3000 characters, sum 360000' \
	-p "off\n" -e 'input goes to guest2' -p "$key$key$key" -e 'input goes to guest3' \
	-p "off\n" -e 'input goes to the monitor' -e 'bulkhead> ' -p 'help\n' -e 'Ctrl-A three times' -e 'bulkhead> ' \
	-p 'domains\n' -e 'dom0: running, hardware, 1 of 1 CPUs' -e 'guest1: off' -e 'guest2: running' -e 'bulkhead> ' \
	-p 'memory\n' -e 'the hypervisor' -e 'KiB: guest3' -p 'iommu\n' -e ': works' -e 'pcie of dom0' \
	-p 'faults\n' -e 'guest3: 0 faults, on-fault: stop' -p 'counters\n' -e 'guest1: 1 starts, 0 faults' \
	-p 'start guest1\n' -e 'guest1: start: under way' -e '(guest1) talker 1: done' \
	-p 'restart guest1\n' -e 'guest1: restart: under way' -e '(guest1) talker 1: done' \
	-p 'restart dom0\n' -e 'dom0: restart: cannot be' -p 'stop nobody\n' -e 'no domain nobody' -p "$burst\n" \
	-e 'no such command' -p 'counters\n' -e 'guest1: 3 starts, 0 faults' \
	-p 'stop guest1\n' -e 'guest1: stopped by the monitor' -p "$key$key$key" -e 'input goes to dom0' \
	-p "3\n" -e 'heard 3 characters, sum 150' -p "off\n" -e 'input goes to guest2' -p "off\n"
finish
