/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of addresses as ascending, disjoint, non-adjacent ranges [base, end).
 * An end of 2^64 cannot be written; addresses stop one page below it.
 */
#ifndef GEN_PLAN_RANGES_H
#define GEN_PLAN_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t base;
	uint64_t end;
};

/* All zero is the empty set. */
struct ranges {
	struct range *list;
	size_t count;
	size_t room;
};

void ranges_free(struct ranges *r);
/* Adds [base, base+size), joining what it touches. size 0 adds nothing. */
void ranges_add(struct ranges *r, uint64_t base, uint64_t size);
/* Removes [base, base+size). */
void ranges_remove(struct ranges *r, uint64_t base, uint64_t size);
/* The whole of [base, base+size) is in the set. */
bool ranges_cover(const struct ranges *r, uint64_t base, uint64_t size);
/* Finds the highest `align`-aligned place (a power of two) for `size` bytes. */
bool ranges_find_top(const struct ranges *r, uint64_t size, uint64_t align, uint64_t *base);

#endif
