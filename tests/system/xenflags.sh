#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What Linux makes of XENFEAT_not_direct_mapped (bit 16) and XENFEAT_direct_mapped (17), by
# its own tracer: swiotlb-xen with 17, not with 16; RAM where it is or moved, every DMA master
# behind the SMMUv3 or not. Both disks behind the SMMU work each time. RAM moved with a
# master that has no IOMMU does not build.
. tests/system/lib.inc
. tests/system/disks.inc

mkdir -p "$WORK/soc" "$WORK/board"
cp boards/soc/qemu-virt.yaml "$WORK/soc"
cp boards/qemu-virt/board.yaml boards/qemu-virt/run.mk "$WORK/board"
cp configs/qemu-virt_defconfig "$WORK/board/defconfig"

here='[{base: 0x50000000, size: 0x40000000}]'
moved='[{base: 0x50000000, size: 0x40000000, ipa: 0x80000000}]'

# a_system NAME MEMORY DEVICES [LINE]
a_system() {
	cat >"$WORK/board/$1.yaml" <<YAML
domains:
  dom0:
    role: hardware
    cpus: [cpu0, cpu1]
    memory: $2
    devices: [$3]
    console: vpl011
    guest-abi: xen
    ${4-}
YAML
}

# linux NAME SYSTEM FEATURES SWIOTLB [QEMU OPTIONS]
linux() {
	disks_prepare "$2"
	log=$disks/log
	boot "$log" 200 -- BOARD=test-xenflags BOARD_DIR="$WORK/board" SYSTEM="$2" CPUS=2 IMG="$disks/img" \
		QEMU_EXTRA="${disks_extra%%-trace*} ${5-}" DOM0_CMDLINE='console=hvc0 bulkhead.run=xenflags,disks,xendma,poweroff'
	verdict "$1: Linux boots on Xen and powers off" $?
	has "$log" "$1: the features that it reads" "^guest: xen: features $3"
	has "$log" "$1: swiotlb-xen, by the kernel's function tracer: $4" "^guest: xen: swiotlb-xen $4"
	has "$log" "$1: both disks" '^guest: disks ok, 2 of them'
	has "$log" "$1: the PCI host is among the protected masters" '^guest: xen: protected: /pcie@4010000000 '
}

a_system all-here "$here" 'pmu, rtc, gpio, pcie'
linux 'RAM where it is, all protected' all-here 00056805 no '-append xen-dma.dom0=direct-mapped'
has "$log" 'RAM where it is: firmware has its device tree elsewhere, so that the command line is not read' \
	"^bulkhead: the command line is not read: firmware's device tree at 0x[0-9a-f]+ is not in a domain's RAM"

a_system some-here "$here" 'pmu, rtc, gpio, pcie, fw_cfg'
linux 'RAM where it is, one not protected' some-here 00066805 yes
has "$log" 'RAM where it is, one not protected: which one' '^guest: xen: unprotected: /fw_cfg@9020000 '

a_system all-moved "$moved" 'pmu, rtc, gpio, pcie'
linux 'RAM moved, all protected' all-moved 00056805 no

a_system some-moved "$moved" 'pmu, rtc, gpio, pcie, fw_cfg'
mk BOARD=test-xenflags BOARD_DIR="$WORK/board" SYSTEM=some-moved IMG="$WORK/some-moved" image >"$WORK/some.log" 2>&1
[ $? != 0 ] && [ ! -e "$WORK/some-moved/hv.img" ]
verdict 'RAM moved, one not protected: does not build' $?
has "$WORK/some.log" 'RAM moved, one not protected: which one, and where it is declared' \
	"HV0304.*its DMA master 'fw_cfg' has no IOMMU"
has "$WORK/some.log" 'RAM moved, one not protected: the line' 'soc/qemu-virt\.yaml:[0-9]+'

a_system forced "$here" 'pmu, rtc, gpio, pcie' 'xen-dma: direct-mapped'
linux 'bit 17 by force' forced 00066805 yes
mk BOARD=test-xenflags BOARD_DIR="$WORK/board" SYSTEM=forced IMG="$WORK/forced-built" image >"$WORK/forced.log" 2>&1
has "$WORK/forced.log" 'bit 17 by force: the build warns' 'warning\[HV0532\]'

# All of RAM, and so firmware's device tree with the command line.
a_system all all-others 'pmu, rtc, gpio, pcie'
linux 'bit 17 by the command line' all 00066805 yes '-append xen-dma.dom0=direct-mapped'
has "$log" 'bit 17 by the command line: the hypervisor says so' \
	'^bulkhead: dom0: by the command line it is told that its memory is direct-mapped'
finish
