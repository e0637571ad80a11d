#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two disks of a dom0 whose RAM it sees elsewhere than where it is (disks.inc).
. tests/system/lib.inc
. tests/system/disks.inc

two_disks 'RAM moved' BOARD=qemu-virt SYSTEM=moved
finish
