// SPDX-License-Identifier: Apache-2.0
/*
 * The ranges of the GIC, the ITSs and the IOMMUs hold all of their registers, the GIC's lie
 * apart, and none is RAM: what one leaves out is nobody's and could be a domain's, and
 * what GICV takes in is every domain's.
 * Sizes: IHI 0069 (GICv3), 12.1; IHI 0048 (GICv2), 4.1 and 5.3.
 */
#include <inttypes.h>

#include "subject.h"

#define FRAME UINT64_C(0x10000) /* of GICv3; of GICv2, where its pages are aliased */
#define REDISTRIBUTOR (2 * FRAME)

struct part {
	const char *name;
	const struct range *range;
	uint64_t least;
	uint64_t align;
	uint64_t most; /* 0: any */
};

static void prove_part(struct subject *s, const struct part *p)
{
	uint64_t end = p->range->base + p->range->size;
	struct span pages = own_pages(p->range);
	struct span common;

	report_count(s->report, PROPERTY_HYPERVISOR, 1);
	if (p->range->size < p->least || !IS_ALIGNED(p->range->base, p->align)) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, p->range->base, end, &p->range->at, NULL,
			    "%s has 0x%" PRIx64 " bytes of registers, aligned to 0x%" PRIx64, p->name,
			    p->least, p->align);
	}
	if (p->most != 0 && p->range->size > p->most) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, p->range->base, end, &p->range->at, NULL,
			    "%s has at most 0x%" PRIx64 " bytes of registers", p->name, p->most);
	}
	if (spans_meet(&s->usable, pages.lo, pages.hi, &common)) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, common.lo, common.hi, &p->range->at, NULL,
			    "%s is where RAM is", p->name);
	}
}

/* Only what is wrong by itself: that no domain reaches them is prove_hypervisor()'s. */
static void prove_iommus(struct subject *s)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < b->smmu_count; i++) {
		prove_part(s, &(struct part){b->smmus[i].name, &b->smmus[i].reg, 2 * FRAME, FRAME, 0});
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		prove_part(s, &(struct part){"an IOMMU", &b->iommus[i], PAGE_SIZE, PAGE_SIZE, 0});
	}
}

static void prove_apart(struct subject *s, const struct part *a, const struct part *b)
{
	struct span x = own_pages(a->range);
	struct span y = own_pages(b->range);
	uint64_t lo = x.lo > y.lo ? x.lo : y.lo;
	uint64_t hi = x.hi < y.hi ? x.hi : y.hi;

	if (lo < hi) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, lo, hi, &a->range->at, &b->range->at,
			    "%s and %s have a page in common", a->name, b->name);
	}
}

void prove_gic_registers(struct subject *s)
{
	const struct gic *g = &s->board->gic;
	const struct part v3[] = {
		{"the GIC's distributor", &g->gicd, FRAME, FRAME, 0},
		{"the GIC's redistributors", &g->gicr, s->board->cpu_count * REDISTRIBUTOR, FRAME, 0},
	};
	const struct part v2[] = {
		{"the GIC's distributor", &g->gicd, PAGE_SIZE, PAGE_SIZE, 0},
		{"the GIC's physical CPU interface", &g->gicc, 2 * PAGE_SIZE, PAGE_SIZE, 2 * FRAME},
		{"the GIC's hypervisor interface", &g->gich, 0x200, PAGE_SIZE, 0},
		{"the GIC's virtual CPU interface", &g->gicv, 2 * PAGE_SIZE, PAGE_SIZE, 2 * FRAME},
	};
	const struct part *parts = g->version == GIC_V2 ? v2 : v3;
	size_t count = g->version == GIC_V2 ? ARRAY_SIZE(v2) : g->version == GIC_V3 ? ARRAY_SIZE(v3) : 0;

	for (size_t i = 0; i < count; i++) {
		prove_part(s, &parts[i]);
		for (size_t j = 0; j < i; j++) {
			prove_apart(s, &parts[i], &parts[j]);
		}
	}
	for (size_t i = 0; i < s->board->its_count; i++) {
		const struct part its = {s->board->itses[i].name, &s->board->itses[i].reg, ITS_SIZE, FRAME, 0};

		prove_part(s, &its);
		for (size_t j = 0; j < count; j++) {
			prove_apart(s, &its, &parts[j]);
		}
	}
	prove_iommus(s);
}
