// SPDX-License-Identifier: Apache-2.0
/*
 * 3, for DMA that no IOMMU translates: a domain whose memory is moved reaches the
 * registers of no such master, its own or in a page of its devices. The addresses it
 * would give the master are another's.
 */
#include "subject.h"

static bool masters_moved(const struct domain *d)
{
	for (size_t i = 0; i < d->ram_count; i++) {
		const struct ram *r = &d->ram[i];

		if (r->has_ipa && (!r->has_base || r->base != r->ipa)) {
			return true;
		}
	}
	return false;
}

/* Whether an IOMMU stands behind the master: not if its owner does without. */
static bool masters_confined(const struct board *b, const struct device *d)
{
	return d->confined && (d->owner < 0 || !b->domains[d->owner].iommu_off);
}

static void masters_prove(struct subject *s, const struct guest *g, const struct device *d)
{
	for (size_t i = 0; i < d->reg_count; i++) {
		struct span pages = own_pages(&d->reg[i]);

		for (size_t j = 0; j < g->walk.runs.count; j++) {
			const struct run *run = &g->walk.runs.v[j];

			if (run->out < pages.hi && run->out + run->size > pages.lo) {
				report_fail(s->report, PROPERTY_DMA, g->yaml->name, pages.lo, pages.hi,
					    &d->reg[i].at, &g->yaml->memory_at,
					    "reaches DMA master '%s', which has no IOMMU, and its memory is moved",
					    d->name);
				return;
			}
		}
	}
}

void prove_masters(struct subject *s)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < s->guest_count; i++) {
		for (size_t j = 0; masters_moved(s->guests[i].yaml) && j < b->device_count; j++) {
			report_count(s->report, PROPERTY_DMA, 1);
			if (b->devices[j].master && !masters_confined(b, &b->devices[j])) {
				masters_prove(s, &s->guests[i], &b->devices[j]);
			}
		}
	}
}
