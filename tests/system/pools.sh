#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Nothing of the hypervisor's grows when a domain starts again: one that takes of all that
# there is for a domain, and gives nothing back (tests/payload/spender.c), is restarted
# RESTARTS times by a control domain. QEMU's memory is a file: the hypervisor's, all of it, is
# compared as it is after the first five and after the last.
#
# What may differ: positions that have moved together (those of a lock that is free, of a
# ring that holds as much as before), and what is listed in `expected`.
. tests/system/lib.inc

restarts=${RESTARTS:-100}
log=$WORK/log img=$WORK/img ram=$WORK/ram
pxb='-device pxb-pcie,id=pxb,bus=pcie.0,bus_nr=16,addr=1 -device pcie-root-port,id=rp1,bus=pxb,chassis=1,addr=2'
edu='-device edu,bus=rp1,dma_mask=0xffffffffffffffff'

# Of each object, how many words may differ by themselves, and why. Queues and stacks have
# contents that are over; 0 is any number.
cat >"$WORK/expected" <<'END'
smmu0_cmdq 0 commands that are done
smmu0_evtq 0 events that were taken
cpu_stacks 0 what is below the stack pointer, and the registers that a CPU saved last
console 2 the end of the last turn
watchdogs 4 deadlines
its_queue 0 commands that are done
itses 1 where its queue is
smmus 4 where the event queue is, and a period's end
domains 24 starts, the end of its trial, characters of dom0's that were sent and received
queues 1 the character that was typed
END

# snapshot NAME: the command that takes one, when the line has been written whole.
nl='
'
snapshot() {
	echo "sleep 1 && dd if=$ram of=$WORK/$1 bs=1M skip=2 count=1 2>/dev/null"
}

rm -f "$ram" "$WORK/before" "$WORK/after"
boot "$log" $((40 + restarts / 4)) -e 'boss: pauses after 5' -e "$nl" -x "$(snapshot before)" -s x \
	-e "boss: pauses after $restarts" -e "$nl" -x "$(snapshot after)" -q -- BOARD=test-pools BOARD_DIR=tests/system/pools \
	IMG="$img" DOM0_KERNEL="$OUT/payload/boss.img" DOM0_INITRD= \
	DOM0_CMDLINE="told=1 runs=$restarts pause=5 work=400" SET="spender.kernel=$OUT/payload/spender.img" \
	QEMU_EXTRA="$pxb $edu -object memory-backend-file,id=ram,size=2G,mem-path=$ram,share=on \
		-machine memory-backend=ram -accel tcg -icount shift=0,sleep=off"
verdict "a domain that takes all is restarted $restarts times" $?
rm -f "$ram"
lines "$log" >"$log.text"
[ "$(grep -c 'spender: all is taken$' "$log.text")" = "$restarts" ]
verdict "it gets all of it each time" $?

# grown BEFORE AFTER: what differs, but may not. Status 1 if there is any.
grown() {
	od -An -v -tu4 -w4 "$1" >"$WORK/words.before"
	od -An -v -tu4 -w4 "$2" >"$WORK/words.after"
	# In the memory for LPIs the ITS's queue, a page, is an object of its own.
	queue=$(sed -n 's/.*\.queue = (uint64_t \*)\(0x[0-9a-f]*\),.*/\1/p' "$img/tables.c" | head -n 1)
	{
		"${CROSS_COMPILE:-aarch64-linux-gnu-}nm" -n --radix=d "$img/hv.elf"
		printf '%016d A %s\n' $((queue)) its_queue $((queue + 4096)) behind_its_queue
	} | sort -s -n -k 1,1 >"$WORK/symbols"
	paste "$WORK/words.before" "$WORK/words.after" | awk -v base=$((0x40200000)) '
	FILENAME != "-" && FILENAME ~ /expected$/ { may[$1] = $2; next }
	FILENAME != "-" { if ($1 >= base && $3 != last) { at[++n] = $1 - base; last = name[n] = $3 }; next }
	{ word++ }
	$1 != $2 {
		where = (word - 1) * 4
		while (i < n && at[i + 1] <= where) {
			i++
		}
		delta = $2 - $1 + ($2 < $1 ? 4294967296 : 0)
		moved = where == before + 4 && delta == delta_before && name[i] == owner
		if (moved && alone) {
			single[owner]--
		}
		alone = !moved
		single[name[i]] += alone
		if (++lines[name[i]] <= 40) text[name[i]] = text[name[i]] "\n#   at " where - at[i] ": " $1 ", then " $2
		before = where
		delta_before = delta
		owner = name[i]
		differ++
	}
	END {
		for (o in single) {
			if (single[o] > 0 && !(o in may)) {
				bad = 1
				print "# " o text[o]
			} else if (may[o] > 0 && single[o] > may[o]) {
				bad = 1
				print "# " o ": " single[o] " words" text[o]
			}
		}
		if (word != 262144 || differ + 0 == 0) {
			print "# " word + 0 " words, of which " differ + 0 " differ"
			bad = 1
		}
		exit bad
	}' "$WORK/expected" "$WORK/symbols" -
}

if ! [ -s "$WORK/before" ] || ! [ -s "$WORK/after" ]; then
	not_ok "the hypervisor's memory could be looked at"
	finish
	exit
fi
grown "$WORK/before" "$WORK/after"
verdict "nothing of the hypervisor's has grown" $?

# It would be seen: one more entry of a table that nested stage 1 uses, one step of a counter.
for object in nested_groups plan_tables vsmmus plan_lpi behind_its_queue; do
	at=$(awk -v o=$object -v base=$((0x40200000)) '$3 == o { print $1 - base }' "$WORK/symbols")
	cp "$WORK/after" "$WORK/worse"
	printf '\252' | dd of="$WORK/worse" bs=1 seek=$((at + 16)) conv=notrunc 2>/dev/null
	! grown "$WORK/before" "$WORK/worse" >"$WORK/seen" && grep -q "^# $object" "$WORK/seen"
	verdict "a byte of $object would be seen" $?
done
finish
