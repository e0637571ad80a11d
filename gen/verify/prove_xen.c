// SPDX-License-Identifier: Apache-2.0
/* Property 7: what a domain with Xen's guest ABI is told follows from the board file. */
#include <inttypes.h>

#include "subject.h"

#define PPI_LAST  31u
#define PPI_FIRST 16u
#define PMU_INTID 23u

static bool ppi_is_used(const struct board *b, uint32_t intid)
{
	const struct irq *own[] = {&b->timer_physical, &b->timer_virtual, &b->timer_hypervisor,
				   &b->timer_secure, &b->gic.maintenance};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		if (own[i]->intid == intid) {
			return true;
		}
	}
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t j = 0; j < b->devices[i].irq_count; j++) {
			if (b->devices[i].irqs[j].intid == intid) {
				return true;
			}
		}
	}
	return intid == PMU_INTID;
}

uint32_t board_free_ppi(const struct board *b)
{
	uint32_t intid = PPI_LAST;

	if (b->gic.version == GIC_NONE) {
		return 0;
	}
	while (intid >= PPI_FIRST && ppi_is_used(b, intid)) {
		intid--;
	}
	return intid >= PPI_FIRST ? intid : 0;
}

/* Who has a page of a master's registers has its DMA, be the master its own or not. */
static bool is_reached(const struct guest *g, const struct device *d)
{
	for (size_t i = 0; i < d->reg_count; i++) {
		struct span pages = own_pages(&d->reg[i]);

		for (size_t j = 0; j < g->walk.runs.count; j++) {
			const struct run *run = &g->walk.runs.v[j];

			if (run->out < pages.hi && run->out + run->size > pages.lo) {
				return true;
			}
		}
	}
	return d->owner == g->index;
}

/* An IOMMU with tables stands behind it, and its owner does not do without. */
static bool is_translated(const struct board *b, const struct device *d)
{
	return d->confined && d->other_iommu == NULL && (d->owner < 0 || !b->domains[d->owner].iommu_off);
}

/* The one of bits 16 and 17 that the board proves. (Moved memory with a master that no
 * IOMMU translates for fails property 3.) */
static uint32_t dma_proved(const struct subject *s, const struct guest *g)
{
	for (size_t i = 0; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		if (d->master && !is_translated(s->board, d) && is_reached(g, d)) {
			return XEN_FEATURE_DIRECT_MAPPED;
		}
	}
	return XEN_FEATURE_NOT_DIRECT_MAPPED;
}

static void prove_guest(struct subject *s, const struct guest *g)
{
	const struct domain_desc *d = &g->image->desc;
	uint32_t told = d->xen_features & (XEN_FEATURE_DIRECT_MAPPED | XEN_FEATURE_NOT_DIRECT_MAPPED);
	uint32_t wanted = g->yaml->xen_forced != 0 ? g->yaml->xen_forced : dma_proved(s, g);
	uint32_t rest = XEN_FEATURE_WRITABLE_TABLES | XEN_FEATURE_TRANSLATED | XEN_FEATURE_VNODE |
			XEN_FEATURE_SMCCC | XEN_FEATURE_RUNSTATE_PHYS |
			(g->yaml->hardware ? XEN_FEATURE_HARDWARE : 0);

	report_count(s->report, PROPERTY_COVERAGE, 32);
	if (told != wanted) {
		report_fail(s->report, PROPERTY_COVERAGE, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "it is told 0x%" PRIx32 " of its DMA, but 0x%" PRIx32 " is so", told, wanted);
	}
	if ((d->xen_features ^ told) != rest) {
		report_fail(s->report, PROPERTY_COVERAGE, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "its feature bits are 0x%" PRIx32 ", but 0x%" PRIx32 " by the YAML",
			    d->xen_features ^ told, rest);
	}
}

void prove_xen(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];
		const struct domain_desc *d = &g->image->desc;
		uint32_t events = g->yaml->xen ? board_free_ppi(s->board) : 0;

		report_count(s->report, PROPERTY_COVERAGE, 2);
		if (d->guest_abi != (g->yaml->xen ? GUEST_ABI_XEN : GUEST_ABI_NONE) || d->xen_events != events) {
			report_fail(s->report, PROPERTY_COVERAGE, g->yaml->name, 0, 0, &g->yaml->at, NULL,
				    "its guest ABI is %" PRIu32 " with event interrupt %" PRIu32
				    ", but %d with %" PRIu32 " by the YAML",
				    d->guest_abi, d->xen_events, g->yaml->xen, events);
		}
		if (g->yaml->xen) {
			prove_guest(s, g);
		} else if (d->xen_features != 0) {
			report_fail(s->report, PROPERTY_COVERAGE, g->yaml->name, 0, 0, &g->yaml->at, NULL,
				    "it has feature bits, but no ABI to read them by");
		}
	}
}
