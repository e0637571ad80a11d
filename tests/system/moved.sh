#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two disks of a dom0 whose RAM it sees elsewhere than where it is (disks.inc).
. tests/system/lib.inc
. tests/system/disks.inc

doorbell=0x8090000
two_disks 'RAM moved' BOARD=qemu-virt SYSTEM=moved
has "$disks/log" "RAM moved: both disks' interrupts are messages, through the virtual ITS" \
	'^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
finish
