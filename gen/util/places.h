/* SPDX-License-Identifier: Apache-2.0 */
/* Address ranges by where they begin, each with the number of whatever it belongs to. */
#ifndef GEN_UTIL_PLACES_H
#define GEN_UTIL_PLACES_H

#include <stddef.h>
#include <stdint.h>

struct place {
	uint64_t base;
	uint64_t size;
	size_t of;
};

/* All 0: empty. */
struct places {
	struct place *list;
	size_t count;
	size_t room;
};

void places_add(struct places *p, uint64_t base, uint64_t size, size_t of);
/* Ascending, by base and then by `of`; to be done before places_from(). */
void places_sort(struct places *p);
/* The first that does not begin before `base`; count: none. */
size_t places_from(const struct places *p, uint64_t base);
void places_free(struct places *p);

#endif
