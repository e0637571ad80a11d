// SPDX-License-Identifier: Apache-2.0
/* Property 2 in the cache: no page of a domain has a colour that is not the domain's, and
 * no colour is two domains'. */
#include <inttypes.h>

#include "subject.h"

static bool colors_hold(const struct domain *d, uint64_t color)
{
	return color >= d->color_first && color - d->color_first < d->color_count;
}

static void prove_pages(struct subject *s, const struct guest *g)
{
	const struct domain *d = g->yaml;

	for (size_t i = 0; i < g->ram.count; i++) {
		for (uint64_t pa = g->ram.v[i].lo; pa < g->ram.v[i].hi; pa += PAGE_SIZE) {
			uint64_t color = pa / PAGE_SIZE % s->board->colors;

			report_count(s->report, PROPERTY_OWNERS, 1);
			if (!colors_hold(d, color)) {
				report_fail(s->report, PROPERTY_OWNERS, d->name, pa, pa + PAGE_SIZE,
					    &d->colors_at, NULL,
					    "cache colour %" PRIu64 " of this page is not the domain's", color);
			}
		}
	}
}

static void prove_pair(struct subject *s, const struct domain *a, const struct domain *b)
{
	bool both = b->color_count == 0 || colors_hold(a, b->color_first) || colors_hold(b, a->color_first);

	if (both) {
		report_fail(s->report, PROPERTY_OWNERS, a->name, a->color_first, a->color_first + a->color_count,
			    &a->colors_at, &b->at, "domain '%s' has cache colours of this one", b->name);
	}
}

void prove_colors(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];
		const struct color_set *c = &g->image->desc.colors;
		const struct domain *d = g->yaml;
		bool colored = d->color_count != 0;

		if (c->of != (colored ? s->board->colors : 0) || c->first != d->color_first ||
		    c->count != d->color_count || (colored && (c->of & (c->of - 1)) != 0)) {
			report_fail(s->report, PROPERTY_OWNERS, d->name, c->first, (uint64_t)c->first + c->count,
				    &d->colors_at, NULL, "the image gives it %u of %u cache colours from %u on",
				    c->count, c->of, c->first);
		}
		if (!colored || s->board->colors == 0) {
			continue;
		}
		prove_pages(s, g);
		for (size_t n = 0; n < s->guest_count; n++) {
			if (n != i && (n > i || s->guests[n].yaml->color_count == 0)) {
				prove_pair(s, d, s->guests[n].yaml);
			}
		}
	}
}
