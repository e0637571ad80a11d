#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# DMA by QEMU's edu devices behind the SMMUv3, driven from outside while the guests
# sleep (tests/system/dma): it reaches a page if and only if the domain that has the
# stream ID maps the page. Of the 65,536 stream IDs most are dom0's, with RAM where it
# is and all devices; some are guest1's, with moved RAM; some are those of a device that
# is nobody's; some are not in the board file at all. dom0 and guest1 share two pieces of
# memory, and of each one of them may only read.
. tests/system/lib.inc

board=$WORK/board soc=$WORK/soc/qemu-virt.yaml log=$WORK/log img=$WORK/img
sock=$WORK/qtest plan=$WORK/plan trace=$WORK/trace
mkdir -p "$board" "$WORK/soc"
cp boards/qemu-virt/*.yaml boards/qemu-virt/run.mk "$board"
cp configs/qemu-virt_defconfig "$board/defconfig"
awk '
/^  pcie:/ {
	print "  nic:\n    iommus: [{iommu: smmu0, id: 0x8000, count: 0x2234}]"
	print "  withheld:\n    status: disabled\n    iommus: [{iommu: smmu0, id: 0xa234, count: 0x1dcc}]"
	print "  rom:\n    reg: [0x04000000, 0x4000]\n    read-only: true"
}
/^    iommu-map:/ {
	print "    iommu-map: [{rid: 0, iommu: smmu0, id: 0, count: 0x8000},"
	print "                {rid: 0xd001, iommu: smmu0, id: 0xd001, count: 0x2fff}]"
	print "    unprotected: some of its functions are other devices"
	next
}
{ print }' boards/soc/qemu-virt.yaml >"$soc"
cat >"$board/dma.yaml" <<'YAML'
shared-memory:
  from-dom0: {size: 0x10000}
  from-guest1: {size: 0x8000}
domains:
  dom0:
    role: hardware
    cpus: [cpu0, cpu1]
    memory: all-others
    devices: all-others
    console: vpl011
    shared-memory: [{name: from-dom0, ipa: 0x0c000000}, {name: from-guest1, ipa: 0x0c010000, access: ro}]
  guest1:
    cpus: [cpu2]
    memory: [{ipa: 0x40000000, size: 0x1000000}]
    devices: [nic]
    console: {type: vpl011, reg: [0x09000000, 0x1000], interrupt: {spi: 1}}
    payload: {cmdline: idle=1}
    shared-memory: [{name: from-dom0, ipa: 0x30000000, access: ro}, {name: from-guest1, ipa: 0x30100000}]
  # One that is awake meanwhile.
  clock:
    cpus: [cpu3]
    memory: [{ipa: 0x40000000, size: 0x1000000}]
    payload: {cmdline: beats=0}
YAML

# 256 functions behind one root port.
for i in $(seq 0 255); do
	printf '[device]\ndriver = "edu"\nbus = "rp"\naddr = "%x.%x"\nmultifunction = "on"\n' $((i / 8)) $((i % 8))
	echo 'dma_mask = "0xffffffffffffffff"'
done >"$WORK/edus.cfg"

rm -f "$sock" "$trace" "$WORK/pid"
timeout -k 5 550 "$MAKE" -s SETUP=no OUT="$OUT" BOARD=test-dma BOARD_DIR="$board" IMG="$img" SYSTEM=dma \
	SET="guest1.kernel=$OUT/payload/hello.img clock.kernel=$OUT/payload/hello.img" DOM0_KERNEL="$OUT/payload/hello.img" DOM0_INITRD= \
	DOM0_CMDLINE=idle=1 QEMU_EXTRA="-device pcie-root-port,id=rp,chassis=1,addr=1 -readconfig $WORK/edus.cfg \
		-accel tcg -icount shift=0,sleep=off -trace smmuv3_translate_success -D $trace \
		-machine memory-backend=ram -object memory-backend-memfd,id=ram,size=2G -pidfile $WORK/pid \
		-qtest unix:$sock,server=on,wait=off -qtest-log none" run </dev/null >"$log" 2>&1 &
pid=$!
for i in $(seq 90); do
	[ "$(grep -c 'hello 0: EL1' "$log")" = 2 ] && break
	kill -0 $pid 2>/dev/null || break
	sleep 1
done
[ "$(grep -c 'hello 0: EL1' "$log")" = 2 ]
verdict "the machine starts, both domains sleep" $?

# ram DOMAIN: "map IPA PA SIZE" of each piece of its RAM, where the generator put it.
ram() {
	sed -n "/\"name\": \"$1\"/,/\"entry\"/s/.*\"ipa\": \"\([^\"]*\)\", \"pa\": \"\([^\"]*\)\", \"size\": \"\([^\"]*\)\".*/map \1 \2 \3/p" \
		"$img/build.json"
}

# shared NAME: where the generator put that memory, and its size.
shared() {
	sed -n "s/.*\"name\": \"$1\", \"pa\": \"\([^\"]*\)\", \"size\": \"\([^\"]*\)\".*/\1 \2/p" "$img/build.json"
}

# devices: "map BASE BASE SIZE [ro]" of each device in the board file but for the
# console, which the hypervisor plays.
devices() {
	awk '
	function tell() {
		for (i = 0; i < count && name != "uart0"; i++) {
			print "map", base[i], base[i], size[i], mode
		}
		count = 0
		mode = ""
	}
	/^devices:/ { on = 1 }
	/^  [^ ]/ { tell(); name = $1; sub(":", "", name) }
	on && /^(    reg:|      - \[)/ {
		sub(/#.*/, "")
		gsub(/[^0-9a-fx ]/, " ")
		base[count] = $(NF - 1)
		size[count++] = $NF
	}
	/^    read-only: true/ { mode = "ro" }
	END { tell() }' "$soc"
}

{
	echo 'ram 0x40000000 0x80000000'
	echo 'owner dom0'
	ram dom0
	devices
	echo "map 0x0c000000 $(shared from-dom0)"
	echo "map 0x0c010000 $(shared from-guest1) ro"
	printf 'streams 0 0x7fff\nstreams 0xd001 0xffff\n'
	echo 'owner guest1'
	ram guest1
	echo "map 0x30000000 $(shared from-dom0) ro"
	echo "map 0x30100000 $(shared from-guest1)"
	echo 'streams 0x8000 0xa233'
	# The hypervisor, its console, what it drives of the GIC and the SMMU, the ITS,
	# the highest IPA and the one behind it.
	for page in 0 0x40200000 0x402ff000 0x09000000 0x08000000 0x080a0000 0x09050000 0x09060000 0x08080000 \
		0x08090000 0xfffffff000 0x10000000000; do
		echo "edge $page"
	done
} >"$plan"

# QEMU's RAM is a file that nothing but QEMU has open.
ram=$(ls -l "/proc/$(cat "$WORK/pid")/fd" | sed -n 's,.* \([0-9]*\) -> /memfd:memory-backend-memfd.*,\1,p' | head -n 1)
timeout 500 "$DMA" "$sock" "$trace" "$plan" "/proc/$(cat "$WORK/pid")/fd/$ram" >"$WORK/sweep"
status=$?
cat "$WORK/sweep"
for owner in dom0 guest1 nobody; do
	for what in page 'stream ID'; do
		reached='[1-9][0-9]*'
		[ $owner = nobody ] && reached=0
		grep -qE "^dma: $owner, every $what: $reached reached, [1-9][0-9]* not, 0 wrong" "$WORK/sweep"
		verdict "$owner: every $what: DMA reaches what is mapped and nothing else" $?
	done
done
[ $status = 0 ]
verdict "the sweep comes to its end" $?
has "$log" "what was aborted is told by name: dom0's" \
	'smmu0: pcie of dom0, stream 0x[0-9a-f]+: F_TRANSLATION, read at IPA 0x[0-9a-f]+, .*qemu-virt\.yaml:[0-9]+'
has "$log" "what was aborted is told by name: guest1's" 'smmu0: nic of guest1, stream 0x[89a][0-9a-f]{3}: F_TRANSLATION, '
has "$log" "what was aborted is told by name: nobody's" 'smmu0: withheld of nobody, stream 0x[ab][0-9a-f]{3}: C_BAD_STR?E(AMID)? '
kill $pid 2>/dev/null
wait
rm -f "$trace"
finish
