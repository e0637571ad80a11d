/* SPDX-License-Identifier: Apache-2.0 */
/* Halving searches in sorted lists. */
#ifndef GEN_UTIL_SEARCH_H
#define GEN_UTIL_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/* The first of `count` elements whose `field`, a uint64_t that never falls from one to the next,
 * is at least `at`; count: none. */
#define SEARCH_FROM(list, count, field, at) \
	search_from(list, count, sizeof((list)[0]), offsetof(__typeof__((list)[0]), field), at)

size_t search_from(const void *list, size_t count, size_t size, size_t field, uint64_t at);

#endif
