#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Debian's Linux as dom0 with `guest-abi: xen`: it finds Xen, takes hvc0 as its console,
# reaches userspace, takes events on each of its CPUs, and powers off.
. tests/system/lib.inc

# linux BOARD CPUS
linux() {
	board=$1 cpus=$2 log=$WORK/$1-$2.log
	set --
	for cpu in $(seq 0 $((cpus - 1))); do
		set -- "$@" -e "events to CPU $cpu" -s "line$cpu\\n" -e "CPU $cpu: line$cpu"
	done
	boot "$log" 200 "$@" -e 'guest: xen ends' -- BOARD="$board" SYSTEM=xen-dom0 CPUS="$cpus" \
		IMG="$OUT/$board/test-xen" DOM0_CMDLINE='console=hvc0 bulkhead.run=xenflags,xen,hotplug,load,poweroff'
	verdict "$board, $cpus CPUs: Linux boots on Xen, reads hvc0, powers off, QEMU ends with 0" $?
	has "$log" "$board, $cpus CPUs: it finds Xen" 'Xen [0-9.]+ support found'
	has "$log" "$board, $cpus CPUs: event channels" 'xen:events: Using 2-level ABI'
	has "$log" "$board, $cpus CPUs: its console is hvc0" 'console \[hvc0\] enabled'
	has "$log" "$board, $cpus CPUs: userspace counts the CPUs" "^guest: up, .*, $cpus CPUs"
	has "$log" "$board, $cpus CPUs: the hypervisor's type" '^guest: xen: xen 4\.'
	has "$log" "$board, $cpus CPUs: hotplug" "^guest: hotplug ok, $cpus CPUs"
	has "$log" "$board, $cpus CPUs: load" "^guest: load ok, $cpus CPUs"
	for cpu in $(seq 0 $((cpus - 1))); do
		has "$log" "$board, $cpus CPUs: CPU $cpu takes the console's events" \
			"^guest: xen: CPU $cpu: line$cpu, *[0-9]+:( +[0-9]+){$cpu} +[1-9][0-9]*( |\$)"
	done
	if grep -qE 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace' "$log"; then
		not_ok "$board, $cpus CPUs: no complaint of the kernel's"
		grep -nE 'Unhandled|WARNING:|BUG:|Oops|rcu:.*stall|Call trace' "$log"
	else
		ok "$board, $cpus CPUs: no complaint of the kernel's"
	fi
}

linux qemu-virt 1
linux qemu-virt 2
linux qemu-virt 4
linux qemu-virt-gicv2 2
finish
