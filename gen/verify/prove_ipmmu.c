// SPDX-License-Identifier: Apache-2.0
/*
 * Properties 2, 3 and 5: each micro-TLB of each IPMMU follows either the context of the
 * domain that has its device, which has the very tables of that domain's streams, or context
 * 0, which maps nothing.
 */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

#define TTBCR_STAGE2 UINT32_C(0xc0000040) /* long descriptors, no stage 1, from level 1 on */
#define TSZ0 GENMASK64(4, 0)
#define VTCR_T0SZ GENMASK64(5, 0)
#define VTCR_SL0 GENMASK64(7, 6)
#define VTTBR_BADDR GENMASK64(47, 1)

/* One unit: the image's words beside the YAML's. */
struct unit {
	struct subject *s;
	const struct image_unit *image;
	const struct ipmmu *yaml;
	size_t index; /* among the YAML's */
};

static void unit_fail(const struct unit *u, enum property p, uint64_t utlb, const struct link *link,
		      const char *why)
{
	report_fail(u->s->report, p, NULL, utlb, utlb + 1, link != NULL ? &link->at : &u->yaml->at, NULL,
		    "'%s', micro-TLB %" PRIu64 ": %s", u->yaml->name, utlb, why);
}

static void ipmmu_number(struct subject *s, enum property p, const struct place *at, const char *name,
			 const char *what, uint64_t found, uint64_t wanted)
{
	report_count(s->report, p, 1);
	if (found != wanted) {
		report_fail(s->report, p, NULL, 0, 0, at, NULL,
			    "'%s': %s is 0x%" PRIx64 " in the image, but should be 0x%" PRIx64, name, what, found,
			    wanted);
	}
}

/* Who should have a micro-TLB: index of a domain of the YAML, or OWNER_NOBODY. */
static int unit_owner(const struct unit *u, uint64_t utlb, const struct link **link)
{
	const struct board *b = u->s->board;
	int owner = OWNER_NOBODY;

	*link = NULL;
	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; j < d->utlb_count && d->owner >= 0; j++) {
			const struct link *l = &d->utlbs[j];

			if (l->smmu != u->index || utlb < l->first || utlb - l->first >= l->count) {
				continue;
			}
			if (owner >= 0 && owner != d->owner) {
				report_fail(u->s->report, PROPERTY_DMA, b->domains[owner].name, utlb, utlb + 1,
					    &l->at, &(*link)->at, "'%s': the micro-TLB is one of domain '%s' too",
					    u->yaml->name, b->domains[d->owner].name);
			}
			owner = d->owner;
			*link = l;
		}
	}
	return owner;
}

/* The domain whose context the driver points a micro-TLB to; OWNER_NOBODY: context 0. */
static int unit_follows(const struct unit *u, uint64_t utlb)
{
	const struct image_ipmmu *x = u->s->image.ipmmu;

	for (uint32_t i = 0; i < u->image->desc.master_count; i++) {
		const struct stream_desc *d = &u->image->masters[i].desc;

		if (utlb < d->first || utlb - d->first >= d->count) {
			continue;
		}
		for (uint32_t c = 1; c < x->desc.context_count; c++) {
			if (x->contexts[c].domain == d->domain && d->domain < u->s->guest_count) {
				return u->s->guests[d->domain].index;
			}
		}
	}
	return OWNER_NOBODY;
}

static void unit_check_utlbs(const struct unit *u)
{
	const struct board *b = u->s->board;

	for (uint64_t i = 0; i < u->yaml->utlbs; i++) {
		const struct link *link;
		int owner = unit_owner(u, i, &link);
		int follows = unit_follows(u, i);

		report_count(u->s->report, PROPERTY_STREAMS, 1);
		report_count(u->s->report, PROPERTY_DMA, owner >= 0 ? 1 : 0);
		if (owner < 0 && follows >= 0) {
			unit_fail(u, PROPERTY_STREAMS, i, link,
				  mem_print(u->s->mem, "it is nobody's, but reaches what domain '%s' does",
					    b->domains[follows].name));
		} else if (owner >= 0 && owner != follows) {
			unit_fail(u, PROPERTY_DMA, i, link,
				  mem_print(u->s->mem, "it is domain '%s''s, but %s%s", b->domains[owner].name,
					    follows >= 0 ? "follows that of " : "reaches nothing",
					    follows >= 0 ? b->domains[follows].name : ""));
		}
	}
}

/* Whether the YAML links the micro-TLBs of `d` to the device that it names, and that has
 * the owner that it names. */
static bool unit_linked(const struct unit *u, const struct image_stream *d)
{
	const struct device *dev = board_device(u->s->board, d->device);
	bool owned = d->desc.domain < u->s->guest_count;
	int owner = owned ? u->s->guests[d->desc.domain].index : OWNER_NOBODY;

	if (dev == NULL || owner != (dev->owner >= 0 ? dev->owner : OWNER_NOBODY) ||
	    (!owned && d->desc.domain != OWNER_NONE)) {
		return false;
	}
	for (size_t i = 0; i < dev->utlb_count; i++) {
		const struct link *l = &dev->utlbs[i];

		if (l->smmu == u->index && d->desc.first >= l->first &&
		    (uint64_t)d->desc.first + d->desc.count <= l->first + l->count) {
			return true;
		}
	}
	return false;
}

/* The list by which micro-TLBs follow and faults are named: ascending, disjoint, within the
 * unit, each entry as the YAML has it. */
static void unit_check_list(const struct unit *u)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < u->image->desc.master_count; i++) {
		const struct image_stream *d = &u->image->masters[i];
		uint64_t end = (uint64_t)d->desc.first + d->desc.count;

		report_count(u->s->report, PROPERTY_STREAMS, 1);
		if (d->desc.count == 0 || d->desc.first < next || end > u->yaml->utlbs || !unit_linked(u, d)) {
			unit_fail(u, PROPERTY_STREAMS, d->desc.first, NULL,
				  "reports would name it wrongly, or it is not in its place in the list");
		}
		next = end > next ? end : next;
	}
}

static void unit_check(const struct unit *u)
{
	const struct ipmmu_unit_desc *d = &u->image->desc;
	struct subject *s = u->s;

	ipmmu_number(s, PROPERTY_STREAMS, &u->yaml->at, u->yaml->name, "the address", d->reg, u->yaml->reg.base);
	ipmmu_number(s, PROPERTY_STREAMS, &u->yaml->at, u->yaml->name, "the number of micro-TLBs", d->utlbs,
		     u->yaml->utlbs);
	ipmmu_number(s, PROPERTY_STREAMS, &u->yaml->at, u->yaml->name, "its power domain", d->power,
		     u->yaml->power_at);
	unit_check_list(u);
	unit_check_utlbs(u);
}

/* Each unit of the YAML is there once, the root first: the caches wait for it. */
static void ipmmu_check_units(struct subject *s)
{
	const struct image_ipmmu *x = s->image.ipmmu;
	const struct board *b = s->board;

	ipmmu_number(s, PROPERTY_STREAMS, &b->ipmmus[0].at, "IPMMU", "the number of units", x->desc.unit_count,
		     b->ipmmu_count);
	for (size_t i = 0; i < b->ipmmu_count; i++) {
		struct unit u = {.s = s, .yaml = &b->ipmmus[i], .index = i};
		uint32_t at = 0;

		while (at < x->desc.unit_count && strcmp(x->units[at].name, u.yaml->name) != 0) {
			at++;
		}
		if (at == x->desc.unit_count || (at == 0) == u.yaml->cache) {
			report_fail(s->report, PROPERTY_STREAMS, NULL, 0, 0, &u.yaml->at, NULL,
				    "'%s' is not in its place in the image: its micro-TLBs let DMA pass",
				    u.yaml->name);
			continue;
		}
		u.image = &x->units[at];
		unit_check(&u);
		if (at == 0) {
			ipmmu_number(s, PROPERTY_INTERRUPTS, &u.yaml->at, u.yaml->name, "its interrupt", x->desc.intid,
				     u.yaml->irq.intid);
		}
	}
}

/* Context 0: tables of its own, in which nothing is mapped. */
static void ipmmu_check_nothing(struct subject *s)
{
	const struct ipmmu_context_desc *c = &s->image.ipmmu->contexts[0];
	struct walk w = {.mem = s->mem, .report = s->report, .pages = &s->pages, .domain = "nobody",
			 .owner = OWNER_NONE, .pa_bits = (uint32_t)s->board->pa_bits, .watch = UINT64_MAX};

	report_count(s->report, PROPERTY_STREAMS, 1);
	if (c->domain == OWNER_NONE && (c->table & ~VTTBR_BADDR) == 0 && s->guest_count > 0) {
		/* Another place than a table's of the walk's own is property 8's to tell. */
		walk_stage2(&w, c->table, s->guests[0].image->desc.vtcr);
		if (w.runs.count == 0) {
			return;
		}
	}
	report_fail(s->report, PROPERTY_STREAMS, NULL, c->table, c->table + PAGE_SIZE, &s->board->ipmmus[0].at, NULL,
		    "context 0, of the micro-TLBs that nobody has, maps something");
}

/* The others: one for a domain, with its streams' tables, of its CPUs' geometry. */
static void ipmmu_check_context(struct subject *s, uint32_t n)
{
	const struct image_ipmmu *x = s->image.ipmmu;
	const struct ipmmu_context_desc *c = &x->contexts[n];
	struct guest *g = c->domain < s->guest_count ? &s->guests[c->domain] : NULL;
	bool good = g != NULL;

	report_count(s->report, PROPERTY_DMA, 1);
	for (uint32_t i = 1; i < n; i++) {
		good = good && x->contexts[i].domain != c->domain;
	}
	if (good) {
		uint64_t vtcr = g->image->desc.vtcr;
		uint64_t size = FIELD_GET(VTCR_T0SZ, vtcr);

		good = FIELD_GET(VTCR_SL0, vtcr) == 1 && size <= TSZ0 && x->desc.ttbcr == (TTBCR_STAGE2 | size) &&
		       (c->table & ~VTTBR_BADDR) == 0 && prove_dma_root(s, g, c->table);
	}
	if (!good) {
		report_fail(s->report, PROPERTY_DMA, g != NULL ? g->yaml->name : NULL, c->table, c->table + PAGE_SIZE,
			    &s->board->ipmmus[0].at, g != NULL ? &g->yaml->at : NULL,
			    "IPMMU context %" PRIu32 " is translated otherwise than the CPUs of its domain", n);
	}
}

static void ipmmu_check_chip(struct subject *s)
{
	const struct ipmmu_desc *d = &s->image.ipmmu->desc;
	const struct place *at = &s->board->ipmmus[0].at;

	ipmmu_number(s, PROPERTY_DMA, at, "IPMMU", "the product register", d->prr, IPMMU_PRR);
	ipmmu_number(s, PROPERTY_DMA, at, "IPMMU", "the product", d->product, s->board->ipmmu_product);
	ipmmu_number(s, PROPERTY_DMA, at, "IPMMU", "the first revision with stage 2", d->cut_min,
		     s->board->ipmmu_cut);
}

void prove_ipmmus(struct subject *s)
{
	const struct image_ipmmu *x = s->image.ipmmu;

	if ((x != NULL) != s->board->ipmmu_driven) {
		report_fail(s->report, PROPERTY_STREAMS, NULL, 0, 0, NULL, NULL, "the image %s IPMMUs, %s",
			    x != NULL ? "drives" : "does not drive",
			    x != NULL ? "which no domain needs" : "but a domain needs them");
		return;
	}
	if (x == NULL) {
		return;
	}
	if (x->desc.context_count == 0 || x->desc.context_count > IPMMU_CONTEXTS_MAX ||
	    x->desc.unit_count == 0 || x->desc.unit_count > IPMMU_UNITS_MAX) {
		report_fail(s->report, PROPERTY_STREAMS, NULL, 0, 0, &s->board->ipmmus[0].at, NULL,
			    "%" PRIu32 " contexts and %" PRIu32 " units are not what an IPMMU can have",
			    x->desc.context_count, x->desc.unit_count);
		return;
	}
	ipmmu_check_chip(s);
	ipmmu_check_nothing(s);
	for (uint32_t c = 1; c < x->desc.context_count; c++) {
		ipmmu_check_context(s, c);
	}
	ipmmu_check_units(s);
}
