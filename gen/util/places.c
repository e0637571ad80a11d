// SPDX-License-Identifier: Apache-2.0
#include "util/places.h"

#include <stdlib.h>

#include "util/arena.h"
#include "util/search.h"

void places_add(struct places *p, uint64_t base, uint64_t size, size_t of)
{
	if (p->count == p->room) {
		p->room = p->room == 0 ? 256 : p->room * 2;
		p->list = memory_resize(p->list, p->room, sizeof(p->list[0]));
	}
	p->list[p->count++] = (struct place){base, size, of};
}

static int place_compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->base != y->base) {
		return x->base < y->base ? -1 : 1;
	}
	return x->of < y->of ? -1 : x->of > y->of;
}

void places_sort(struct places *p)
{
	if (p->count > 0) {
		qsort(p->list, p->count, sizeof(p->list[0]), place_compare);
	}
}

size_t places_from(const struct places *p, uint64_t base)
{
	return SEARCH_FROM(p->list, p->count, base, base);
}

void places_free(struct places *p)
{
	free(p->list);
	*p = (struct places){0};
}
