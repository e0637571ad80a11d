#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# NVMe and virtio-blk-pci in dom0 behind the SMMUv3: 64 MiB each way with the right
# checksums, and QEMU's own trace that each DMA of theirs went through stage 2. A
# disk that is nobody's reaches nothing, and its DMA is reported by name.
. tests/system/lib.inc

# disks BOARD: two empty ones, at 00:02.0 and 00:03.0.
disks() {
	truncate -s 64M "$WORK/$1-nvme.img" "$WORK/$1-vd.img"
	printf '%s ' "-drive if=none,id=d0,format=raw,file=$WORK/$1-nvme.img" \
		"-device nvme,drive=d0,serial=bulkhead,addr=2" \
		"-drive if=none,id=d1,format=raw,file=$WORK/$1-vd.img" \
		"-device virtio-blk-pci,drive=d1,addr=3,disable-legacy=on,iommu_platform=on" \
		"-trace smmuv3_translate_* -D $WORK/$1-trace.log"
}

for board in qemu-virt qemu-virt-gicv2; do
	log=$WORK/$board.log trace=$WORK/$board-trace.log
	boot "$log" 240 -- BOARD=$board IMG="$OUT/$board/test-smmu" QEMU_EXTRA="$(disks $board)" \
		DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=disks,poweroff'
	verdict "$board: Linux with two disks behind the SMMU powers off, QEMU ends with 0" $?
	has "$log" "$board: NVMe: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
	has "$log" "$board: virtio-blk-pci: 64 MiB written and read" '^guest: /dev/vda: 64 MiB written and read'
	has "$log" "$board: both disks" '^guest: disks ok, 2 of them'
	for sid in 0x10 0x18; do
		grep -q "smmuv3_translate_success .* sid=$sid .* stage=2" "$trace"
		verdict "$board: stream ID $sid is translated by stage 2" $?
		grep -qE "smmuv3_translate_(bypass|disable|abort) .*sid=$sid " "$trace"
		[ $? = 1 ]
		verdict "$board: no DMA of stream ID $sid bypasses it" $?
	done
	rm -f "$trace"
done
finish
