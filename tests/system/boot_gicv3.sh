#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
board=qemu-virt
. tests/system/boot.inc
has "$log" "GICv3: the redistributors are where the machine has them" \
	'GICv3: CPU3: found redistributor 3 region 0:0x0000000008100000'
finish
