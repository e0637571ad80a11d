#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A guest that finds its devices on demand (tests/payload/ondemand.c): what it may find is
# there at the first access, from both of its CPUs at once and for its devices' DMA
# afterwards; what it may not find, and what no load or store has asked for, is not mapped.
# Then Linux, which notices nothing: disk, virtual SMMUv3 and virtual ITS.
. tests/system/lib.inc

# demand NAME SECONDS CMDLINE QEMU-ARGUMENTS
demand() {
	log=$WORK/$(printf '%s' "$1" | tr -c 'a-z0-9\n' -).log
	boot "$log" "$2" -- BOARD=test-ondemand BOARD_DIR=tests/system/ondemand IMG="$WORK/img" \
		SET="dom0.kernel=$OUT/payload/ondemand.img dom0.cmdline=$3 guest1.kernel=$OUT/payload/hello.img" \
		QEMU_EXTRA="$4"
	results "$1" $?
	verdict "$1: runs to its end" $?
	sed -n 's/^bulkhead: dom0: was mapped on demand: [^ ]* //p' "$log.text" | sort >"$log.mapped"
}

demand "some pages" 30 few '-device edu,addr=2,dma_mask=0xffffffffffffffff'
sed -n 's/^EXPECT //p' "$log.text" | sort >"$log.expected"
[ "$(wc -l <"$log.expected")" -ge 40 ] && diff -u "$log.expected" "$log.mapped"
verdict "some pages: mapped are these and no others" $?
has "$log" "some pages: a device that reads another's registers too early is reported" \
	'smmu0: pcie of dom0, stream 0x10: F_TRANSLATION, read at IPA 0x9010000'
[ "$(grep -c '^bulkhead: dom0: on demand: low 0xa004000\.\.0x15ffffff, at 0x1' "$log.text")" = 1 ]
verdict "some pages: of each range it is told once that it is used" $?

demand "all pages" 60 sweep ''
sort >"$log.expected" <<-'END'
	0x0..0x7ffffff
	0x8010000..0x807ffff
	0x9001000..0x900ffff
	0x9010000..0x9010fff
	0x9011000..0x901ffff
	0x9020000..0x9020fff
	0x9021000..0x902ffff
	0x9030000..0x9030fff
	0x9031000..0x904ffff
	0x9070000..0x9ffffff
	0xa004000..0x15ffffff
	0x16001000..0x1fffffff
	0x20000000..0x203fffff
	0x4010000000..0x40101fffff
	0x401fe00000..0x401fffffff
	0x8000000000..0x803fffffff
	0xffc0000000..0xffffffffff
END
diff -u "$log.expected" "$log.mapped"
verdict "all pages: mapped is all that is nobody's, and no more" $?

log=$WORK/linux.log disk=$WORK/disk.img
truncate -s 64M "$disk"
boot "$log" 60 -- BOARD=test-ondemand BOARD_DIR=tests/system/ondemand SYSTEM=linux IMG="$WORK/img-linux" \
	QEMU_EXTRA="-drive if=none,id=d,format=raw,file=$disk -device nvme,drive=d,serial=bulkhead,addr=2,dbcs=off" \
	DOM0_KERNEL="$OUT/guest/Image" DOM0_INITRD="$OUT/guest/initrd.cpio.gz" \
	DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=nvme,poweroff'
verdict "Linux: boots and powers off" $?
rm -f "$disk"
has "$log" "Linux: 64 MiB to NVMe and back, behind its virtual SMMUv3" '^guest: nvme ok'
sed -n 's/^bulkhead: dom0: was mapped on demand: //p' "$log" | tr -d '\r' | sort >"$log.mapped"
sort >"$log.expected" <<-'END'
	rtc 0x9010000..0x9010fff
	gpio 0x9030000..0x9030fff
	virtio0 0xa000000..0xa000fff
	virtio8 0xa001000..0xa001fff
	virtio16 0xa002000..0xa002fff
	virtio24 0xa003000..0xa003fff
	pcie 0x4010000000..0x40101fffff
	pcie 0x8000000000..0x803fffffff
END
diff -u "$log.expected" "$log.mapped"
verdict "Linux: mapped is what its drivers have touched" $?
finish
