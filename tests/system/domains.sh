#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two domains at once: Linux, and a bare-metal program on a CPU of its own, as
# `make run SYSTEM=two-domains` has them by itself.
. tests/system/lib.inc

log=$WORK/two.log
boot "$log" 120 -- BOARD=qemu-virt SYSTEM=two-domains IMG="$OUT/qemu-virt/test-domains" \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=report,load,poweroff'
verdict "two domains: both run, the machine stops with the last" $?
has "$log" "two domains: Linux has the CPUs that are left" '^guest: up, .*, 3 CPUs'
has "$log" "two domains: Linux works under load" '^guest: load ok, 3 CPUs'
has "$log" "two domains: the other's banner" 'hello 0: EL1, 1 CPUs, GICv3, RAM 40000000\+1000000'
has "$log" "two domains: the other's timer beats" 'hello 0: beat 8'
finish
