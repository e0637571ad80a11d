// SPDX-License-Identifier: Apache-2.0
#include "plan/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "types.h"
#include "util/arena.h"
#include "util/search.h"

void ranges_free(struct ranges *r)
{
	free(r->list);
	*r = (struct ranges){0};
}

static void ranges_insert(struct ranges *r, size_t at, struct range new)
{
	if (r->count == r->room) {
		r->room = r->room == 0 ? 16 : r->room * 2;
		r->list = memory_resize(r->list, r->room, sizeof(r->list[0]));
	}
	memmove(&r->list[at + 1], &r->list[at], (r->count - at) * sizeof(r->list[0]));
	r->list[at] = new;
	r->count++;
}

static void ranges_drop(struct ranges *r, size_t at, size_t count)
{
	if (count == 0) {
		return;
	}
	memmove(&r->list[at], &r->list[at + count], (r->count - at - count) * sizeof(r->list[0]));
	r->count -= count;
}

/* The first range that does not end before `at`. */
static size_t ranges_from(const struct ranges *r, uint64_t at)
{
	return SEARCH_FROM(r->list, r->count, end, at);
}

void ranges_add(struct ranges *r, uint64_t base, uint64_t size)
{
	struct range new = {base, base + size};
	size_t at = ranges_from(r, base), joined = 0;

	if (size == 0) {
		return;
	}
	while (at + joined < r->count && r->list[at + joined].base <= new.end) {
		const struct range *old = &r->list[at + joined];
		new.base = old->base < new.base ? old->base : new.base;
		new.end = old->end > new.end ? old->end : new.end;
		joined++;
	}
	ranges_drop(r, at, joined);
	ranges_insert(r, at, new);
}

void ranges_remove(struct ranges *r, uint64_t base, uint64_t size)
{
	uint64_t end = base + size;
	size_t at = ranges_from(r, base), gone = 0;

	if (size == 0) {
		return;
	}
	if (at < r->count && r->list[at].base < base) {
		uint64_t rest = r->list[at].end;
		r->list[at++].end = base;
		if (rest > end) {
			ranges_insert(r, at, (struct range){end, rest});
		}
	}
	while (at + gone < r->count && r->list[at + gone].end <= end) {
		gone++;
	}
	ranges_drop(r, at, gone);
	if (at < r->count && r->list[at].base < end) {
		r->list[at].base = end;
	}
}

bool ranges_cover(const struct ranges *r, uint64_t base, uint64_t size)
{
	size_t at = ranges_from(r, base + size);

	return at < r->count && base >= r->list[at].base && base + size <= r->list[at].end;
}

bool ranges_find_top(const struct ranges *r, uint64_t size, uint64_t align, uint64_t *base)
{
	for (size_t i = r->count; i > 0; i--) {
		const struct range *x = &r->list[i - 1];
		if (x->end - x->base < size) {
			continue;
		}
		uint64_t place = ALIGN_DOWN(x->end - size, align);
		if (place >= x->base) {
			*base = place;
			return true;
		}
	}
	return false;
}
