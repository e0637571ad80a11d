#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Firmware's tables, damaged in its memory by its own shell, one thing at a time (acpidamage.c): the
# image says by name what is wrong and returns to the shell, or finds nothing wrong. What it took it
# gives back: all rounds are one run. Of those in which it finds nothing wrong some are started: they
# run Linux as ever, or are refused by name. (tests/unit/efi_damage_test.c does thousands, on the host.)
#
# ACPI_DAMAGE_ROUNDS and ACPI_DAMAGE_SEED in the environment: so many, and other ones.
. tests/system/lib.inc

rounds=${ACPI_DAMAGE_ROUNDS:-100} seed=${ACPI_DAMAGE_SEED:-20} starts=2
esp=$WORK/esp
# The same machine each time: then tables are where they were. The shell comes without a delay.
uefi="qemu-system-aarch64 -M virt,virtualization=on,gic-version=3,iommu=smmuv3 -cpu max -smp 4 -m 2G
	-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd -boot menu=on,splash-time=0 -nic none -display none -no-reboot
	-drive if=none,id=esp,format=raw,readonly=on,file=fat:$esp -device virtio-blk-device,drive=esp"
rm -rf "$esp" "$WORK/tables" "$WORK"/start.*
mkdir -p "$esp" "$WORK/tables"

# Without files beside it this one starts nothing, and says so, when it has found nothing wrong.
mk BOARD=qemu-virt-acpi SYSTEM=esp IMG="$WORK/check" >"$WORK/build.log" 2>&1 &&
	cp "$WORK/check/hv.img" "$esp/check.efi" &&
	mk BOARD=qemu-virt-acpi SYSTEM=plain IMG="$WORK/start" DOM0_KERNEL="$OUT/guest/Image" \
		DOM0_INITRD="$OUT/guest/initrd.cpio.gz" DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=poweroff' \
		>>"$WORK/build.log" 2>&1 && cp "$WORK/start/hv.img" "$esp/start.efi"
verdict "the images are built" $?

# shell LOG SECONDS STEPS... -- OPTIONS...: its startup.nsh is run at once. The last 256 MiB of RAM have the tables.
shell() {
	log=$1 seconds=$2
	shift 2
	drive "$log" "$seconds" -e 'any other key to continue' -s ' ' "$@"
}
memory=$WORK/memory memory_base=0xb0000000
echo 'echo no script yet' >"$esp/startup.nsh"
shell "$WORK/tables.log" 30 -e 'no script yet' -s "$(printf '\001')c" -e '(qemu)' \
	-s "pmemsave $memory_base 0x10000000 \"$memory\"\\n" -s 'quit\n' -- $uefi -serial mon:stdio &&
	"$ACPITABLES" "$memory" $memory_base "$WORK/tables" >"$WORK/tables.txt"
verdict "the tables are found in UEFI's memory" $?

# damage [ROUND] >SCRIPT
damage() {
	"$ACPIDAMAGE" "$memory" $memory_base "$seed" "$rounds" "$@" <"$WORK/tables.txt"
}
{
	damage
	printf 'echo "round 0: undamaged"\r\nfs0:check.efi\r\necho "no more rounds"\r\nreset -s\r\n'
} >"$esp/startup.nsh"
shell "$WORK/rounds.log" $((20 + rounds / 4)) -e 'no more rounds' -- $uefi -serial stdio -monitor none
verdict "$rounds damages in one run of UEFI, which goes on after each" $?

# Of each round: its number, table, offset, width, whether the checksum was mended, what came of it.
tr -d '\r' <"$WORK/rounds.log" | sed 's/\x1b\[[0-9;=]*[A-Za-z]//g' | awk '
	function outcome(what) {
		if (round != "") {
			print round, what
		}
		round = ""
	}
	/^round [0-9]+: / { outcome("silent"); sub(/^round /, ""); round = $0; next }
	/^bulkhead: (ACPI: |IORT counts IDs from 1, which is mended)/ { next }
	/^bulkhead: fatal: qemu-virt-acpi: / {
		outcome((/payload\.esp of the system file/ ? "accepted " : / ACPI table/ ? "refused " : "unnamed ") $0)
		next
	}
	/^no more rounds/ { outcome("silent"); ended = 1; next }
	round != "" { outcome("odd " $0) }
	END {
		outcome("silent")
		if (!ended) {
			print "no end"
		}
	}' >"$WORK/outcomes"
! grep -vE ' (accepted|refused) ' "$WORK/outcomes" && [ "$(wc -l <"$WORK/outcomes")" = $((rounds + 1)) ]
verdict "of each it is said by name what is wrong, or that nothing is found wrong" $?
echo "# seed $seed: $(grep -c ' plain refused ' "$WORK/outcomes") refused by checksum," \
	"$(grep -c ' mended refused ' "$WORK/outcomes") by what they say, $(grep -c ' mended accepted ' "$WORK/outcomes") accepted"
grep -q '^0: undamaged accepted ' "$WORK/outcomes"
verdict "with none nothing is found wrong in the end" $?
[ "$(grep -c ' plain ' "$WORK/outcomes")" = $((rounds / 4)) ] && ! grep ' plain accepted ' "$WORK/outcomes"
verdict "with a checksum that is wrong all are refused" $?
[ "$(grep -c ' mended refused ' "$WORK/outcomes")" -ge $((rounds / 4)) ]
verdict "with one that is right a quarter and more are, by what the tables say" $?

# In each of them a field that is read was damaged, of another table.
chosen=$(sed -n 's/^\([0-9]*[13579]\): \([a-z]*\) .* mended accepted .*/\2 \1/p' "$WORK/outcomes" | sort -s -u -k 1,1 |
	sort -n -k 2 | sed "s/.* //; ${starts}q")
[ "$(echo "$chosen" | wc -w)" = $starts ]
verdict "some are accepted" $?
for round in $chosen; do
	{
		damage "$round"
		printf 'reset -s\r\n'
	} >"$esp/startup.nsh"
	shell "$WORK/start.log" 60 -e "round $round: " -- $uefi -serial stdio -monitor none &&
		grep -qE 'reboot: Power down|^bulkhead: fatal: qemu-virt-acpi: .*(ACPI table|firmware)' "$WORK/start.log"
	verdict "round $round: it runs Linux to its end, or is refused by name" $?
	echo "# round $round: $(sed -n "s/^$round: \([a-z]*\) \([0-9]*\) .*/\1, offset \2/p" "$WORK/outcomes")," \
		"$(grep -aoE 'Power down|bulkhead: fatal: .*' "$WORK/start.log")"
	cp "$WORK/start.log" "$WORK/start.$round.log"
done
! grep -anE 'Synchronous Exception|ASSERT|Kernel panic' "$WORK"/rounds.log "$WORK"/start.*.log
verdict "nothing crashes" $?
rm -rf "$esp" "$WORK/check" "$WORK/start" "$memory" "$WORK/tables"
finish
