#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The driver of consoles: what counts as having come where domains break each other's lines off.
. tests/system/lib.inc

# come NAME STATUS OUTPUT STEPS...: the driver ends so with a command that writes this.
come() {
	name=$1 status=$2 output=$3
	shift 3
	"$DRIVE" -t 60 -o "$WORK/log" "$@" -- printf "$output" >"$WORK/said"
	[ $? = "$status" ] && printf "$output" | cmp -s - "$WORK/log"
	verdict "$name" $?
}

two='bulkhead: input goes to dom0 (Ctrl-A three times: to the next)\r\n'
come 'one writer: its lines are as they come' 0 'a\\\r\nb\r\n' -e 'a\' -e b
come 'the text did not come' 1 'a\r\nb\r\n' -e ab
come 'the steps are in order' 1 'a\r\nb\r\n' -e b -e a
come 'a line of the reader that was broken off' 0 "${two}one tw\\\\\r\n(guest1) one\r\no three\r\n" -e 'one two three'
come 'what came after its beginning is before it' 0 "${two}one tw\\\\\r\n(guest1) x\r\no\r\n" -e '(guest1) x' -e 'one two'
come 'a line with a name, broken off twice' 0 \
	"${two}(guest1) o\\\\\r\nx\r\n(guest1)\\\\ne t\\\\\r\nbulkhead: y\r\n(guest1)\\\\wo\r\n" -e y -e '(guest1) one two'
come 'nothing matches twice' 1 "${two}one tw\\\\\r\n(guest1) x\r\no\r\n" -e one -e one
come 'a prompt, which has no end' 0 "${two}a\r\nlogin: " -e a -e 'login: '

# A test that takes too long is ended with the driver, and so is what the driver had started.
rm -f "$WORK/held" "$WORK/log"
mkfifo "$WORK/held"
timeout 60 cat "$WORK/held" &
reader=$!
"$DRIVE" -t 60 -o "$WORK/log" -e never -- sh -c "exec 3>$WORK/held; echo up; sleep 100; echo down" \
	>"$WORK/said" &
driver=$!
until grep -q up "$WORK/log" 2>/dev/null; do
	sleep 0.1
done
kill $driver
wait $driver
[ $? = 143 ] && grep -qx 'drive: ended, without: never' "$WORK/said" && wait $reader
verdict 'ended before its time: nothing of the command stays' $?
finish
