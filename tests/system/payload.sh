#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Payloads other than the default guest.
. tests/system/lib.inc

boot "$WORK/no-initrd.log" 90 -e 'Linux version' -e 'Unable to mount root fs' -q \
	-- BOARD=qemu-virt CPUS=1 IMG="$OUT/qemu-virt/test-payload" DOM0_INITRD= DOM0_CMDLINE=console=ttyAMA0
verdict "DOM0_INITRD= means none: Linux looks for a root file system" $?
if tr -d '\r' <"$WORK/no-initrd.log" | grep -qE 'Unpacking initramfs|Freeing initrd'; then
	not_ok "no initrd in memory"
else
	ok "no initrd in memory"
fi

for board in qemu-virt qemu-virt-gicv2; do
	for cpus in 1 4; do
		boot "$WORK/hello-$board-$cpus.log" 30 -e 'hello 7: EL1' -e 'beat 4' -- BOARD=$board CPUS=$cpus \
			IMG="$OUT/$board/test-payload" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= \
			DOM0_CMDLINE='name=7 beats=4'
		verdict "$board, $cpus CPUs: a bare-metal program as dom0" $?
	done
done
finish
