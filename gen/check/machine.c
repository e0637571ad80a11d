// SPDX-License-Identifier: Apache-2.0
/*
 * The registers of the machine itself, the GIC's and the IOMMUs': at addresses that
 * there are, not in RAM, and none where another is. Above all GICV, which domains
 * reach as it stands.
 */
#include "check/banks.h"
#include "check/parts.h"
#include "check/span.h"

/* So many that one range hits are looked at: a file with more was made for it. */
#define PAIRS_MAX 64u

enum part_kind {
	PART_KEPT,   /* nobody's but the hypervisor's */
	PART_GUESTS, /* GICV */
	PART_NAMED,  /* a device that is kept: maybe one of the others by another name */
};

static void part_add(struct spans *s, enum part_kind kind, const char *name, const struct m_range *r)
{
	if (r->size != 0) {
		spans_add(s, &(struct span){.first = ALIGN_DOWN(r->base, PAGE_SIZE),
					    .last = range_last(r) | (PAGE_SIZE - 1),
					    .owner = kind,
					    .group = s->count,
					    .name = name,
					    .range = *r});
	}
}

static void part_place(struct diag *d, const struct m_board *b, const struct span *p)
{
	uint64_t limit = address_limit(b);
	struct diag_msg *msg;

	if (range_last(&p->range) >= limit) {
		msg = diag_error(d, 209, p->range.pos, "'%s' ends beyond the machine's addresses", p->name);
		diag_label(msg, "ends at 0x%llx, addresses at 0x%llx", (ull)range_last(&p->range),
			   (ull)(limit - 1));
		diag_help(msg, "correct the range, or set 'physical-address-bits' to what the CPU has");
	} else if (range_in_ram(b, &p->range)) {
		size_t bank = banks_meet(b, p->first, p->last);
		msg = diag_error(d, 202, p->range.pos, "'%s' [0x%llx..0x%llx) lies in RAM bank %zu", p->name,
				 (ull)p->range.base, (ull)(p->range.base + p->range.size), bank);
		diag_label(msg, "also given out as RAM");
		diag_note(msg, b->ram[bank].pos, "RAM bank %zu is [0x%llx..0x%llx), declared", bank,
			  (ull)b->ram[bank].base, (ull)(b->ram[bank].base + b->ram[bank].size));
		diag_help(msg, "correct one of the two");
	}
}

static void part_meet(struct diag *d, struct span *a, struct span *b)
{
	bool bytes = a->range.base <= range_last(&b->range) && b->range.base <= range_last(&a->range);
	bool guests = a->owner == PART_GUESTS || b->owner == PART_GUESTS;
	struct span *x = b->owner == PART_GUESTS || (a->owner != PART_GUESTS && b->group > a->group) ? b : a;
	const struct span *o = x == a ? b : a;
	struct diag_msg *msg;

	if (x->reported || (!guests && (!bytes || a->owner == PART_NAMED || b->owner == PART_NAMED))) {
		return;
	}
	x->reported = true;
	if (bytes) {
		msg = diag_error(d, 201, x->range.pos, "'%s' overlaps '%s'", x->name, o->name);
	} else {
		msg = diag_error(d, 203, x->range.pos,
				 "'%s' and '%s' share the page 0x%llx: stage 2 cannot separate them", x->name,
				 o->name, (ull)(x->first > o->first ? x->first : o->first));
	}
	diag_label(msg, "[0x%llx..0x%llx)%s", (ull)x->range.base, (ull)(x->range.base + x->range.size),
		   guests ? ", which domains reach" : "");
	diag_note(msg, o->range.pos, "'%s' is [0x%llx..0x%llx), declared", o->name, (ull)o->range.base,
		  (ull)(o->range.base + o->range.size));
	diag_help(msg, "correct one of the two");
}

static void parts_list(const struct m_board *b, struct spans *s)
{
	part_add(s, PART_KEPT, "gicd", &b->gic.gicd);
	part_add(s, PART_KEPT, "gicr", &b->gic.gicr);
	part_add(s, PART_KEPT, "gicc", &b->gic.gicc);
	part_add(s, PART_KEPT, "gich", &b->gic.gich);
	part_add(s, PART_GUESTS, "gicv", &b->gic.gicv);
	/* A domain with MSIs reaches the page of the doorbell. */
	for (size_t i = 0; i < b->gic.its_count; i++) {
		part_add(s, PART_GUESTS, b->gic.its[i].name.s, &b->gic.its[i].reg);
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		part_add(s, PART_KEPT, b->iommus[i].name.s, &b->iommus[i].reg);
	}
}

/* Devices that are kept are looked at for what they hit; where they lie is
 * check_mmio()'s affair. */
static void kept_list(const struct model *m, struct spans *s)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];
		bool engine = engine_is_kept(dev);
		bool kept = engine || device_owner(m, i) == OWNER_HYPERVISOR;
		for (size_t r = 0; kept && r < dev->reg_count; r++) {
			part_add(s, engine ? PART_NAMED : PART_KEPT, dev->name.s, &dev->reg[r]);
		}
	}
}

void check_machine(struct diag *d, const struct model *m)
{
	struct spans s = {0};

	parts_list(&m->board, &s);
	for (size_t i = 0; i < s.count; i++) {
		part_place(d, &m->board, &s.list[i]);
	}
	kept_list(m, &s);
	spans_sort(&s);
	for (size_t i = 0; i < s.count; i++) {
		for (size_t j = i + 1; j < s.count && j - i < PAIRS_MAX && s.list[j].first <= s.list[i].last; j++) {
			part_meet(d, &s.list[i], &s.list[j]);
		}
	}
	spans_free(&s);
}
