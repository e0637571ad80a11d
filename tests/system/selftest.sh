#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest that uses everything it was given: tests/payload/selftest.c. INTID 34 is
# the clock (pl031), which raises nothing unless told to.
. tests/system/lib.inc
. tests/system/guest.inc

for board in qemu-virt qemu-virt-gicv2; do
	for cpus in 1 4; do
		guest "$board, $cpus CPUs" selftest -e 'READY for input' -s x -- BOARD=$board CPUS=$cpus \
			DOM0_CMDLINE='own-spi=34 hole=0x40200000 rx'
	done
done

# Older CPUs have less, and fewer list registers in use.
board=qemu-virt
guest "cortex-a57" selftest -- BOARD=$board CPUS=2 QEMU_EXTRA='-cpu cortex-a57' DOM0_CMDLINE='own-spi=34'
finish
