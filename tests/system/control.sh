#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Linux as dom0 stops, starts, restarts, destroys and creates a bare-metal domain by
# bulkhead-ctl, RESTARTS times while it uses a disk, and keeps its own watchdog content
# by Debian's driver; a third domain forgets its watchdog (tests/system/control).
. tests/system/lib.inc

restarts=${RESTARTS:-200}
log=$WORK/control.log disk=$WORK/disk.img
truncate -s 64M "$disk"
boot "$log" $((50 + restarts / 10)) -- BOARD=test-control BOARD_DIR=tests/system/control IMG="$WORK/img" \
	SET="beat.kernel=$OUT/payload/hello.img beat.cmdline=beats=0 dog.kernel=$OUT/payload/dog.img dog.cmdline=period=1000" \
	QEMU_EXTRA="-drive if=none,id=d,format=raw,file=$disk -device nvme,drive=d,serial=bulkhead,dbcs=off" \
	DOM0_CMDLINE="console=ttyAMA0 bulkhead.restarts=$restarts bulkhead.run=watchdog,restarts,control,poweroff"
verdict "control: the machine stops with the last domain" $?
rm -f "$disk"

# step NAME WHAT...: `bulkhead-ctl` was given these words, and said this.
step() {
	name=$1
	shift
	has "$log" "control: $name" "^guest: control: $*"
}
has "$log" "control: dom0 sees itself" '^dom0 +running +1/1 +[0-9]+ +1 +0 +hardware,control,self'
has "$log" "control: and the others" "^beat +running +1/1 +16384 +$((restarts + 1)) +0\$"
step "stop" "--wait stop beat: status 0, beat is off, $((restarts + 1)) starts\$"
step "stop what is off" "stop beat: status 1, beat is off, $((restarts + 1)) starts, said: .*not while it is off"
step "start" "--wait start beat: status 0, beat is running, $((restarts + 2)) starts\$"
step "start what runs" "start beat: status 1, beat is running, $((restarts + 2)) starts, said: .*not while it is running"
step "restart" "--wait restart beat: status 0, beat is running, $((restarts + 3)) starts\$"
step "destroy" "--wait destroy beat: status 0, beat is destroyed, $((restarts + 3)) starts\$"
step "start what is destroyed" "--wait start beat: status 1, beat is destroyed, $((restarts + 3)) starts, said: .*not while it is destroyed"
step "create" "--wait create beat: status 0, beat is off, $((restarts + 3)) starts\$"
step "start what was created" "--wait=10 start beat: status 0, beat is running, $((restarts + 4)) starts\$"
step "not itself" 'stop dom0: status 1, .*denied: it is the domain that asks'
step "nobody" "stop nobody: status 2, .*no domain is named 'nobody'; there are: dom0 beat dog"
step "no command" 'halt beat: status 2, .*no such command: halt'
step "no domain" 'stop: status 2, .*which domain is to stop'
has "$log" "restarts: $restarts, the disk's data right" \
	"^guest: restarts: $restarts, 0 failed; the disk: [1-9][0-9]* times right, 0 wrong"
has "$log" "restarts: each counted, no fault" "^guest: restarts: beat is running, $((restarts + 1)) starts, 0 faults"
[ "$(lines "$log" | grep -c 'bulkhead: beat: 1 of the CPUs, starts')" = $((restarts + 4)) ]
verdict "restarts: each was one" $?

has "$log" "watchdog: Debian's driver has it" '^guest: watchdog: SBSA Generic Watchdog'
has "$log" "watchdog: dom0 refreshes it and stops it" '^guest: watchdog: stopped in time'
has "$log" "watchdog: off at the start of a domain" 'dog: up, status 0$'
has "$log" "watchdog: another CPU watches when the one that did goes off" 'dog: started by a CPU that is off'
has "$log" "watchdog: refreshed, no interrupt" 'dog: refreshed 5 times, status 1$'
has "$log" "watchdog: late, an interrupt" 'dog: late, status 3'
has "$log" "watchdog: later, a fault" 'dog: fault: watchdog expired; on-fault: restart$'
has "$log" "watchdog: and again" 'dog: fault: watchdog expired; on-fault: restart, no retries left: stop'
step "restarted once, as on-fault has it" 'dog is off, 2 starts, 2 faults'
step "and started again" 'dog is off, [34] starts, [34] faults'
[ "$(lines "$log" | grep -c 'dog: up, status 0')" -ge 3 ]
verdict "watchdog: off at each start" $?
has "$log" "control: none for a domain that does not say so" 'dog: control: -1$'
finish
