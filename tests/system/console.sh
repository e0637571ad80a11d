#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The console through a pipe, the shell on it, and reboot: what a person does.
. tests/system/lib.inc

for board in qemu-virt qemu-virt-gicv2; do
	boot "$WORK/$board.log" 150 \
		-e 'guest: up' -e '/ #' -s 'echo $((6 * 7)) `nproc`\n' -e '42 2' \
		-s 'reboot\n' -e 'Restarting system' \
		-e 'guest: up' -e '/ #' -s 'echo again $((7 * 8))\n' -e 'again 56' -s 'exit\n' -e 'Power down' \
		-- BOARD=$board CPUS=2 IMG="$OUT/$board/test-console" DOM0_CMDLINE='console=ttyAMA0 quiet'
	verdict "$board: a shell on the console, reboot starts again, exit powers off" $?
done

# A long paste must arrive whole: the receiver has flow control up to QEMU's pipe.
text=$(printf 'abcdefghij%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
boot "$WORK/paste.log" 90 -e '/ #' -s "echo -n $text | wc -c\\n" -e '
200' -s 'halt\n' -e 'System halted' -q -- BOARD=qemu-virt CPUS=1 IMG="$OUT/qemu-virt/test-console" DOM0_CMDLINE='console=ttyAMA0 quiet'
verdict "a long line of input arrives whole; halt halts" $?

# QEMU_EXTRA reaches QEMU as it is. A disk that is too small for the test of disks is told so.
truncate -s 4M "$WORK/small disk.img"
boot "$WORK/extra.log" 90 -e 'guest: up' -e 'guest: /dev/nvme0n1: has 4096 KiB, and 64 MiB go' -- BOARD=qemu-virt CPUS=1 IMG="$OUT/qemu-virt/test-console" \
	DOM0_CMDLINE='console=ttyAMA0 quiet bulkhead.run=disks,poweroff' \
	QEMU_EXTRA="-name 'a b' -drive 'if=none,id=d,format=raw,file=$WORK/small disk.img' -device nvme,serial=1,drive=d"
verdict "QEMU_EXTRA reaches QEMU as it is" $?
finish
