// SPDX-License-Identifier: Apache-2.0
#include "runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void runs_add(struct mem *m, struct runs *r, struct run run)
{
	if (r->count > 0) {
		struct run *last = &r->v[r->count - 1];

		if (last->in + last->size == run.in && last->out + last->size == run.out &&
		    last->attr == run.attr && last->owner == run.owner) {
			last->size += run.size;
			return;
		}
	}
	r->v = mem_grow(m, r->v, r->count, &r->cap, sizeof(run));
	r->v[r->count++] = run;
}

static int runs_compare_out(const void *a, const void *b)
{
	const struct run *x = a;
	const struct run *y = b;

	if (x->out != y->out) {
		return x->out < y->out ? -1 : 1;
	}
	return (x->owner > y->owner) - (x->owner < y->owner);
}

void runs_sort_by_out(struct runs *r)
{
	if (r->count > 1) {
		qsort(r->v, r->count, sizeof(*r->v), runs_compare_out);
	}
}

const char *attr_text(uint32_t attr)
{
	static const char *const types[] = {
		"device-nGnRnE", "device-nGnRE", "device-nGRE", "device-GRE",
		"normal-nc",	 "normal-wt",	 "normal-wb",	"unknown",
	};
	static char texts[4][48];
	static unsigned int turn;
	const char *share = "";
	char *text = texts[turn++ % 4];

	if ((attr & ATTR_TYPE) >= MEMORY_WT) {
		share = (attr & ATTR_INNER) != 0   ? " inner shareable"
			: (attr & ATTR_OUTER) != 0 ? " outer shareable"
						   : " non-shareable";
	}
	snprintf(text, sizeof(texts[0]), "%s %c%c%c%s%s", types[attr & ATTR_TYPE],
		 (attr & ATTR_READ) != 0 ? 'r' : '-', (attr & ATTR_WRITE) != 0 ? 'w' : '-',
		 (attr & ATTR_EXEC) != 0 ? 'x' : '-', share, (attr & ATTR_LATER) != 0 ? " on demand" : "");
	return text;
}

/* Index of the first span that ends after `at`. */
static size_t spans_find(const struct spans *s, uint64_t at)
{
	size_t lo = 0;
	size_t hi = s->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].hi > at) {
			hi = mid;
		} else {
			lo = mid + 1;
		}
	}
	return lo;
}

/* Replaces spans [first, last) by the `count` given. */
static void spans_replace(struct mem *m, struct spans *s, size_t first, size_t last, const struct span *by,
			  size_t count)
{
	size_t left = s->count - (last - first) + count;

	while (left > s->cap) {
		s->v = mem_grow(m, s->v, s->cap, &s->cap, sizeof(*s->v));
	}
	if (s->count > last) {
		memmove(&s->v[first + count], &s->v[last], (s->count - last) * sizeof(*s->v));
	}
	for (size_t i = 0; i < count; i++) {
		s->v[first + i] = by[i];
	}
	s->count = left;
}

void spans_add(struct mem *m, struct spans *s, uint64_t lo, uint64_t hi)
{
	struct span whole = {lo, hi};
	size_t first;
	size_t last;

	if (lo >= hi) {
		return;
	}
	first = lo == 0 ? 0 : spans_find(s, lo - 1);
	for (last = first; last < s->count && s->v[last].lo <= hi; last++) {
		whole.lo = s->v[last].lo < whole.lo ? s->v[last].lo : whole.lo;
		whole.hi = s->v[last].hi > whole.hi ? s->v[last].hi : whole.hi;
	}
	spans_replace(m, s, first, last, &whole, 1);
}

void spans_remove(struct mem *m, struct spans *s, uint64_t lo, uint64_t hi)
{
	struct span left[2];
	size_t count = 0;
	size_t first = spans_find(s, lo);
	size_t last = first;

	if (lo >= hi) {
		return;
	}
	for (; last < s->count && s->v[last].lo < hi; last++) {
		if (s->v[last].lo < lo) {
			left[count++] = (struct span){s->v[last].lo, lo};
		}
		if (s->v[last].hi > hi) {
			left[count++] = (struct span){hi, s->v[last].hi};
		}
	}
	spans_replace(m, s, first, last, left, count);
}

bool spans_hold(const struct spans *s, uint64_t lo, uint64_t hi)
{
	size_t i = spans_find(s, lo);

	return lo >= hi || (i < s->count && s->v[i].lo <= lo && s->v[i].hi >= hi);
}

bool spans_meet(const struct spans *s, uint64_t lo, uint64_t hi, struct span *common)
{
	size_t i = spans_find(s, lo);

	if (lo >= hi || i == s->count || s->v[i].lo >= hi) {
		return false;
	}
	common->lo = s->v[i].lo > lo ? s->v[i].lo : lo;
	common->hi = s->v[i].hi < hi ? s->v[i].hi : hi;
	return true;
}
