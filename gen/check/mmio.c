// SPDX-License-Identifier: Apache-2.0
/*
 * Registers and windows of devices: nobody else's, not the hypervisor's, not in
 * RAM. The page is the unit, for stage 2 knows nothing smaller.
 */
#include <string.h>

#include "check/banks.h"
#include "check/parts.h"
#include "check/span.h"

/* So many conflicts of one range are looked at. Only a file that is made for it has
 * more, and the others of its ranges still bring what is wrong to light. */
#define PAIRS_MAX 64u

static bool mmio_in_machine(struct diag *d, const struct model *m, const struct m_device *dev,
			    const struct m_range *r)
{
	uint64_t limit = address_limit(&m->board);

	if (range_last(r) < limit) {
		return true;
	}
	struct diag_msg *msg = diag_error(d, 209, r->pos, "MMIO of '%s' ends beyond the machine's addresses",
					  dev->name.s);
	diag_label(msg, "ends at 0x%llx, addresses at 0x%llx", (ull)range_last(r), (ull)(limit - 1));
	diag_help(msg, "correct the range, or set 'physical-address-bits' to what the CPU has");
	return false;
}

/* MMIO inside RAM is legitimate only where RAM was set aside for it. */
static bool mmio_in_ram(struct diag *d, const struct m_board *b, const struct m_device *dev,
			const struct m_range *r)
{
	uint64_t first = ALIGN_DOWN(r->base, PAGE_SIZE), last = range_last(r) | (PAGE_SIZE - 1);
	size_t bank = banks_meet(b, first, last);

	if (!range_in_ram(b, r)) {
		return false;
	}
	struct diag_msg *msg = diag_error(d, 202, r->pos,
					  "MMIO of '%s' [0x%llx..0x%llx) lies in RAM bank %zu", dev->name.s,
					  (ull)r->base, (ull)(r->base + r->size), bank);
	diag_label(msg, "also given out as RAM");
	diag_note(msg, b->ram[bank].pos, "RAM bank %zu is [0x%llx..0x%llx), declared", bank,
		  (ull)b->ram[bank].base, (ull)(b->ram[bank].base + b->ram[bank].size));
	diag_help(msg, "reserve it under 'reserved-memory': {%s: {reg: [0x%llx, 0x%llx]}}", dev->name.s,
		  (ull)first, (ull)(last - first + 1));
	return true;
}

static void hypervisor_add(struct spans *s, const char *name, const struct m_range *r)
{
	if (r->size != 0) {
		spans_add(s, &(struct span){.first = ALIGN_DOWN(r->base, PAGE_SIZE),
					    .last = range_last(r) | (PAGE_SIZE - 1),
					    .owner = OWNER_HYPERVISOR,
					    .device = MODEL_NONE,
					    .group = MODEL_NONE,
					    .name = name,
					    .range = *r});
	}
}

static void machine_add(const struct model *m, struct spans *s)
{
	const struct m_board *b = &m->board;

	hypervisor_add(s, "gicd", &b->gic.gicd);
	hypervisor_add(s, "gicr", &b->gic.gicr);
	hypervisor_add(s, "gicc", &b->gic.gicc);
	hypervisor_add(s, "gich", &b->gic.gich);
	hypervisor_add(s, "gicv", &b->gic.gicv);
	for (size_t i = 0; i < b->gic.its_count; i++) {
		hypervisor_add(s, b->gic.its[i].name.s, &b->gic.its[i].reg);
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		hypervisor_add(s, b->iommus[i].name.s, &b->iommus[i].reg);
	}
	if (m->ipmmu_has_power) {
		/* Who turns an IPMMU off and on again has one that lets everything pass. */
		const struct m_range sysc = {
			.base = IPMMU_SYSC, .size = PAGE_SIZE, .pos = b->iommus[m->ipmmu_root].pos};
		hypervisor_add(s, "SYSC, the power controller of the IPMMUs", &sysc);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		bool kept = engine_is_kept(dev);
		for (size_t r = 0; kept && r < dev->reg_count; r++) {
			hypervisor_add(s, dev->name.s, &dev->reg[r]);
		}
	}
}

/* The size that another device of the same kind has, if it ends the overlap. */
static uint64_t size_of_kind(const struct m_board *b, const struct m_device *dev, const struct m_range *r,
			     uint64_t room)
{
	for (size_t i = 0; i < b->device_count && dev->compatible_count > 0; i++) {
		const struct m_device *o = &b->devices[i];
		if (o != dev && o->compatible_count > 0 && o->reg_count > 0 && r == &dev->reg[0] &&
		    o->reg[0].size <= room && strcmp(o->compatible[0], dev->compatible[0]) == 0) {
			return o->reg[0].size;
		}
	}
	return 0;
}

static const struct m_range *range_of(const struct m_board *b, const struct span *s)
{
	const struct m_device *dev = &b->devices[s->device];

	for (size_t i = 0; i < dev->reg_count; i++) {
		if (dev->reg[i].base == s->range.base && dev->reg[i].size == s->range.size) {
			return &dev->reg[i];
		}
	}
	return NULL;
}

static void help_apart(struct diag_msg *msg, const struct model *m, const struct span *x,
		       const struct span *o)
{
	uint64_t room = x->range.base < o->range.base ? o->range.base - x->range.base : 0;
	const struct m_device *dev = &m->board.devices[x->device];
	uint64_t size = room == 0 ? 0 : size_of_kind(&m->board, dev, range_of(&m->board, x), room);

	if (size != 0) {
		diag_help(msg, "did you mean size 0x%llx?", (ull)size);
	} else if (room != 0) {
		diag_help(msg, "did you mean a size of at most 0x%llx?", (ull)room);
	} else if (o->owner == OWNER_HYPERVISOR) {
		diag_help(msg, "correct the address, or say 'status: disabled'");
	} else {
		diag_help(msg, "correct one of the two, or give both devices to one domain");
	}
}

/* Bytes of both: one of the two is wrong, or was given to the wrong domain. */
static void report_overlap(struct diag *d, const struct model *m, const struct span *x, const struct span *o)
{
	const struct m_range *r = &x->range, *q = &o->range;
	uint64_t first = r->base > q->base ? r->base : q->base;
	uint64_t last = range_last(r) < range_last(q) ? range_last(r) : range_last(q);
	const char *where = o->owner == OWNER_HYPERVISOR ? ", which the hypervisor keeps"
							 : " in another domain";
	struct diag_msg *msg = diag_error(d, 201, r->pos, "MMIO of '%s' overlaps '%s'%s", x->name, o->name,
					  where);

	diag_label(msg, "[0x%llx..0x%llx), %s inside '%s'", (ull)r->base, (ull)(r->base + r->size),
		   size_text(last - first + 1).s, o->name);
	diag_note(msg, q->pos, "'%s' is [0x%llx..0x%llx), declared", o->name, (ull)q->base,
		  (ull)(q->base + q->size));
	if (o->owner != OWNER_HYPERVISOR) {
		diag_note(msg, pos_none, "'%s' belongs to '%s', '%s' to '%s'", x->name,
			  owner_name(m, x->owner), o->name, owner_name(m, o->owner));
	}
	help_apart(msg, m, x, o);
}

/* Only a page of both: right as they are, but not to be separated. */
static void report_page(struct diag *d, const struct model *m, const struct span *x, const struct span *o)
{
	uint64_t page = ALIGN_DOWN(x->range.base > o->range.base ? x->range.base : o->range.base, PAGE_SIZE);
	struct diag_msg *msg = diag_error(d, 203, x->range.pos,
					  "'%s' (%s) and '%s' (%s) share the page 0x%llx: "
					  "stage 2 cannot separate them",
					  x->name, owner_name(m, x->owner), o->name, owner_name(m, o->owner),
					  (ull)page);

	diag_label(msg, "[0x%llx..0x%llx)", (ull)x->range.base, (ull)(x->range.base + x->range.size));
	diag_note(msg, o->range.pos, "'%s' is [0x%llx..0x%llx), declared", o->name, (ull)o->range.base,
		  (ull)(o->range.base + o->range.size));
	if (o->owner == OWNER_HYPERVISOR) {
		diag_help(msg, "say 'status: disabled' on '%s', or let the hypervisor use another device",
			  x->name);
	} else {
		diag_help(msg,
			  "give both to one domain, or let each domain reach the other's device: 'shares: "
			  "[%s]' "
			  "in '%s' and 'shares: [%s]' in '%s'",
			  o->name, x->name, x->name, o->name);
	}
}

/* Whom to blame: what is not the hypervisor's; else the one that reaches into the
 * other; of two at the same place the later in the file. */
static void report_pair(struct diag *d, const struct model *m, struct span *a, struct span *b)
{
	bool second =
		a->owner == OWNER_HYPERVISOR ||
		(b->owner != OWNER_HYPERVISOR &&
		 (a->range.base == b->range.base ? b->group > a->group : a->range.base > b->range.base));
	struct span *x = second ? b : a, *o = second ? a : b;

	if (x->reported) {
		return; /* a range that is wrong may hit many */
	}
	x->reported = true;
	if (x->range.base <= range_last(&o->range) && o->range.base <= range_last(&x->range)) {
		report_overlap(d, m, x, o);
	} else {
		report_page(d, m, x, o);
	}
}

/* Within a domain it is an oddity; one warning for all. */
static void warn_within(struct diag *d, const struct model *m, const struct spans *s)
{
	size_t count = 0;
	struct diag_msg *msg = NULL;

	for (size_t i = 1, wide = 0; i < s->count; i++) {
		const struct span *a = &s->list[wide], *x = &s->list[i];
		bool inside = x->owner == a->owner && x->group != a->group && x->device != MODEL_NONE &&
			      a->device != MODEL_NONE && x->range.base <= range_last(&a->range) &&
			      a->range.base <= range_last(&x->range);
		wide = x->last > a->last ? i : wide;
		if (!inside || a->reported || x->reported || devices_share(&m->board, x->device, a->device) ||
		    count++ > 2) {
			continue;
		}
		if (msg == NULL) {
			msg = diag_warning(d, 201, x->range.pos,
					   "MMIO of '%s' overlaps '%s' in the same domain", x->name, a->name);
			diag_label(msg, "[0x%llx..0x%llx)", (ull)x->range.base,
				   (ull)(x->range.base + x->range.size));
			diag_note(msg, a->range.pos, "'%s' is [0x%llx..0x%llx), declared", a->name,
				  (ull)a->range.base, (ull)(a->range.base + a->range.size));
		} else {
			diag_note(msg, x->range.pos, "and '%s' overlaps '%s', declared", x->name, a->name);
		}
	}
	if (count > 3) {
		diag_note(msg, pos_none, "and %zu more", count - 3);
	}
}

void check_mmio(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct spans s = {0};
	struct span *x, *y;
	unsigned int tries = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		size_t owner = device_owner(m, i);
		bool looked_at = owner != OWNER_NOBODY && !engine_is_kept(dev);
		for (size_t r = 0; looked_at && r < dev->reg_count; r++) {
			const struct m_range *reg = &dev->reg[r];
			if (!mmio_in_machine(d, m, dev, reg) || mmio_in_ram(d, b, dev, reg)) {
				continue;
			}
			spans_add(&s, &(struct span){.first = ALIGN_DOWN(reg->base, PAGE_SIZE),
						     .last = range_last(reg) | (PAGE_SIZE - 1),
						     .owner = owner,
						     .device = i,
						     .group = i,
						     .name = dev->name.s,
						     .range = *reg});
		}
	}
	machine_add(m, &s);
	spans_sort(&s);
	struct sweep sweep = {.spans = &s};
	for (const struct span *last = NULL; sweep_next(&sweep, &x, &y); last = y) {
		tries = y == last ? tries + 1 : 0;
		/* The hypervisor shares its console with nobody. */
		bool kept = x->owner == OWNER_HYPERVISOR || y->owner == OWNER_HYPERVISOR;
		if (kept || !devices_share(b, x->device, y->device)) {
			report_pair(d, m, x, y);
		}
		if (tries == PAIRS_MAX) {
			sweep_skip(&sweep);
		}
	}
	sweep_free(&sweep);
	warn_within(d, m, &s);
	spans_free(&s);
}
