#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/board-authoring.md is run: each line of it that begins with "    $ " is a command (a here
# document's lines belong to it), and the lines behind are what it prints, where "..." is any text and
# a line of it any lines.
. tests/system/lib.inc

page=docs/board-authoring.md
steps=$WORK/steps
rm -rf "$steps" "$WORK/home"
mkdir -p "$steps" "$WORK/home"
steps=$(realpath "$steps")
awk -v to="$steps/" '
	/^    \$ / {
		name = to sprintf("%02d", ++n)
		print substr($0, 7) >(name ".command")
		printf "" >(name ".wanted")
		end = match($0, /<<.[A-Z]+.$/) ? substr($0, RSTART + 3, RLENGTH - 4) : ""
		going = 1
		next
	}
	!/^    / { going = 0 }
	going { print substr($0, 5) >(name (end != "" ? ".command" : ".wanted")) }
	end != "" && $0 == "    " end { end = "" }' "$page"

sed -i "s,\bout/,$OUT/,g" "$steps"/*
# Each in this shell, as a person types them, with a home of its own.
HOME=$(realpath "$WORK/home")
export HOME OUT SETUP=no
for command in "$steps"/*.command; do
	. "$command" >"${command%.command}.actual" 2>&1 </dev/null
	sed -i "s,$HOME,/home/you,g" "${command%.command}.actual"
done

# same WANTED ACTUAL: but for what "..." stands for.
same() {
	awk '
		function literal(text) {
			gsub(/[][\\.^$*+?(){}|]/, "\\\\&", text)
			return text
		}
		FNR == NR {
			if ($0 == "...") {
				pattern = pattern "(.*\n)?"
				next
			}
			count = split($0, parts, /\.\.\./)
			for (i = 1; i <= count; i++) {
				pattern = pattern (i > 1 ? "[^\n]*" : "") literal(parts[i])
			}
			pattern = pattern "\n"
			next
		}
		{ actual = actual $0 "\n" }
		END { exit actual !~ ("^" pattern "$") }' "$1" "$2"
}

count=0
for command in "$steps"/*.command; do
	step=${command%.command}
	count=$((count + 1))
	# awk skips a file without lines.
	if [ -s "$step.wanted" ] && same "$step.wanted" "$step.actual"; then
		continue
	elif [ ! -s "$step.wanted" ] && [ ! -s "$step.actual" ]; then
		continue
	fi
	sed 's/^/$ /' "$command"
	diff -u "$step.wanted" "$step.actual"
	not_ok "$(head -n 1 "$command")"
done
[ "$count" -ge 20 ]
verdict "$page: $count commands, and what each prints" $?
[ "$(grep -cE '^    +(make|out/host/bulkhead|bulkhead) ' "$page")" = 0 ]
verdict "$page: no command that is not run" $?
for image in "$OUT/fvp/hv.img" "$OUT/fvp/system-rtos/hv.img"; do
	[ -s "$image" ]
	verdict "$image is there" $?
done
rm -rf "$OUT/fvp" "$WORK/home"
finish
