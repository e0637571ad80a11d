#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# All CPUs of a domain at the same interrupts at once: none lost, none on two CPUs.
. tests/system/lib.inc

for board in qemu-virt qemu-virt-gicv2; do
	for cpus in 2 4; do
		log=$WORK/irqstress-$board-$cpus.log
		boot "$log" 90 -- BOARD=$board CPUS=$cpus IMG="$OUT/$board/test-irqstress" \
			DOM0_KERNEL="$OUT/payload/irqstress.img" DOM0_INITRD=
		verdict "$board, $cpus CPUs: all act on the same interrupts" $?
		for what in all-cpus-through nothing-lost active-on-one-cpu everything-still-comes; do
			has "$log" "$board, $cpus CPUs: $what" "^PASS $what"
		done
	done
done
finish
