// SPDX-License-Identifier: Apache-2.0
/* Properties 1, 2 and 4: who reaches what, and how. */
#include <inttypes.h>

#include "subject.h"

/* 1: whatever a domain reaches is outside the hypervisor's things. */
void prove_hypervisor(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];

		for (size_t j = 0; j < g->walk.runs.count; j++) {
			const struct run *run = &g->walk.runs.v[j];

			report_count(s->report, PROPERTY_HYPERVISOR, 1);
			for (size_t k = 0; k < s->thing_count; k++) {
				const struct thing *t = &s->things[k];
				uint64_t lo = run->out > t->lo ? run->out : t->lo;
				uint64_t hi = run->out + run->size < t->hi ? run->out + run->size : t->hi;

				if (lo < hi) {
					report_fail(s->report, PROPERTY_HYPERVISOR, g->yaml->name, lo, hi,
						    &t->at, &g->yaml->at, "%s is reachable at IPA 0x%" PRIx64,
						    t->name, run->in + (lo - run->out));
				}
			}
		}
	}
}

/* The first device of domain `owner` with a byte in the pages of [lo, hi), from
 * index `from` on; device_count: none. */
static size_t prove_next_device(const struct subject *s, int owner, uint64_t lo, uint64_t hi, size_t from)
{
	for (size_t i = from; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		for (size_t j = 0; d->owner == owner && j < d->reg_count; j++) {
			struct span pages = own_pages(&d->reg[j]);

			if (pages.lo < hi && pages.hi > lo) {
				return i;
			}
		}
	}
	return s->board->device_count;
}

/* Whether every two devices of the two domains in [lo, hi) name each other. */
static bool prove_consent(const struct subject *s, int one, int two, uint64_t lo, uint64_t hi)
{
	size_t count = s->board->device_count;
	size_t first = prove_next_device(s, one, lo, hi, 0);

	if (first == count || prove_next_device(s, two, lo, hi, 0) == count) {
		return false;
	}
	for (size_t i = first; i < count; i = prove_next_device(s, one, lo, hi, i + 1)) {
		for (size_t j = prove_next_device(s, two, lo, hi, 0); j < count;
		     j = prove_next_device(s, two, lo, hi, j + 1)) {
			if (!board_share(&s->board->devices[i], &s->board->devices[j]) ||
			    s->board->devices[i].msi_frame || s->board->devices[j].msi_frame) {
				return false;
			}
		}
	}
	return true;
}

static bool prove_is_gicv(const struct subject *s, uint64_t lo, uint64_t hi)
{
	struct span gicv = own_pages(&s->board->gic.gicv);

	return s->board->gic.version == GIC_V2 && lo >= gicv.lo && hi <= gicv.hi;
}

static void prove_pair(struct subject *s, const struct run *x, const struct run *y)
{
	const struct guest *a = &s->guests[x->owner];
	const struct guest *b = &s->guests[y->owner];
	uint64_t lo = x->out > y->out ? x->out : y->out;
	uint64_t end_x = x->out + x->size;
	uint64_t end_y = y->out + y->size;
	uint64_t hi = end_x < end_y ? end_x : end_y;
	struct place at;
	const char *name;

	if (x->owner == y->owner || prove_is_gicv(s, lo, hi) || shared_by(s, a->index, b->index, lo, hi) ||
	    (own_is_doorbell(s, a->index, lo, hi) && own_is_doorbell(s, b->index, lo, hi))) {
		return;
	}
	if (prove_consent(s, a->index, b->index, lo, hi)) {
		if ((x->attr & ATTR_TYPE) != (y->attr & ATTR_TYPE)) {
			name = own_name(s, lo, &at);
			report_fail(s->report, PROPERTY_ATTRIBUTES, a->yaml->name, lo, hi, &at, &b->yaml->at,
				    "%s has another memory type in domain '%s'", name, b->yaml->name);
		}
		return;
	}
	name = own_name(s, lo, &at);
	report_fail(s->report, PROPERTY_OWNERS, a->yaml->name, lo, hi, &at,
		    x->owner != y->owner ? &b->yaml->at : NULL, "%s is reachable from domain '%s' too", name,
		    b->yaml->name);
}

/* 2: no byte for two domains. Runs of all, by physical address; `open` holds
 * those that may still reach what follows. */
void prove_owners(struct subject *s)
{
	struct runs all = {.count = 0};
	const struct run **open;
	size_t open_count = 0;

	for (size_t i = 0; i < s->guest_count; i++) {
		for (size_t j = 0; j < s->guests[i].walk.runs.count; j++) {
			all.v = mem_grow(s->mem, all.v, all.count, &all.cap, sizeof(*all.v));
			all.v[all.count++] = s->guests[i].walk.runs.v[j];
		}
	}
	runs_sort_by_out(&all);
	open = mem_alloc(s->mem, all.count, sizeof(*open));
	for (size_t i = 0; i < all.count; i++) {
		size_t kept = 0;

		report_count(s->report, PROPERTY_OWNERS, 1);
		for (size_t j = 0; j < open_count; j++) {
			if (open[j]->out + open[j]->size > all.v[i].out) {
				prove_pair(s, open[j], &all.v[i]);
				open[kept++] = open[j];
			}
		}
		open[kept++] = &all.v[i];
		open_count = kept;
	}
}

/* The GICV, the ITSs and what has class gic. */
static struct spans prove_list_gic(struct subject *s)
{
	struct spans parts = {.count = 0};
	struct span pages = own_pages(&s->board->gic.gicv);

	spans_add(s->mem, &parts, pages.lo, pages.hi);
	for (size_t i = 0; i < s->board->its_count; i++) {
		pages = own_pages(&s->board->itses[i].reg);
		spans_add(s->mem, &parts, pages.lo, pages.hi);
	}
	for (size_t i = 0; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		for (size_t j = 0; d->gic && j < d->reg_count; j++) {
			pages = own_pages(&d->reg[j]);
			spans_add(s->mem, &parts, pages.lo, pages.hi);
		}
	}
	return parts;
}

/* 4: the GIC is never more relaxed than nGnRE, whatever the YAML says. */
static void prove_gic_attributes(struct subject *s)
{
	struct spans parts = prove_list_gic(s);

	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];

		for (size_t j = 0; j < g->walk.runs.count; j++) {
			const struct run *run = &g->walk.runs.v[j];
			struct span common;
			struct place at;

			if (((run->attr & ATTR_TYPE) > MEMORY_NGNRE || (run->attr & ATTR_EXEC) != 0) &&
			    spans_meet(&parts, run->out, run->out + run->size, &common)) {
				own_name(s, common.lo, &at);
				report_fail(s->report, PROPERTY_ATTRIBUTES, g->yaml->name, common.lo,
					    common.hi, &at, &s->board->gic.at,
					    "part of the GIC is mapped %s, more relaxed than device-nGnRE",
					    attr_text(run->attr));
			}
		}
	}
}

static void prove_map(struct subject *s, struct guest *g)
{
	struct comparison c = {
		.s = s,
		.domain = g->yaml->name,
		.runs = &g->walk.runs,
		.expects = &g->expects,
		.where = PROPERTY_OWNERS,
		.how = PROPERTY_ATTRIBUTES,
		.chosen = &g->chosen,
	};

	own_expect(s, g);
	if (g->yaml->all_ram) {
		own_expect_rest(s, g);
	}
	for (size_t i = 0; i < g->yaml->ram_count; i++) {
		const struct ram *r = &g->yaml->ram[i];

		if (!r->has_base && !r->has_ipa) {
			c.floating += r->size;
			c.floating_at = r->at;
		}
	}
	compare_maps(&c);
	for (size_t i = 0; i < g->chosen.count; i++) {
		spans_add(s->mem, &g->ram, g->chosen.v[i].lo, g->chosen.v[i].hi);
	}
}

/* 2 and 4: what is mapped is what the YAML gives. Domains that take the rest of
 * the RAM come last. */
void prove_maps(struct subject *s)
{
	for (int rest = 0; rest < 2; rest++) {
		for (size_t i = 0; i < s->guest_count; i++) {
			if (s->guests[i].yaml->all_ram == (rest != 0)) {
				prove_map(s, &s->guests[i]);
			}
		}
	}
	prove_gic_attributes(s);
}
