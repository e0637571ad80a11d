#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hv/: a folder calls only what stands to its right (docs/architecture.md). A
# header is how one folder reaches another, so the includes tell. And the
# programs share no more code than they may: verify none, gen the contract and
# the stage-2 builder.
set -u
n=0
verdict() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		printf '%s\n' "$2"
		echo "not ok $n - $1"
	fi
}

# includes FOLDER: "file:line folder/header" for each quoted include below it.
includes() {
	grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' --include='*.[chS]' "$1" |
		sed -E 's/^([^:]*:[0-9]+):[^"]*"([^"]*)".*/\1 \2/'
}

verdict "hv/ has includes to look at" "$([ "$(includes hv | wc -l)" -gt 50 ] || echo "too few")"

# Folders of one rank do not know each other.
verdict "hv/: includes go to the right only" "$(includes hv | awk '
	BEGIN {
		rank["core"] = 9; rank["guest"] = 8; rank["domain"] = 7
		rank["firmware"] = 6; rank["iommu"] = 6; rank["irq"] = 6
		rank["mm"] = 5; rank["drivers"] = 4; rank["lib"] = 3; rank["arch"] = 2; rank["include"] = 1
	}
	{
		split($1, path, "/")
		from = path[2]
		to = index($2, "/") ? substr($2, 1, index($2, "/") - 1) : "include"
		if (!(from in rank) || !(to in rank)) {
			print $1 ": " $2 ": no such folder of hv/ is known"
		} else if (from != to && rank[to] >= rank[from]) {
			print $1 ": " from "/ includes " $2
		}
	}')"

verdict "hv/: only arch/ holds assembly" "$(
	find hv -name '*.S' ! -path 'hv/arch/*'
	grep -rnE '\b(__asm__|asm)\b[[:space:]]*(volatile|__volatile__|goto)?[[:space:]]*\(' --include='*.[ch]' hv |
		grep -v '^hv/arch/'
)"

# The model of the IPMMU is for firmware that plays the board as well.
verdict "tests/models/ipmmu*: no header but the types and string.h" "$(
	grep -nE '^#[[:space:]]*include' tests/models/ipmmu*.[ch] |
		grep -vE '"(models/ipmmu(_priv)?|types)\.h"$|<string\.h>$')"

# verify proves what the generator and the hypervisor did: it trusts their types alone.
verdict "gen/verify includes nothing of the others but the contract" "$(includes gen/verify |
	awk '$2 !~ /^(verify\/|tables\.h$|home\.h$|types\.h$)/ { print $1 ": " $2 }' |
	while read -r where what; do [ -f "gen/verify/$what" ] || echo "$where $what"; done)"
verdict "gen/ includes nothing of verify, and of hv/ the contract, descriptors, stage 2 and the ACPI reader only" "$(
	includes gen | grep -v '^gen/verify/' |
		awk '$2 ~ /^(verify|core|guest|domain|firmware|iommu|irq|drivers|lib|arch)\// &&
			!($1 ~ /^gen\/import\// && $2 ~ /^firmware\/acpi\//) { print }
		     $2 ~ /^mm\// && $2 !~ /^mm\/(stage2|(el2|smmu)_desc\.h$)/ { print }')"

# One way: yaml > schema > model > check > plan > emit, report; diag and util beside them.
verdict "gen/: data flows one way" "$(includes gen | grep -v '^gen/verify/' | awk '
	BEGIN {
		rank["util"] = 1; rank["diag"] = 2; rank["yaml"] = 3; rank["schema"] = 4
		rank["model"] = 5; rank["check"] = 6; rank["plan"] = 7; rank["emit"] = 8; rank["report"] = 8
	}
	{
		split($1, path, "/")
		from = path[2]
		to = index($2, "/") ? substr($2, 1, index($2, "/") - 1) : from
		if ((from in rank) && (to in rank) && rank[to] > rank[from]) {
			print $1 ": " from "/ includes " $2
		}
	}')"
echo "1..$n"
