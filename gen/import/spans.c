// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "import/settle.h"
#include "types.h"
#include "util/search.h"

void spans_put(struct import *im, struct s_spans *s, const struct i_range *r, size_t device, size_t index)
{
	uint64_t base = ALIGN_DOWN(r->base, PAGE_SIZE), last = i_last(r) | (PAGE_SIZE - 1);

	if (r->size == 0) {
		return;
	}
	/* All 64 bits of addresses would have a size of 0: half of them hits as much. */
	last = last - base == UINT64_MAX ? last / 2 : last;
	s->list = import_grow(im, s->list, s->count, sizeof(s->list[0]));
	s->list[s->count++] = (struct s_span){
		.r = {base, last - base + 1}, .device = device, .index = index};
}

static int span_compare(const void *a, const void *b)
{
	const struct s_span *x = a, *y = b;

	if (x->r.base != y->r.base) {
		return x->r.base < y->r.base ? -1 : 1;
	}
	if (x->device != y->device) {
		return x->device < y->device ? -1 : 1;
	}
	return x->index < y->index ? -1 : x->index > y->index;
}

void spans_order(struct s_spans *s)
{
	uint64_t reach = 0;

	if (s->count > 0) {
		qsort(s->list, s->count, sizeof(s->list[0]), span_compare);
	}
	for (size_t i = 0; i < s->count; i++) {
		reach = i_last(&s->list[i].r) > reach ? i_last(&s->list[i].r) : reach;
		s->list[i].reach = reach;
	}
}

size_t spans_hit(const struct s_spans *s, const struct i_range *r, size_t from)
{
	uint64_t base = ALIGN_DOWN(r->base, PAGE_SIZE), last = i_last(r) | (PAGE_SIZE - 1);
	/* The first that reaches to base; reach never falls. */
	size_t first = SEARCH_FROM(s->list, s->count, reach, base);

	for (size_t i = first > from ? first : from; i < s->count && s->list[i].r.base <= last; i++) {
		if (i_last(&s->list[i].r) >= base) {
			return i;
		}
	}
	return IMPORT_NONE;
}
