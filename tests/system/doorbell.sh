#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A doorbell rung for two seconds as fast as a CPU can, at a domain that does not look: by
# edges and by levels. QEMU's trace tells how often the CPU of that domain is interrupted,
# which is not at the pace of who rings (tests/payload/bell.c).
. tests/system/lib.inc

log=$WORK/log trace=$WORK/trace
rm -f "$trace"
boot "$log" 40 -- BOARD=qemu-virt SYSTEM=four-domains IMG="$WORK/img" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= \
	SET="linux1.kernel=$OUT/payload/bell.img linux1.cmdline=ring=1 linux2.kernel=$OUT/payload/bell.img \
linux2.cmdline=ring=0 bare.kernel=$OUT/payload/hello.img" \
	QEMU_EXTRA="-icount shift=3,sleep=off -trace gicv3_icc_iar1_read -D $trace"
verdict "all run to their ends, QEMU ends with 0" $?
has "$log" "it is rung more than 10,000 times" '^PASS rings$'
for mode in rising-edges both-edges high-level low-level the-end; do
	has "$log" "$mode: an interrupt, which goes when the domain looks" "^PASS $mode\$"
done
# CPU 2 is linux2's, and SGI 0 what tells a CPU of its virtual interrupts: one for each mode at
# the most. Time is what QEMU counts of instructions: how busy this machine is makes no difference.
taken=$(grep -c 'icc_iar1_read.* 0x2 value 0x0$' "$trace")
echo "# $(lines "$log" | sed -n 's/^bell: \(rung [0-9]* times\)$/\1/p'), $taken interrupts"
[ "$taken" -ge 1 ] && [ "$taken" -le 8 ]
verdict "the CPU of who is rung is interrupted once for each time that it looks" $?
rm -f "$trace"
finish
