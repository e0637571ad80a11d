#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Rules that the tree itself keeps: licence lines, file sizes, no built files.
set -u
n=0
verdict() { # NAME COMPLAINTS: none is good
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		printf '%s\n' "$2"
		echo "not ok $n - $1"
	fi
}

files() {
	if [ -e .git ]; then
		# A file that is gone from the working tree is about to leave the index too.
		git -c safe.directory='*' ls-files | while read -r f; do [ ! -f "$f" ] || echo "$f"; done
	else
		find . -type f ! -path './out/*' | sed 's,^\./,,'
	fi
}
tree=$(files)
code=$(printf '%s\n' "$tree" | grep -E '\.(c|h|S|ld|mk|sh|yaml|def)$|(^|/)(Makefile|Kconfig[^/]*|run|init)$|_defconfig$' |
	grep -vE '^tests/(golden|fuzz/corpus)/.*\.yaml$')

verdict "the tree has files" "$([ "$(printf '%s\n' "$code" | wc -l)" -gt 50 ] || echo "only: $code")"
verdict "an SPDX line in the first three lines of each source file" "$(for f in $code; do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$f"
done)"
verdict "no source file over 400 lines" "$(for f in $(printf '%s\n' "$code" | grep -E '\.(c|h|S|sh|mk|def)$'); do
	lines=$(wc -l <"$f")
	[ "$lines" -le 400 ] || echo "$f: $lines lines"
done)"
verdict "no line over 110 characters in C and assembly" "$(for f in $(printf '%s\n' "$code" |
	grep -E '\.(c|h|S)$'); do
	awk -v f="$f" 'length > 110 { print f ":" FNR ": " length }' "$f"
done)"
verdict "no built file is tracked" "$(printf '%s\n' "$tree" |
	grep -E '\.(o|a|bin|elf|img|itb|dtb|dts|dtsi|ko|deb|gz)$')"
verdict "no #if inside a function body of the hypervisor" "$(for f in $(printf '%s\n' "$code" | grep -E '^hv/.*\.c$'); do
	awk -v f="$f" '/^\{/ { body = 1 } /^\}/ { body = 0 } body && /^#[ \t]*if/ { print f ":" FNR ": " $0 }' "$f"
done)"
verdict "nothing left undone" "$(for f in $(printf '%s\n' "$code" | grep -vE '^tests/house/'); do
	grep -nwE 'TODO|FIXME|XXX' "$f" | sed "s,^,$f:,"
done)"
codes=$(sed -nE 's/^CODE\(([0-9]+),.*/\1/p' gen/diag/codes*.def | sort -n)
verdict "the generator has codes" "$([ "$(printf '%s\n' "$codes" | wc -l)" -gt 100 ] || echo "only: $codes")"
verdict "each code of the generator has its line in docs/checks.md" "$(for code in $codes; do
	grep -q "^| HV$(printf %04d "$code") |" docs/checks.md || echo "HV$(printf %04d "$code")"
done)"
verdict "no code in docs that the generator does not have" "$(grep -ohE 'HV0[0-9]{3}' README.md docs/*.md boards/*/README.md |
	sort -u | while read -r code; do
	printf '%s\n' "$codes" | grep -qx "$((1${code#HV0} - 1000))" || echo "$code"
done)"
echo "1..$n"
