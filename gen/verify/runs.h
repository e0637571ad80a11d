/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs of addresses: what tables map, merged, so that a gigabyte in one block
 * costs what a page costs; and sets of addresses with the usual operations.
 */
#ifndef VERIFY_RUNS_H
#define VERIFY_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"

/* Attributes of mapped memory, the same for both stages. */
enum memory_type {
	MEMORY_NGNRNE,
	MEMORY_NGNRE,
	MEMORY_NGRE,
	MEMORY_GRE,
	MEMORY_NC,
	MEMORY_WT,
	MEMORY_WB,
};

#define ATTR_TYPE 0x7u /* enum memory_type */
#define ATTR_READ 0x8u
#define ATTR_WRITE 0x10u
#define ATTR_EXEC 0x20u
/* Cacheable memory only; everything else is outer shareable whatever SH says
 * (DDI 0487 D8.6.2), and has none of these bits. */
#define ATTR_INNER 0x40u
#define ATTR_OUTER 0x80u
/* Stage 2: the leaf is complete but not valid, and the hypervisor may make it so. */
#define ATTR_LATER 0x100u

/* [in, in+size) translates to [out, out+size) with `attr`. */
struct run {
	uint64_t in;
	uint64_t out;
	uint64_t size;
	uint32_t attr;
	uint32_t owner; /* whose map it stands in */
};

struct runs {
	struct run *v;
	size_t count;
	size_t cap;
};

/* Adds a run behind the last one; joins them when they continue each other. */
void runs_add(struct mem *m, struct runs *r, struct run run);
/* Sorts by output address, then owner. */
void runs_sort_by_out(struct runs *r);
/* Describes attributes, for example "device-nGnRE rw-". The text is static, valid
 * until the fourth call from here. */
const char *attr_text(uint32_t attr);

/* A set of addresses: spans ascending, disjoint, not touching. */
struct span {
	uint64_t lo;
	uint64_t hi; /* exclusive */
};

struct spans {
	struct span *v;
	size_t count;
	size_t cap;
};

void spans_add(struct mem *m, struct spans *s, uint64_t lo, uint64_t hi);
void spans_remove(struct mem *m, struct spans *s, uint64_t lo, uint64_t hi);
/* Whether all of [lo, hi) is in the set. */
bool spans_hold(const struct spans *s, uint64_t lo, uint64_t hi);
/* Finds the first common part of [lo, hi) and the set. */
bool spans_meet(const struct spans *s, uint64_t lo, uint64_t hi, struct span *common);

#endif
