// SPDX-License-Identifier: Apache-2.0
/* Property 2 in the cache: no page of a domain or of the hypervisor has a colour that is
 * not its own, and no colour is two's. */
#include <inttypes.h>

#include "subject.h"

static bool colors_hold(const struct colors *c, uint64_t color)
{
	return color >= c->first && color - c->first < c->count;
}

static void prove_pages(struct subject *s, const char *name, const struct spans *ram, const struct colors *c)
{
	for (size_t i = 0; i < ram->count; i++) {
		for (uint64_t pa = ram->v[i].lo; pa < ram->v[i].hi; pa += PAGE_SIZE) {
			uint64_t color = pa / PAGE_SIZE % s->board->colors;

			report_count(s->report, PROPERTY_OWNERS, 1);
			if (!colors_hold(c, color)) {
				report_fail(s->report, PROPERTY_OWNERS, name, pa, pa + PAGE_SIZE, &c->at,
					    NULL, "cache colour %" PRIu64 " of this page is not its owner's",
					    color);
			}
		}
	}
}

static void prove_pair(struct subject *s, const char *name, const struct colors *a,
		       const struct domain *other)
{
	const struct colors *b = &other->colors;

	if (b->count == 0 || colors_hold(a, b->first) || colors_hold(b, a->first)) {
		report_fail(s->report, PROPERTY_OWNERS, name, a->first, a->first + a->count, &a->at, &other->at,
			    "domain '%s' has cache colours of this one", other->name);
	}
}

static void prove_domain(struct subject *s, const struct guest *g)
{
	const struct color_set *c = &g->image->desc.colors;
	const struct colors *want = &g->yaml->colors;
	uint64_t of = want->count != 0 ? s->board->colors : 0;

	if (c->of != of || c->first != want->first || c->count != want->count || (of & (of - 1)) != 0) {
		report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, c->first, (uint64_t)c->first + c->count,
			    &want->at, NULL, "the image gives it %u of %u cache colours from %u on", c->count,
			    c->of, c->first);
	}
	if (of != 0) {
		prove_pages(s, g->yaml->name, &g->ram, want);
	}
}

void prove_colors(struct subject *s)
{
	const struct colors *own = &s->board->hypervisor_colors;

	if (own->count != 0 && s->board->colors != 0) {
		prove_pages(s, NULL, &s->home, own);
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct domain *d = s->guests[i].yaml;

		prove_domain(s, &s->guests[i]);
		if (own->count != 0) {
			prove_pair(s, NULL, own, d);
		}
		for (size_t n = 0; d->colors.count != 0 && n < s->guest_count; n++) {
			if (n != i && (n > i || s->guests[n].yaml->colors.count == 0)) {
				prove_pair(s, d->name, &d->colors, s->guests[n].yaml);
			}
		}
	}
}
