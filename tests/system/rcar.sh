#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The image for an R-Car H3 on the model of its board (docs/board-model.md): Linux as dom0,
# other silicon, CPUs that are not there.
. tests/system/lib.inc
. tests/system/guest.inc

# The system that the real board gets, with Debian's kernel in it: A53 cores, the whole device tree.
log=$WORK/linux.log
boot "$log" 120 -e 'guest: up' -e '/ #' -s 'echo $((6 * 7)) `nproc`\n' -e '42 4' \
	-s 'for run in report hotplug load; do sh /run/$run; done\n' -e 'guest: load ok' -e '/ #' \
	-s 'reboot\n' -e 'Restarting system' -e 'guest: up' -e '/ #' -s 'exit\n' -e 'Power down' \
	-- BOARD=rcar-h3 IMG="$OUT/rcar-h3/test-run" DOM0_CMDLINE='console=ttySC0,115200'
verdict "rcar-h3: Linux on SCIF2, by a shell; reboot starts again, exit powers off" $?
has "$log" "rcar-h3: all RAM of the board" '^guest: up, .*, 4 CPUs, 38[0-9]{5} kB'
for range in 48300000-7fffffff 500000000-53fffffff 600000000-63fffffff 700000000-73fffffff; do
	has "$log" "rcar-h3: RAM $range" "^$range : System RAM"
done
has "$log" "rcar-h3: CPUs go off and on again" '^guest: hotplug ok, 4 CPUs'
has "$log" "rcar-h3: load on all CPUs" '^guest: load ok, 4 CPUs'
has "$log" "rcar-h3: SCIF2 is ttySC0" 'scif2: ttySC0 at MMIO 0xe6e88000'
has "$log" "rcar-h3: SCIF2 by its own interrupt" '^ *[0-9]+: +[1-9][0-9]* .* GIC-0 196 Level +e6e88000.scif2'
has "$log" "rcar-h3: the GIC-400's pages are found" 'Root IRQ handler: gic_handle_irq'
has "$log" "rcar-h3: a CPU that the machine does not have does not start" 'psci: failed to boot CPU4 \(-22\)'
wrong=$(lines "$log" | grep -E 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace|^board: [^n]')
[ -z "$wrong" ]
verdict "rcar-h3: no complaint, of the kernel's or of the model's IPMMU's: $wrong" $?

# On one CPU nothing but its own timer wakes it: docs/board-model.md has what QEMU does not see.
log=$WORK/one.log
boot "$log" 60 -- BOARD=rcar-h3 CPUS=1 IMG="$OUT/rcar-h3/test-one" \
	DOM0_CMDLINE='console=ttySC0,115200 quiet bulkhead.run=load,poweroff'
verdict "rcar-h3, 1 CPU: Linux boots, works, powers off" $?

# unlike NAME PRR PATTERN: on other silicon nothing starts, and it is said why.
unlike() {
	log=$WORK/prr-$2.log
	drive "$log" 60 -e 'has no stage 2' -q -- "$MAKE" -s SETUP=no OUT="$OUT" run BOARD=rcar-h3 \
		IMG="$OUT/rcar-h3/test-run" DOM0_CMDLINE='console=ttySC0,115200' \
		QEMU_EXTRA="-device loader,addr=0x47ff0000,data=$2,data-len=4"
	has "$log" "$1: what it is, and what is needed" "$3"
	! grep -q 'Linux version\|starts on CPU' "$log"
	verdict "$1: nothing starts" $?
}
unlike 'H3 ES2.0' 0x4f10 'ipmmu_mm: PRR 0x4f10: product 0x4f00, ES2.0; stage 2 needs product 0x4f00, ES3.0'
unlike 'M3-W' 0x5220 'ipmmu_mm: PRR 0x5220: product 0x5200, ES3.0; stage 2 needs product 0x4f00, ES3.0'

# A guest that uses all that it has, and one that does what it should not: some of that comes to the model.
board=test-rcar
guest "rcar-h3, 4 CPUs" selftest -e 'READY for input' -s x -- BOARD=$board BOARD_DIR=tests/system/rcar \
	DOM0_CMDLINE='own-spi=205 hole=0x48200000 rx'
guest "rcar-h3, 4 CPUs" badguest -- BOARD=$board BOARD_DIR=tests/system/rcar DOM0_CMDLINE='hole=0x48200000,0x482f0000'

hello=$OUT/payload/hello.img
log=$WORK/lost.log
boot "$log" 60 -- BOARD=test-rcar BOARD_DIR=tests/system/rcar SYSTEM=lost IMG="$OUT/test-rcar/lost" \
	SET="first.kernel=$hello first.cmdline=beats=5 lost.kernel=$hello half.kernel=$hello half.cmdline=beats=5"
verdict "a CPU that is not there: the machine goes off with the last domain" $?
has "$log" "a CPU that is not there: by name" '^bulkhead: lost: CPU 4, MPIDR 0x100: PSCI error -2 of CPU_ON'
has "$log" "a CPU that is not there: its domain ends" '^bulkhead: lost: fault: not started; on-fault: stop'
has "$log" "a CPU that is not there: the first domain runs" '^bulkhead: first: powered off'
has "$log" "a CPU that is not there: so does one whose first CPU is" '^bulkhead: half: powered off'
[ "$(lines "$log" | grep -c '^hello 0: beat 5')" = 2 ]
verdict "a CPU that is not there: both beat to their end" $?
finish
