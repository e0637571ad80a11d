#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
board=qemu-virt-gicv2
. tests/system/boot.inc
has "$log" "GICv2: the distributor is what Linux uses" 'Root IRQ handler: gic_handle_irq'
finish
