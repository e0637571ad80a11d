// SPDX-License-Identifier: Apache-2.0
/* The lists that name what is mapped on demand: all of it, nothing else, and rightly. */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

/* Whether a device of the domain's, or a window of the board's, has the name and is there. */
static bool demand_named(const struct subject *s, const struct guest *g, const struct image_demand *x)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; d->owner == g->index && strcmp(d->name, x->name) == 0 && j < d->reg_count; j++) {
			struct span pages = own_pages(&d->reg[j]);

			if (x->range.base >= pages.lo && x->range.base < pages.hi) {
				return true;
			}
		}
	}
	for (size_t i = 0; i < b->window_count; i++) {
		const struct demand_window *w = &b->windows[i];

		if (strcmp(w->name, x->name) == 0 && x->range.base - w->reg.base < w->reg.size) {
			return true;
		}
	}
	return false;
}

static void demand_check(struct subject *s, const struct guest *g)
{
	struct spans listed = {.count = 0}, later = {.count = 0};
	uint64_t end = 0;

	for (size_t i = 0; i < g->walk.runs.count; i++) {
		const struct run *run = &g->walk.runs.v[i];

		if ((run->attr & ATTR_LATER) != 0) {
			spans_add(s->mem, &later, run->in, run->in + run->size);
		}
	}
	for (uint64_t i = 0; i < g->image->demand_count; i++) {
		const struct image_demand *x = &g->image->demand[i];
		uint64_t hi = x->range.base + x->range.size;

		report_count(s->report, PROPERTY_OWNERS, 1);
		if (hi <= x->range.base || x->range.base < end || !demand_named(s, g, x)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, x->range.base, hi, &g->yaml->at, NULL,
				    "'%s' is named among what is mapped on demand, but is not that, or not in its place",
				    x->name);
			return;
		}
		spans_add(s->mem, &listed, x->range.base, hi);
		end = hi;
	}
	for (size_t i = 0; i < later.count; i++) {
		if (!spans_hold(&listed, later.v[i].lo, later.v[i].hi)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, later.v[i].lo, later.v[i].hi, &g->yaml->at,
				    NULL, "it is mapped on demand, but not all of it is named");
		}
		spans_remove(s->mem, &listed, later.v[i].lo, later.v[i].hi);
	}
	for (size_t i = 0; i < listed.count; i++) {
		report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, listed.v[i].lo, listed.v[i].hi, &g->yaml->at,
			    NULL, "it is named among what is mapped on demand, but nothing maps it");
	}
}

void prove_demand(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		demand_check(s, &s->guests[i]);
	}
}
