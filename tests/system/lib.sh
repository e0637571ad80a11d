# SPDX-License-Identifier: Apache-2.0
#
# What the system tests share. They use the project as a person does, by `make`,
# with an own image folder below out/<board>/ for each.
#
# From tests/build.mk: OUT, MAKE, DRIVE (the driver of consoles), WORK (a folder).
set -u

n=0
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
mkdir -p "$WORK"

# ok NAME / not_ok NAME: one result.
ok() {
	n=$((n + 1))
	echo "ok $n - $1"
}

not_ok() {
	n=$((n + 1))
	echo "not ok $n - $1"
}

# verdict NAME STATUS
verdict() {
	if [ "$2" = 0 ]; then ok "$1"; else not_ok "$1"; fi
}

finish() {
	echo "1..$n"
}

# mk ARGS...: make in this out folder, installing nothing.
mk() {
	"$MAKE" -s SETUP=no OUT="$OUT" "$@"
}

# boot LOG SECONDS STEPS... -- VARIABLES...: `make run` under the driver, whose
# steps they are. LOG gets the console; after a failure its end is shown.
boot() {
	log=$1 seconds=$2
	shift 2
	for word in "$@"; do
		shift
		if [ "$word" = -- ]; then
			set -- "$@" -- "$MAKE" -s SETUP=no OUT="$OUT" run
		else
			set -- "$@" "$word"
		fi
	done
	if "$DRIVE" -t "$seconds" -o "$log" "$@"; then
		return 0
	fi
	tail -n 40 "$log" | tr -d '\r' | sed 's/^/    /'
	return 1
}

# has LOG NAME PATTERN: a line of the console matches (extended regular expression).
has() {
	if tr -d '\r' <"$1" | grep -qE -e "$3"; then
		ok "$2"
	else
		echo "no line of $1 matches: $3"
		not_ok "$2"
	fi
}
