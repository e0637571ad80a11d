#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Domains that reset themselves in the middle of their devices' DMA (tests/system/viommu, a
# PCI host with `reset: pci-flr`): what of it is under way comes to nobody's memory, and the
# devices work in the next run. An edu device has no reset but its bus's, NVMe has FLR.
. tests/system/lib.inc
. tests/system/guest.inc

pxb='-device pxb-pcie,id=pxb,bus=pcie.0,bus_nr=16,addr=1
	-device pcie-root-port,id=rp1,bus=pxb,chassis=1,addr=2 -device pcie-root-port,id=rp2,bus=pxb,chassis=2,addr=3'
board=test-viommu
guest 'bare metal, edu' hello -- BOARD=$board BOARD_DIR=tests/system/viommu SYSTEM=again \
	DOM0_CMDLINE=beats=20 SET="bad.kernel=$OUT/payload/again.img" \
	QEMU_EXTRA="$(echo $pxb) -device edu,bus=rp1,dma_mask=0xffffffffffffffff -device pcie-pci-bridge,id=br,bus=rp2 \
		-device edu,bus=br,addr=1"
[ "$(grep -c '^PASS nothing-of-the-former-run$' "$log.text")" = 2 ] &&
	[ "$(grep -c '^bulkhead: bad: asked for a reset$' "$log.text")" = 2 ]
verdict 'bare metal, edu: reset twice, and nothing of the former run comes to memory' $?

name='Linux, NVMe' log=$WORK/linux.log disk=$WORK/nvme.img
rm -f "$disk"
truncate -s 80M "$disk"
boot "$log" 240 -- BOARD=$board BOARD_DIR=tests/system/viommu IMG="$OUT/$board/test-reset" \
	DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= DOM0_CMDLINE=beats=20 \
	SET="guest1.kernel=$OUT/guest/Image guest1.initrd=$OUT/guest/initrd.cpio.gz \
		guest1.cmdline=console=ttyAMA0 iommu.passthrough=0 bulkhead.run=again,disks,poweroff" \
	QEMU_EXTRA="$(echo $pxb) -drive if=none,id=d0,format=raw,file=$disk \
		-device nvme,drive=d0,serial=bulkhead,bus=rp1,dbcs=off"
verdict "$name: the domain powers off, QEMU ends with 0" $?
has "$log" "$name: reset in the middle of reading and writing" '^guest: again: reset in the middle of it'
has "$log" "$name: the domain starts again" '^guest: again: this is the second run'
has "$log" "$name: the disk works: 64 MiB written and read" '^guest: /dev/nvme0n1: 64 MiB written and read'
rm -f "$disk"

# A register that never reads as it should (a PL031's identification): the domain stays off.
name='a reset that fails' log=$WORK/fails.log
mkdir -p "$WORK/fails"
cp tests/system/viommu/defconfig tests/system/viommu/run.mk "$WORK/fails"
cat >"$WORK/fails/board.yaml" <<-END
	include: $PWD/tests/system/viommu/board.yaml
	board: $board
	devices:
	  rtc:
	    reset: [{poll: [0xfe0, 0xff, 0x31]}, {wait-us: 10}, {poll: [0xfe0, 0xff, 0x30], timeout-us: 1000}]
END
sed 's/devices: .*/devices: [rtc]/' tests/system/viommu/again.yaml >"$WORK/fails/again.yaml"
boot "$log" 60 -- BOARD=$board BOARD_DIR="$WORK/fails" SYSTEM=again IMG="$WORK/fails/img" \
	DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= DOM0_CMDLINE=beats=20 \
	SET="bad.kernel=$OUT/payload/hostile.img bad.cmdline=calls=0+jumps=0+storm=0+registers=0+lockup=1"
verdict "$name: the other domain goes on to its end" $?
has "$log" "$name: the device and the register are told" \
	"^bulkhead: bad: 'rtc' is not reset: register 0x9010fe0 reads 0x31 after 1000 us"
has "$log" "$name: the domain is not started again" '^bulkhead: bad: .*: it stays off'
[ "$(lines "$log" | grep -c '^hostile: and now for good')" = 1 ]
verdict "$name: it ran once" $?
finish
