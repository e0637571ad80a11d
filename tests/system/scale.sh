#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The generator's work grows as its input does. What is counted are its steps
# (tests/scale/steps.c), which do not depend on the machine; `make bench-scale` takes the time.
. tests/system/lib.inc

STEPS_PROGRAM=$OUT/unit/bulkhead-steps

# steps DEVICES DOMAINS COMMAND: counts those of a command.
steps() {
	tests/scale/board "$1" "$2" "$WORK/$1-$2"
	STEPS=$WORK/count "$STEPS_PROGRAM" "$3" "$WORK/$1-$2" -o "$WORK/$1-$2/out/$3" 2>"$WORK/log" || {
		sed 's/^/    /' "$WORK/log" >&2
		echo 0
		return
	}
	cat "$WORK/count"
}

# grows NAME FEWER MORE LIMIT: MORE is at most LIMIT times FEWER, in percent.
grows() {
	echo "$2 steps, then $3: $(($3 * 100 / ($2 + 1)))% (at most $4%)"
	[ "$2" -gt 1000000 ] && [ $(($3 * 100 / $2)) -le "$4" ]
	verdict "$1" $?
}

for command in gen report; do
	small=$(steps 2000 64 $command)
	large=$(steps 16000 64 $command)
	again=$(steps 16000 64 $command)
	[ "$large" = "$again" ]
	verdict "$command: the count repeats" $?
	grows "$command: eight times the devices, no more than eight times the steps" "$small" "$large" 800
done
few=$(steps 8000 16 gen)
many=$(steps 8000 64 gen)
grows "gen: four times the domains for the same devices: less than half as much again" "$few" "$many" 150
finish
