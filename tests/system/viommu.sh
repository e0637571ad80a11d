#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two Linuxes at once, each with an NVMe disk and virtio-blk-pci, all behind one SMMUv3,
# each with a virtual SMMUv3 and a virtual ITS of its own (tests/system/viommu): every access of a disk goes
# through its own Linux's stage 1 and its own domain's stage 2.
. tests/system/lib.inc
. tests/system/disks.inc

name='two domains' stage=3 doorbell=0x8090000
disks_prepare "$name"
files=
for disk in 0 1 2 3; do
	rm -f "$disks/$disk.img"
	truncate -s 64M "$disks/$disk.img"
	files="$files -drive if=none,id=d$disk,format=raw,file=$disks/$disk.img"
done
blk='virtio-blk-pci,disable-legacy=on,iommu_platform=on'
linux='console=ttyAMA0 iommu.passthrough=0 iommu.strict=0 bulkhead.run=disks,messages,poweroff'
boot "$disks/log" 300 -- BOARD=test-viommu BOARD_DIR=tests/system/viommu IMG="$disks/img" DOM0_CMDLINE="$linux" \
	SET="guest1.kernel=$OUT/guest/Image guest1.initrd=$OUT/guest/initrd.cpio.gz guest1.cmdline=$linux" \
	QEMU_EXTRA="-device pxb-pcie,id=pxb,bus=pcie.0,bus_nr=16,addr=1$files \
		-device nvme,drive=d0,serial=bulkhead0,bus=pcie.0,addr=4,dbcs=off -device $blk,drive=d1,bus=pcie.0,addr=5 \
		-device pcie-root-port,id=rp1,bus=pxb,chassis=1,addr=2 -device nvme,drive=d2,serial=bulkhead1,bus=rp1,dbcs=off \
		-device pcie-root-port,id=rp2,bus=pxb,chassis=2,addr=3 -device $blk,drive=d3,bus=rp2 \
		-trace smmuv3_translate_* -trace smmuv3_record_event -D $disks/trace.log"
verdict "$name: both power off, QEMU ends with 0" $?
has "$disks/log" "$name: dom0 has the virtual SMMUv3" 'arm-smmu-v3 9050000\.iommu: ias '
has "$disks/log" "$name: guest1 has its own" 'arm-smmu-v3 b000000\.iommu: ias '
for disk in nvme0n1 vda; do
	[ "$(lines "$disks/log" | grep -c "^guest: /dev/$disk: 64 MiB written and read")" = 2 ]
	verdict "$name: 64 MiB written and read on both /dev/$disk" $?
done
[ "$(lines "$disks/log" | grep -c 'DMA domain TLB invalidation policy: lazy mode')" = 2 ]
verdict "$name: both are lazy" $?
[ "$(lines "$disks/log" | grep -cE '^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times')" = 2 ]
verdict "$name: both have their disks' interrupts as messages, through the one ITS" $?
judge_stream "$name" "dom0's NVMe" 0x20
judge_stream "$name" "dom0's virtio-blk-pci" 0x28
judge_stream "$name" "guest1's NVMe" 0x1100 guest1
judge_stream "$name" "guest1's virtio-blk-pci" 0x1200 guest1
# The ports in front of guest1's disks send messages of their own.
judge_others "$name" '0x20|0x28|0x1100|0x1200|0x1010|0x1018'
rm -f "$disks/trace.log" "$disks"/*.img
finish
