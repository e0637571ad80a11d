#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/run: a test that ends in whatever way it should not is a failed test.
set -u
n=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# expect NAME LINE SCRIPT: tests/run prints LINE of a test that is SCRIPT.
expect() {
	n=$((n + 1))
	said=$(tests/run 1 "$dir/t.tap" sh -c "$3")
	if printf '%s\n' "$said" | grep -qxF -e "$2"; then
		echo "ok $n - $1"
	else
		printf '%s\n' "$said" | sed 's/^/    /'
		echo "not ok $n - $1"
	fi
}

expect 'results that are as planned' '  PASS    t (2)' 'echo ok 1; echo ok 2; echo 1..2'
expect 'a failed result' '  FAIL    t' 'echo ok 1; echo not ok 2; echo 1..2'
expect 'no result' '    not ok - t: no result' ':'
expect 'an error status without a failed result' '    not ok - t: ended with status 3' 'echo ok 1; exit 3'
expect 'a signal' '    not ok - t: ended with status 134' 'echo ok 1; kill -ABRT $$'
expect 'more time than it has' '    not ok - t: not finished after 1 s' 'echo ok 1; sleep 9'
expect 'a result behind a line that has no end' '    not ok - t: 1 results, and 2 were planned' \
	'echo ok 1; printf "~ # "; echo not ok 2; echo 1..2'
expect 'fewer results than planned' '    not ok - t: 1 results, and 2 were planned' 'echo ok 1; echo 1..2'
echo "1..$n"
