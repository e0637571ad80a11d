#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# make report; and the pages in a real browser: on a phone, 390 pixels wide, in the dark, on
# a wide screen and on paper. tests/unit/report_test.c says what must stand in them.
. tests/system/lib.inc

BULKHEAD=$OUT/host/bulkhead
mkdir -p "$WORK/pages" "$WORK/shots"

mk BOARD=rcar-h3 report >"$WORK/report.txt" 2>&1
verdict "make BOARD=rcar-h3 report" $?
page=$(tail -n 1 "$WORK/report.txt")
[ "$page" = "$OUT/rcar-h3/report.html" ] && cp "$page" "$WORK/pages/rcar-h3.html"
verdict "it names the page" $?
grep -q 'Verified: all properties hold' "$page" &&
	grep -q '<h3 id="protected">Protected: 20</h3>' "$page" &&
	grep -q '<h3 id="unprotected">Unprotected: 30</h3>' "$page" && grep -q '<h2>IOMMUs: 17</h2>' "$page"
verdict "rcar-h3: verified, 20 masters protected and 30 not, 17 IPMMUs" $?

bad=
for file in boards/*/*.yaml; do
	board=${file%/*} system=$(basename "$file" .yaml)
	case $board/$system in boards/soc/* | */board) continue ;; esac
	"$BULKHEAD" report "$board" --system "$system" -o "$WORK/all/${board#boards/}-$system.html" 2>"$WORK/log" &&
		tail -n 1 "$WORK/all/${board#boards/}-$system.html" | grep -qx '</html>' || bad="$bad $board/$system"
done
echo "without a page:$bad"
[ -z "$bad" ] && [ "$(ls "$WORK/all" | wc -l)" -gt 8 ]
verdict "every system of every board has a page" $?
for name in qemu-virt-four-domains qemu-virt-colored qemu-virt-msi qemu-virt-gicv2-system qdf2400-acpi-system; do
	cp "$WORK/all/$name.html" "$WORK/pages"
done
"$BULKHEAD" report tests/system/report --verify tests/system/report/verify.json -o "$WORK/pages/hostile.html" \
	2>"$WORK/log"
status=$?
sed 's/^/    /' "$WORK/log"
verdict "names that are markup, and words that are long" "$status"

# What is wrong is a line with something behind the colon.
if "$BROWSER" chromium-headless-shell tests/system/report.js "$WORK/shots" "$WORK"/pages/*.html >"$WORK/browser.txt"; then
	for name in rcar-h3 qemu-virt-four-domains qemu-virt-colored qemu-virt-msi qemu-virt-gicv2-system \
		qdf2400-acpi-system hostile; do
		grep "^$name.html .*: " "$WORK/browser.txt"
		[ "$(grep -c "^$name.html .*:\$" "$WORK/browser.txt")" = 5 ]
		verdict "$name: nothing overflows at 390 pixels, all can be read, in the dark and on paper" $?
	done
else
	not_ok "the browser ran"
fi

# The check itself can tell: a page with a word that is too wide and letters that are too pale.
mkdir -p "$WORK/broken"
sed 's/overflow-wrap:anywhere/white-space:nowrap/; s/--dim:#59636e/--dim:#c9d3de/' "$WORK/pages/hostile.html" \
	>"$WORK/broken/broken.html"
"$BROWSER" chromium-headless-shell tests/system/report.js "$WORK/shots" "$WORK/broken/broken.html" >"$WORK/broken.txt"
grep -q 'phone-light: wider than the screen' "$WORK/broken.txt" && grep -q 'wide-light: .*contrast' "$WORK/broken.txt"
verdict "a page that is too wide and too pale is seen to be" $?
finish
