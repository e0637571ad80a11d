#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Three Linuxes and a bare-metal program at once. Each sees its own CPU, RAM and devices.
# linux1 and linux2 have shared memory and a doorbell: messages get through, by the drivers
# that Linux has, and neither can write what it is to read. linux2 starts again: the memory
# stays as it is, its lines fall. The other two find nothing of it.
. tests/system/lib.inc

# What is shared is in the RAM that would be dom0's: build.json says where.
image=$WORK/img log=$WORK/four.log
linux='console=ttyAMA0 quiet'
set -- BOARD=qemu-virt SYSTEM=four-domains IMG="$image" SET="linux1.kernel=$OUT/guest/Image \
linux1.initrd=$OUT/guest/initrd.cpio.gz linux1.cmdline=$linux bulkhead.name=linux1 bulkhead.not=0x90000000 \
bulkhead.bell=first bulkhead.run=sees,bell,poweroff linux2.kernel=$OUT/guest/Image \
linux2.initrd=$OUT/guest/initrd.cpio.gz linux2.cmdline=$linux bulkhead.name=linux2 \
bulkhead.bell=second bulkhead.run=sees,bell,poweroff bare.kernel=$OUT/payload/selftest.img \
bare.cmdline=foreign-cpu=0,1,2 hole=0x30000000,0x30010000,0xb000000,0x41000000"
mk "$@" DOM0_KERNEL="$OUT/guest/Image" DOM0_INITRD="$OUT/guest/initrd.cpio.gz" >"$WORK/build.log" 2>&1
verdict "the image is built, and all properties hold" $?
shared=$(sed -n 's/.*"name": "from[12]", "pa": "\(0x[0-9a-f]*\)".*/\1/p' "$image/build.json" | paste -sd,)
boot "$log" 60 -- "$@" DOM0_CMDLINE="$linux bulkhead.name=dom0 bulkhead.not=$shared bulkhead.run=sees,poweroff"
verdict "all four run to their ends, QEMU ends with 0" $?

for name in linux1 linux2; do
	has "$log" "$name has its CPU and its RAM, two pieces of memory to share, no device but the virtual ones" \
		"guest: $name sees 1 CPUs; RAM 40000000-4dffffff ; 9000000\.serial b000000\.gpio ; shared 2; PCI 0"
done
has "$log" "dom0 has its CPU, the machine's devices, and nothing to share" \
	'guest: dom0 sees 1 CPUs; RAM 40000000-.*; 9000000\.serial 9010000\..* 9030000\..*; shared 0; PCI [1-9]'
for at in $(echo "$shared" | tr , ' '); do
	has "$log" "dom0 finds nothing at $at" "guest: dom0 finds nothing at $at"
	has "$log" "the hypervisor tells of that" "dom0: vCPU 0: read at $at, .* not its own"
done
has "$log" "linux1 finds nothing where dom0 has RAM" 'guest: linux1 finds nothing at 0x90000000'
has "$log" "the bare-metal domain finds its own and no more" '(^|[^0-9])[1-9][0-9]* passed, 0 failed'
has "$log" "five messages to linux2, five interrupts" 'guest: bell ok, second, 5 messages, 5 interrupts'
has "$log" "five answers to linux1, five interrupts" 'guest: bell ok, first, 5 messages, 5 interrupts'
has "$log" "linux2 cannot write what it is to read" 'guest: bell ok, second, cannot write'
has "$log" "it gets an abort, and the hypervisor tells of that" 'linux2: vCPU 0: write at .* it has no right'
has "$log" "what linux1 wrote stays as it was" 'guest: bell ok, first, nothing was changed: message 5'
has "$log" "linux2 starts again, and finds the memory and linux1's lines as they were" \
	'guest: bell ok, second, started again'
has "$log" "linux1 sees its lines fall" "guest: bell ok, first, the other domain's lines fell"
finish
