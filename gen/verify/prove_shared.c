// SPDX-License-Identifier: Apache-2.0
/*
 * Property 2 where domains share memory: each region is in the maps of those that name it
 * and of nobody else, is RAM that is nobody's own, and is what the hypervisor scrubs. And
 * property 6 for doorbells: the two ends of each are those of the two domains that name it.
 */
#include <inttypes.h>

#include "subject.h"

/* Where the plan chose the place it is where the first domain that names it finds it. All
 * the others then have to find it there. */
void shared_find(struct subject *s)
{
	const struct board *b = s->board;

	s->regions = mem_alloc(s->mem, b->region_count, sizeof(*s->regions));
	for (size_t i = 0; i < b->region_count; i++) {
		if (b->regions[i].has_base) {
			s->regions[i] = (struct span){b->regions[i].base, b->regions[i].base + b->regions[i].size};
		}
	}
	for (size_t g = 0; g < s->guest_count; g++) {
		const struct guest *guest = &s->guests[g];

		for (size_t n = 0; n < guest->yaml->share_count; n++) {
			const struct share *x = &guest->yaml->shares[n];

			for (size_t r = 0; r < guest->walk.runs.count && s->regions[x->region].hi == 0; r++) {
				const struct run *run = &guest->walk.runs.v[r];
				uint64_t pa = run->out + (x->ipa - run->in);

				if (x->ipa >= run->in && x->ipa - run->in < run->size) {
					s->regions[x->region] = (struct span){pa, pa + b->regions[x->region].size};
				}
			}
		}
	}
}

void shared_expect(struct subject *s, struct guest *g)
{
	for (size_t n = 0; n < g->yaml->share_count; n++) {
		const struct share *x = &g->yaml->shares[n];
		const struct region *r = &s->board->regions[x->region];
		uint32_t attr = r->type | ATTR_READ | (x->write ? ATTR_WRITE : 0) |
				(r->type == MEMORY_WB ? ATTR_INNER : 0);

		expects_add(s->mem, &g->expects,
			    (struct expect){.in = x->ipa,
					    .out = s->regions[x->region].lo,
					    .size = r->size,
					    .attr = attr,
					    .name = r->name,
					    .at = x->at});
	}
}

static bool shared_has(const struct domain *d, size_t region)
{
	for (size_t n = 0; n < d->share_count; n++) {
		if (d->shares[n].region == region) {
			return true;
		}
	}
	return false;
}

bool shared_by(struct subject *s, int one, int two, uint64_t lo, uint64_t hi)
{
	const struct board *b = s->board;
	struct spans both = {.count = 0};

	for (size_t i = 0; i < b->region_count; i++) {
		if (shared_has(&b->domains[one], i) && shared_has(&b->domains[two], i)) {
			spans_add(s->mem, &both, s->regions[i].lo, s->regions[i].hi);
		}
	}
	return spans_hold(&both, lo, hi);
}

static void shared_prove_place(struct subject *s, size_t index)
{
	const struct region *r = &s->board->regions[index];
	const struct span *p = &s->regions[index];
	struct span common;

	if (p->lo % PAGE_SIZE != 0 || p->hi <= p->lo || !spans_hold(&s->usable, p->lo, p->hi)) {
		report_fail(s->report, PROPERTY_OWNERS, NULL, p->lo, p->hi, &r->at, NULL,
			    "shared memory '%s' is not RAM that the board has to give", r->name);
	}
	for (size_t g = 0; g < s->guest_count; g++) {
		if (spans_meet(&s->guests[g].ram, p->lo, p->hi, &common)) {
			report_fail(s->report, PROPERTY_OWNERS, s->guests[g].yaml->name, common.lo, common.hi, &r->at,
				    &s->guests[g].yaml->memory_at, "its memory is in the shared memory '%s', too",
				    r->name);
		}
	}
	for (size_t i = 0; i < index; i++) {
		if (s->regions[i].lo < p->hi && p->lo < s->regions[i].hi) {
			report_fail(s->report, PROPERTY_OWNERS, NULL, p->lo, p->hi, &r->at, &s->board->regions[i].at,
				    "shared memory '%s' overlaps '%s'", r->name, s->board->regions[i].name);
		}
	}
}

/* In the cache, what is shared would be in the way of both, and of a third if it has
 * that colour. */
static void shared_prove_colors(struct subject *s, const struct region *r)
{
	for (size_t g = 0; g < s->guest_count && r->type != MEMORY_NC; g++) {
		if (s->guests[g].yaml->colors.count != 0) {
			report_fail(s->report, PROPERTY_OWNERS, s->guests[g].yaml->name, 0, 0, &r->at,
				    &s->guests[g].yaml->colors.at, "shared memory '%s' is cached, beside cache colours",
				    r->name);
		}
	}
}

static void shared_prove_regions(struct subject *s)
{
	const struct board *b = s->board;

	if (s->image.board.shared_count != b->region_count) {
		report_fail(s->report, PROPERTY_OWNERS, NULL, 0, 0, NULL, NULL,
			    "the image has %" PRIu64 " pieces of shared memory, the YAML %zu",
			    s->image.board.shared_count, b->region_count);
		return;
	}
	for (size_t i = 0; i < b->region_count; i++) {
		const struct mem_range *m = &s->image.shared[i];
		const struct span *p = &s->regions[i];

		report_count(s->report, PROPERTY_OWNERS, 1);
		shared_prove_place(s, i);
		shared_prove_colors(s, &b->regions[i]);
		if (m->base != p->lo || m->size != p->hi - p->lo) {
			report_fail(s->report, PROPERTY_OWNERS, NULL, m->base, m->base + m->size, &b->regions[i].at, NULL,
				    "this is scrubbed as shared memory '%s', which is elsewhere", b->regions[i].name);
		}
	}
}

/* The ends that the YAML gives a doorbell, by domain; how many. */
static size_t shared_ends(const struct subject *s, size_t bell, struct doorbell_end end[2])
{
	size_t count = 0;

	for (size_t i = 0; i < s->board->domain_count; i++) {
		const struct domain *d = &s->board->domains[i];

		for (size_t n = 0; n < d->bell_count; n++) {
			uint32_t at = 0;

			if (d->bells[n].bell != bell) {
				continue;
			}
			while (s->guests[at].index != (int)i) {
				at++;
			}
			if (count < 2) {
				end[count] = (struct doorbell_end){
					.ipa = d->bells[n].reg.base, .domain = at, .intid = d->bells[n].irq.intid};
			}
			count++;
		}
	}
	return count;
}

static bool shared_same_end(const struct doorbell_end *a, const struct doorbell_end *b)
{
	return a->ipa == b->ipa && a->domain == b->domain && a->intid == b->intid;
}

static void shared_prove_doorbells(struct subject *s)
{
	const struct board *b = s->board;

	if (s->image.board.doorbell_count != b->bell_count || b->bell_count > DOORBELLS_MAX) {
		report_fail(s->report, PROPERTY_INTERRUPTS, NULL, 0, 0, NULL, NULL,
			    "the image has %" PRIu64 " doorbells, the YAML %zu", s->image.board.doorbell_count,
			    b->bell_count);
		return;
	}
	for (size_t i = 0; i < b->bell_count; i++) {
		const struct doorbell_end *has = s->image.doorbells[i].end;
		struct doorbell_end end[2] = {{0}};

		report_count(s->report, PROPERTY_INTERRUPTS, 1);
		if (shared_ends(s, i, end) != 2 || !shared_same_end(&has[0], &end[0]) ||
		    !shared_same_end(&has[1], &end[1])) {
			report_fail(s->report, PROPERTY_INTERRUPTS, NULL, 0, 0, NULL, NULL,
				    "doorbell '%s' does not connect the two domains that name it", b->bells[i]);
		}
	}
}

void prove_shared(struct subject *s)
{
	shared_prove_regions(s);
	shared_prove_doorbells(s);
}
