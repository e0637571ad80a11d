#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest with a virtual SMMUv3 and an edu device behind it (tests/payload/badsmmu.c). It
# uses it as the architecture has it, and then does all that it should not. The hypervisor
# stays up; no DMA reaches what is not the guest's, by QEMU's trace of every access; and
# another domain's timer is hardly later than while that guest sleeps (latency.c), counted
# in instructions. Then two CPUs of the guest do it at once, each in a thread of QEMU's.
. tests/system/lib.inc

log=$WORK/log trace=$WORK/trace
pxb='-device pxb-pcie,id=pxb,bus=pcie.0,bus_nr=16,addr=1 -device pcie-root-port,id=rp1,bus=pxb,chassis=1,addr=2'
edu='-device edu,bus=rp1,dma_mask=0xffffffffffffffff'
# The hypervisor's, the other domain's; what is behind each end of the guest's own RAM,
# [0x60000000..0x61000000); the SMMU, the GIC.
holes=hole=0x40200000,0x402ff000,0x50000000,0x51fff000,0x5ffff000,0x61000000,0x09050000,0x08000000

# hostile NAME DOM0 COMMAND-LINE QEMU-OPTIONS STEPS... -- VARIABLES...: the guest beside the
# payload DOM0; each of its PASS and FAIL lines is one result.
hostile() {
	name=$1 dom0=$2 words=$3 options=$4
	shift 4
	rm -f "$trace"
	boot "$log" 300 "$@" BOARD=test-viommu BOARD_DIR=tests/system/viommu SYSTEM=hostile IMG="$WORK/img" \
		DOM0_KERNEL="$OUT/payload/$dom0.img" DOM0_INITRD= DOM0_CMDLINE= \
		SET="bad.kernel=$OUT/payload/badsmmu.img bad.cmdline=$words" \
		QEMU_EXTRA="$pxb $edu $options -trace smmuv3_translate_success -D $trace"
	status=$?
	lines "$log" >"$log.text"
	while read -r word rest; do
		case $word in
		PASS) ok "$name: $rest" ;;
		FAIL) not_ok "$name: $rest" ;;
		esac
	done <"$log.text"
	grep -qE '^[1-9][0-9]* passed, 0 failed$' "$log.text" && grep -q '^bulkhead: bad: powered off' "$log.text" &&
		[ $status = 0 ]
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
	}' "$trace" >"$WORK/reached"
	status=$?
	tail -n 5 "$WORK/reached"
	verdict "$name: DMA reaches the guest's own RAM and nothing else" $status
	rm -f "$trace"
}

hostile 'alone' latency "idle=500+$holes" '-accel tcg -icount shift=0,sleep=off' \
	-e 'bad: powered off' -e 'latency: ' -q -- CPUS=2

# A line of latency.c is about 100 beats. One may be as late as the hypervisor takes for a
# line of its own on that CPU: those are few, and are counted.
awk '
/^badsmmu: / { phase = $2 }
/^latency: / && phase == "sleeps" { idle++; idle_sum += $5; if ($3 + 0 > worst) worst = $3 + 0 }
/^latency: / && (phase == "uses" || phase == "attacks") {
	lines++
	sum += $5
	late += $3 + 0 > 2 * worst
	if ($3 + 0 > most) most = $3 + 0
}
/^bulkhead: / && (phase == "uses" || phase == "attacks") { told++ }
END {
	if (idle == 0 || lines < 50) {
		print "# too few beats"
		exit 1
	}
	printf "# idle: worst %d, mean %d ticks; attacked: worst %d, mean %d; %d of %d lines over twice the idle worst, %d reports\n",
		worst, idle_sum / idle, most, sum / lines, late, lines, told
	exit !(sum / lines <= 2 * idle_sum / idle && late <= told)
}' "$log.text" >"$WORK/latency"
status=$?
cat "$WORK/latency"
verdict "alone: the other domain's timer is no later than twice what it is when the guest sleeps" $status

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

hostile 'two CPUs' hello race '' -- CPUS=3
finish
