#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# NVMe and virtio-blk-pci in dom0 behind the SMMUv3, RAM where it is (disks.inc): with a
# virtual SMMUv3, which Linux's own driver claims, and without. Then
# one of the two is nobody's, though dom0 has the PCI host and its driver tries: none
# of its DMA gets through, and the first is told with all its names. With a GICv2 the
# disks' interrupts are messages to its MSI frame, which go through the SMMU as well.
. tests/system/lib.inc
. tests/system/disks.inc

# a_board NAME SID: a copy of the board in which the PCI function of this ID is a
# device of its own, that no domain gets.
a_board() {
	mkdir -p "$WORK/$1/soc" "$WORK/$1/board"
	cp boards/qemu-virt/*.yaml boards/qemu-virt/run.mk "$WORK/$1/board"
	cp configs/qemu-virt_defconfig "$WORK/$1/board/defconfig"
	awk -v sid=$(($2)) '
	/^  pcie:/ {
		print "  withheld:\n    status: disabled"
		printf "    iommus: [{iommu: smmu0, id: 0x%x}]\n", sid
	}
	/^    iommu-map:/ {
		printf "    iommu-map: [{rid: 0, iommu: smmu0, id: 0, count: 0x%x},\n", sid
		printf "                {rid: 0x%x, iommu: smmu0, id: 0x%x, count: 0x%x}]\n", sid + 1, sid + 1, 65535 - sid
		print "    unprotected: one of its functions is another device"
		next
	}
	{ print }' boards/soc/qemu-virt.yaml >"$WORK/$1/soc/qemu-virt.yaml"
}

# withheld WHAT SID STEPS...: Linux runs until the last step, then its machine is ended. The
# driver of NVMe gives its first command 5 seconds, in place of 60, to be answered.
withheld() {
	name="$1 is nobody's" sid=$2
	a_board "$sid" "$sid"
	shift 2
	disks_prepare "$name"
	board=$WORK/$sid/soc/qemu-virt.yaml
	line=$(grep -n '^    iommus: ' "$board" | sed 's/:.*//')
	boot "$disks/log" 120 "$@" -q -- BOARD=test-withheld BOARD_DIR="$WORK/$sid/board" IMG="$disks/img" \
		QEMU_EXTRA="$disks_extra" DOM0_CMDLINE='console=ttyAMA0 nvme_core.admin_timeout=5 bulkhead.run=disks'
	verdict "$name: Linux runs, its driver tries" $?
	has "$disks/log" "$name: SMMU, device, owner, stream ID, event, line of the board file" \
		"smmu0: withheld of nobody, stream $sid: C_BAD_STE .*, DMA aborted \(.*soc/qemu-virt\.yaml:$line\)"
	grep -q "^smmuv3_record_event .*C_BAD_STE .*sid=$sid" "$disks/trace.log"
	verdict "$name: the SMMU refused DMA of it" $?
	grep -E "^smmuv3_translate_.* sid=$sid " "$disks/trace.log" | head -n 5 >"$disks/other"
	cat "$disks/other"
	[ ! -s "$disks/other" ]
	verdict "$name: none of its DMA got through" $?
}

doorbell=0x8020000
two_disks qemu-virt-gicv2 BOARD=qemu-virt-gicv2
doorbell=0x8090000
has "$disks/log" "qemu-virt-gicv2: both disks' interrupts are messages, through the MSI frame" \
	'^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
stage=3 linux_args='iommu.passthrough=0 iommu.strict=1'
two_disks 'qemu-virt, strict' BOARD=qemu-virt
has "$disks/log" 'qemu-virt, strict: Linux has the virtual SMMUv3' 'arm-smmu-v3 9050000\.iommu: ias '
has "$disks/log" 'qemu-virt, strict: it is strict' 'iommu: DMA domain TLB invalidation policy: strict mode'
has "$disks/log" "qemu-virt, strict: both disks' interrupts are messages, through the virtual ITS" \
	'^guest: messages: [1-9][0-9]* interrupts, taken [1-9][0-9]{2,} times'
linux_args=
withheld NVMe $nvme_sid -e 'guest: /dev/vda: 64 MiB written and read' -e 'guest: disks ok, 1 of them'
withheld virtio-blk-pci $vd_sid -e 'withheld of nobody' -e '.yaml:' -e ')'
finish
