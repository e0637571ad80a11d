#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest with a virtual SMMUv3 and an edu device behind it (tests/payload/badsmmu.c). It
# uses it as the architecture has it, and then does all that it should not. The hypervisor
# stays up; no DMA reaches what is not the guest's, by QEMU's trace of every access; and
# another domain's timer is hardly later than while that guest sleeps (latency.c), counted
# in instructions: also if the SMMU's interrupts go to that domain's CPU at first. Then two
# CPUs of the guest do it at once, each in a thread of QEMU's.
. tests/system/lib.inc

log=$WORK/latency.log trace=$WORK/trace
pxb='-device pxb-pcie,id=pxb,bus=pcie.0,bus_nr=16,addr=1 -device pcie-root-port,id=rp1,bus=pxb,chassis=1,addr=2'
edu='-device edu,bus=rp1,dma_mask=0xffffffffffffffff'
# The hypervisor's, the other domain's; what is behind each end of the guest's own RAM,
# [0x60000000..0x61000000); the SMMU, the GIC.
holes=hole=0x40200000,0x402ff000,0x50000000,0x51fff000,0x5ffff000,0x61000000,0x09050000,0x08000000

# hostile NAME SYSTEM DOM0 COMMAND-LINE QEMU-OPTIONS STEPS... -- VARIABLES...: the guest beside
# the payload DOM0; each of its PASS and FAIL lines is one result.
hostile() {
	name=$1 system=$2 dom0=$3 words=$4 options=$5
	shift 5
	first=
	[ "$system" = hostile ] || first="first.kernel=$OUT/payload/hello.img first.cmdline=beats=1"
	rm -f "$trace"
	boot "$log" 300 "$@" BOARD=test-viommu BOARD_DIR=tests/system/viommu SYSTEM="$system" IMG="${log%.*}.img" \
		DOM0_KERNEL="$OUT/payload/$dom0.img" DOM0_INITRD= DOM0_CMDLINE='us=100 beats=1000' \
		SET="$first bad.kernel=$OUT/payload/badsmmu.img bad.cmdline=$words" \
		QEMU_EXTRA="$pxb $edu $options -trace smmuv3_translate_success -trace gicv3_icc_iar1_read -D $trace"
	results "$name" $? && grep -q '^bulkhead: bad: powered off' "$log.text"
	verdict "$name: runs to its end, the hypervisor and the other domain go on" $?
	! grep -E '^bulkhead: .*(C_BAD_STE|C_BAD_STREAMID|F_STE_FETCH)' "$log.text"
	verdict "$name: what is wrong with its stream table is told to the guest alone" $?
	awk '
	{
		for (i = 1; i <= NF; i++) {
			if (sub("^translated=0x", "", $i)) {
				reached++
				if (length($i) != 8 || substr($i, 1, 2) != "60") {
					wrong++
					print
				}
			}
		}
	}
	END {
		print "# " reached + 0 " translations, " wrong + 0 " of them to what is not the guest'\''s"
		exit !(reached > 0 && wrong == 0)
	}' "$trace" >"$log.reached"
	status=$?
	tail -n 5 "$log.reached"
	verdict "$name: DMA reaches the guest's own RAM and nothing else" $status
}

# on_time NAME: the other domain's timer was on time, by $log.text.
#
# What is measured: QEMU's CPU has a counter of 1 GHz, and with -icount shift=0 an instruction
# of whichever CPU takes a nanosecond. With -icount the CPUs run one after the other, each for
# a part of the time up to the next timer's. When that is due CPU 0 is the first to go on: it
# is the one that measures, and what the others do then does not count. What the hypervisor
# does on CPU 0 does, whoever causes it: the beats are 100 us long, so that what takes a few
# hundred instructions there now and then makes some of them late.
on_time() {
	awk '
	/^badsmmu: / { phase = $2 }
	!/^latency: worst [0-9]+, mean [0-9]+ ticks$/ { next }
	phase == "sleeps" || phase == "computes" { idle++; idle_sum += $5; if ($3 + 0 > worst) worst = $3 + 0 }
	phase == "uses" || phase == "attacks" { lines++; sum += $5; if ($3 + 0 > most) most = $3 + 0 }
	END {
		if (idle < 5 || lines < 100) {
			print "# too few beats"
			exit 1
		}
		printf "# idle: worst %d, mean %d ticks in %d beats; attacked: worst %d, mean %d in %d\n",
			worst, idle_sum / idle, idle * 1000, most, sum / lines, lines * 1000
		exit !(sum / lines <= 2 * idle_sum / idle && most <= 2 * worst)
	}' "$log.text" >"$WORK/latency"
	status=$?
	cat "$WORK/latency"
	verdict "$1: the other domain's timer is at the worst twice as late as when the guest sleeps" $status
}

# taken CPU: how often that CPU took the SMMU's interrupt for events, SPI 74.
taken() {
	grep -c "cpu 0x$1 value 0x6a\$" "$trace"
}

# It waits for the device most of the time, 100 ms for each DMA, and so the others run meanwhile.
(
	log=$WORK/race.log trace=$WORK/race.trace
	hostile 'two CPUs' hostile hello race '' -- CPUS=3
	rm -f "$trace"
) >"$WORK/race.results" 2>&1 &
race=$!

hostile 'alone' hostile latency "idle=500+$holes" '-accel tcg -icount shift=0,sleep=off' \
	-e 'bad: powered off' -e 'latency: ' -q -- CPUS=2
on_time 'alone'
[ "$(taken 0)" -le 1 ] && [ "$(taken 1)" -gt 50 ]
verdict "alone: the guest's own CPU takes its device's interrupts" $?

# What Linux asks of it most, trap and all: a register, an invalidation and its CMD_SYNC, 64
# of them and one CMD_SYNC.
awk '
/^cost: / {
	print "# " $0
	found = 1
	high = $3 + 0 > 200 || $5 + 0 > 1200 || $7 + 0 > 12000
}
END { exit !(found && !high) }' "$log.text"
verdict "alone: a register in 200 instructions, an invalidation in 1,200, 64 in 12,000" $?

# As it begins, they go to the CPU of the domain that must not notice.
hostile 'taken' hostile-taken latency "idle=500+$holes" '-accel tcg -icount shift=0,sleep=off' \
	-e 'bad: powered off' -e 'latency: ' -q -- CPUS=3
on_time 'taken'
[ "$(taken 0)" = 1 ] && [ "$(taken 1)" -gt 50 ]
verdict "taken: after the first, the guest's own CPU takes them" $?

wait $race
while IFS= read -r line; do
	case $line in
	'ok '*) ok "${line#ok * - }" ;;
	'not ok '*) not_ok "${line#not ok * - }" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$WORK/race.results"
rm -f "$trace"
finish
