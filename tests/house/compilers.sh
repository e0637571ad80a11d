#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Everything once more through the other compiler, in a folder of its own. All
# warnings are errors in every build; so what this asks is whether it builds.
set -u
n=0
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC HOSTCC
builds() {
	n=$((n + 1))
	if "$MAKE" -s SETUP=no OUT="$OUT/$OTHER" CC="$OTHER" "$@" >"$WORK.log" 2>&1; then
		echo "ok $n - $OTHER: $*"
	else
		cat "$WORK.log"
		echo "not ok $n - $OTHER: $*"
	fi
}
mkdir -p "${WORK%/*}"
builds host
for board in boards/*/board.yaml; do
	board=${board#boards/}
	builds BOARD="${board%/board.yaml}" image
done
builds payload
builds tools
builds rcar-model
# The fuzzers are clang's, with sanitizers; what is asked here does not depend on them, and they
# would double the time.
builds unit-programs SANITIZE=
echo "1..$n"
