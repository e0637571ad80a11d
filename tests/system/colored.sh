#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two disks of a dom0 whose RAM is pages of 12 of 16 cache colours, 4 KiB after 4 KiB,
# through the SMMU (disks.inc); a program in two others looks around beside it, and the
# hypervisor runs in the last two. Then the same with Xen's guest ABI, and a word on the
# hypervisor's command line.
. tests/system/lib.inc
. tests/system/disks.inc

two_disks 'RAM coloured' BOARD=qemu-virt SYSTEM=colored \
	SET="guest1.kernel=$OUT/payload/selftest.img guest1.cmdline=hole=0x41000000"
has "$disks/log" 'RAM coloured: the other domain finds all its own' '^[1-9][0-9]* passed, 0 failed'

# colors DOMAIN: first and last of those that its pages have by the plan.
colors() {
	sed -n "/\"name\": \"$1\"/,/\"entry\"/s/.*\"pa\": \"0x\([^\"]*\)\", \"size\": \"0x\([^\"]*\)\".*/\1 \2/p" \
		"$disks/img/build.json" | awk '
	function number(text,    i, n) {
		for (i = 1; i <= length(text); i++) {
			n = 16 * n + index("0123456789abcdef", substr(text, i, 1)) - 1
		}
		return n / 4096
	}
	BEGIN { first = 16 }
	{
		for (page = 0; page < number($2); page++) {
			color = (number($1) + page) % 16
			first = color < first ? color : first
			last = color > last ? color : last
			pages++
		}
	}
	END { print first ".." last, pages " pages" }'
}

for want in 'dom0 0..11 262144 pages' 'guest1 12..13 4096 pages'; do
	[ "${want%% *} $(colors "${want%% *}")" = "$want" ]
	verdict "$want" $?
done

# Another system file than the image was made of: verify tells the page and its colour.
# refuses NAME EDIT TEXT
refuses() {
	mkdir -p "$WORK/edited/soc" "$WORK/edited/board"
	cp boards/soc/qemu-virt.yaml "$WORK/edited/soc"
	cp boards/qemu-virt/*.yaml "$WORK/edited/board"
	sed "$2" boards/qemu-virt/colored.yaml >"$WORK/edited/board/colored.yaml"
	"$OUT/host/bulkhead-verify" "$disks/img/hv.elf" "$WORK/edited/board" --system colored >"$WORK/edited/out"
	[ $? = 1 ] && grep -q "$3" "$WORK/edited/out"
	verdict "verify: $1" $?
}

refuses 'a page of another colour' 's/count: 12/count: 11/' 'cache colour 11 of this page is not its owner'
refuses 'a colour of two' 's/first: 12, count: 2/first: 11, count: 3/' "domain 'guest1' has cache colours of this one"
refuses 'a domain without colours' '/first: 12/d' "domain 'guest1' has cache colours of this one"

# Pages that the guest gives to Xen are of its colours; the tree with the command line is
# where firmware put it, which is none of the hypervisor's pages.
xen=$WORK/xen
mkdir -p "$xen/soc" "$xen/board"
cp boards/soc/qemu-virt.yaml "$xen/soc"
cp boards/qemu-virt/board.yaml boards/qemu-virt/run.mk "$xen/board"
cp configs/qemu-virt_defconfig "$xen/board/defconfig"
sed 's/^\( *\)colors: {first: 0, count: 12}/&\n\1guest-abi: xen/' boards/qemu-virt/colored.yaml >"$xen/board/colored.yaml"
boot "$xen/log" 120 -- BOARD=test-colored BOARD_DIR="$xen/board" SYSTEM=colored IMG="$xen/img" \
	SET="guest1.kernel=$OUT/payload/hello.img" QEMU_EXTRA='-append xen-dma.dom0=direct-mapped' \
	DOM0_CMDLINE='console=hvc0 bulkhead.run=xenflags,poweroff'
verdict 'Xen on coloured RAM: Linux boots, writes to hvc0, powers off' $?
has "$xen/log" 'Xen on coloured RAM: event channels' 'xen:events: Using 2-level ABI'
has "$xen/log" 'Xen on coloured RAM: the hypervisor reads its command line' \
	'^bulkhead: dom0: by the command line it is told that its memory is direct-mapped'
has "$xen/log" 'Xen on coloured RAM: what dom0 is told' '^guest: xen: features 00066805'
finish
