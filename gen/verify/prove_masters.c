// SPDX-License-Identifier: Apache-2.0
/*
 * 3, for DMA that no IOMMU translates: a domain whose memory is moved reaches the
 * registers of no such master, its own or in a page of its devices. The addresses it
 * would give the master are another's.
 *
 * An IPMMU that the image does not drive has no tables: it translates nothing and aborts
 * nothing (5), and a domain beside others relies on none.
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

/* The domain counts on the IOMMU: it could hurt others, or its owner wants one.
 * `iommu: "off"` says that it may. */
static bool masters_relied_on(const struct board *b, const struct domain *g, const struct device *d)
{
	return d->other_iommu != NULL && masters_confined(b, d) && !g->iommu_off &&
	       (b->domain_count > 1 || g->iommu_required || masters_moved(g));
}

/* False if the domain reaches the master's registers, after reporting that. */
static bool masters_prove(struct subject *s, const struct guest *g, const struct device *d, const char *why)
{
	for (size_t i = 0; i < d->reg_count; i++) {
		struct span pages = own_pages(&d->reg[i]);

		for (size_t j = 0; j < g->walk.runs.count; j++) {
			const struct run *run = &g->walk.runs.v[j];

			if (run->out < pages.hi && run->out + run->size > pages.lo) {
				report_fail(s->report, PROPERTY_DMA, g->yaml->name, pages.lo, pages.hi,
					    &d->reg[i].at, &g->yaml->memory_at,
					    "reaches DMA master '%s', %s", d->name, why);
				return false;
			}
		}
	}
	return true;
}

static void masters_prove_iommu(struct subject *s, const struct guest *g, const struct device *d)
{
	const char *why = mem_print(s->mem, "and the image has no tables for its IOMMU '%s'", d->other_iommu);

	report_count(s->report, PROPERTY_DMA, 1);
	report_count(s->report, PROPERTY_STREAMS, 1);
	if (!masters_prove(s, g, d, why)) {
		report_fail(s->report, PROPERTY_STREAMS, NULL, 0, 0, &d->other_at, NULL,
			    "'%s', IOMMU of '%s': it aborts nothing, the image has no tables for it",
			    d->other_iommu, d->name);
	}
}

void prove_masters(struct subject *s)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];
		bool moved = masters_moved(g->yaml);

		for (size_t j = 0; j < b->device_count; j++) {
			const struct device *d = &b->devices[j];

			report_count(s->report, PROPERTY_DMA, moved ? 1 : 0);
			if (d->master && masters_relied_on(b, g->yaml, d)) {
				masters_prove_iommu(s, g, d);
			} else if (d->master && moved && (!masters_confined(b, d) || d->other_iommu != NULL)) {
				(void)masters_prove(s, g, d, "which has no IOMMU, and its memory is moved");
			}
		}
	}
}
