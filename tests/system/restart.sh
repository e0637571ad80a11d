#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Domains that start again (tests/system/restart), by themselves and after faults, beside
# another one. Each run of the bare-metal program looks at all of its RAM, its registers
# and its devices before anything else: nothing of the run before is left.
. tests/system/lib.inc
. tests/system/disks.inc

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
[ "$(lines "$log" | grep -cE '^reborn: run [0-9]+ is as the first')" = 1000 ]
verdict "1,000 runs: nothing is left of the one before" $?
[ "$(lines "$log" | grep -c '^bulkhead: reborn: asked for a reset')" = 999 ]
verdict "1,000 runs: 999 resets, each told" $?
has "$log" "1,000 runs: all counted" '^reborn: 1000 runs'

log=$WORK/faults.log
restart "$log" 30 beats=20 lockup=1 "$hello" DOM0_INITRD=
verdict "faults: the other domain goes on" $?
[ "$(lines "$log" | grep -c '^bulkhead: reborn: fault: lockup; on-fault: restart$')" = 2 ]
verdict "faults: two restarts, their cause by name" $?
[ "$(lines "$log" | grep -c '^bulkhead: reborn: fault: lockup; .*no retries left: stop')" = 1 ]
verdict "faults: the third one stops the domain" $?
[ "$(lines "$log" | grep -cE '^reborn: run [0-9]+ is as the first')" = 3 ]
verdict "faults: nothing is left of the run that had one" $?

# Linux reboots while another one, that has the disks, writes to them and reads it back.
name='Linux reboots'
disks_prepare "$name"
log=$disks/log
boot "$log" 150 -e 'dom0: powered off' -e 'linux: asked for a reset' -e 'linux: asked for a reset' -q -- \
	BOARD=test-restart BOARD_DIR=tests/system/restart SYSTEM=linux IMG="$OUT/test-restart/linux" \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=disks,disks,poweroff' QEMU_EXTRA="$disks_extra" \
	SET="linux.kernel=$OUT/guest/Image linux.initrd=$OUT/guest/initrd.cpio.gz linux.cmdline=console=ttyAMA0 bulkhead.run=reboot"
verdict "$name: it starts again and again, the other powers off" $?
[ "$(lines "$log" | grep -c '^guest: disks ok, 2 of them')" = 2 ]
verdict "$name: 128 MiB written to each of the other's disks and read" $?
lines "$log" | sed -n '/dom0: powered off/q; /linux: asked for a reset/p' | grep -q .
verdict "$name: while that went on" $?
[ "$(lines "$log" | grep -c 'guest: up, .*, 2 CPUs')" -ge 3 ]
verdict "$name: with both its CPUs each time" $?
rm -f "$disks/trace.log" "$disks"/*.img

# What a restart costs: instructions at EL2 of the second one, as `make bench` counts.
mk "$OUT/bench/count.so"
# count SYSTEM RUNS
count() {
	img=$OUT/test-restart/$1-$2
	mk BOARD=test-restart BOARD_DIR=tests/system/restart SYSTEM="$1" CPUS=2 IMG="$img" "$hello" DOM0_INITRD= \
		DOM0_CMDLINE=beats=1 SET="reborn.kernel=$OUT/payload/reborn.img reborn.cmdline=quiet=1+runs=$2" image >&2
	timeout 240 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3,iommu=smmuv3,dtb-randomness=off \
		-global arm-smmuv3.stage=nested -cpu max -smp 2 -m 2G -icount shift=0,sleep=off -display none \
		-monitor none -nic none -serial "file:$WORK/count.log" -kernel "$img/hv.img" \
		-plugin "$OUT/bench/count.so,from=0x40200000,to=0x40300000" -d plugin -D "$WORK/count" </dev/null >&2
	grep -q "reborn: $2 runs" "$WORK/count.log" && sed -n 's/^COUNT //p' "$WORK/count"
}
small=$(($(count small 3) - $(count small 2)))
large=$(($(count large 3) - $(count large 2)))
bytes=$((64 * 1024 * 1024))
thousandth=$(((large - small) * 1000 / bytes))
other=$((small - (large - small) / 16))
echo "# a restart: 0.$(printf '%03d' $thousandth) instructions for each byte, $other otherwise"
[ $thousandth -gt 0 ] && [ $thousandth -le 200 ]
verdict "a restart costs at most 0.2 instructions for each byte that is zeroed" $?
[ $other -gt 0 ] && [ $other -le 100000 ]
verdict "a restart costs at most 100,000 instructions otherwise" $?
finish
