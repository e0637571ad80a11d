// SPDX-License-Identifier: Apache-2.0
/* Stage-2 memory attributes: right for what the region is, one for each page. */
#include <string.h>

#include "check/parts.h"
#include "check/span.h"

static bool attr_is_strict(enum m_attr attr)
{
	return attr == ATTR_DEVICE_NGNRNE || attr == ATTR_DEVICE_NGNRE;
}

static void gic_check(struct diag *d, const char *name, enum m_attr attr, struct pos at)
{
	struct diag_msg *msg = diag_error(d, 402, at,
					  "GIC region '%s' mapped '%s'; must be 'device-nGnRnE' or "
					  "'device-nGnRE'",
					  name, attr_names[attr]);

	diag_label(msg, "accesses could be merged or reordered");
	diag_note(msg, pos_none,
		  "the interrupt controller is switched between CPUs: each access counts, in order");
	diag_help(msg, "attribute: device-nGnRE, or leave it out");
}

static const struct m_prop *prop_find(const struct m_device *dev, const char *name)
{
	for (size_t i = 0; i < dev->prop_count; i++) {
		if (strcmp(dev->props[i].name, name) == 0) {
			return &dev->props[i];
		}
	}
	return NULL;
}

static void device_check(struct diag *d, const struct m_device *dev)
{
	struct pos at = dev->has_attr                 ? dev->attr_pos
			: dev->class_pos.file != NULL ? dev->class_pos
						      : dev->pos;
	const struct m_prop *no_wc = prop_find(dev, "no-memory-wc");

	if (no_wc != NULL && !attr_is_device(dev->attr)) {
		struct diag_msg *msg = diag_error(d, 401, at,
						  "'%s' is declared 'no-memory-wc' but mapped '%s'",
						  dev->name.s, attr_names[dev->attr]);
		diag_label(msg, "speculative and merged accesses would be allowed");
		diag_note(msg, no_wc->pos, "'no-memory-wc' is declared");
		diag_help(msg, "attribute: device-GRE, or remove 'no-memory-wc'");
	}
	if (dev->exec && attr_is_device(dev->attr)) {
		struct diag_msg *msg = diag_error(d, 403, dev->exec_pos, "'%s' is executable but mapped '%s'",
						  dev->name.s, attr_names[dev->attr]);
		diag_label(msg, "instructions cannot be fetched from Device memory");
		diag_help(msg, "attribute: normal-nc, or leave 'exec' out");
	}
}

/* One domain has one entry for a page; two may have other permissions there, by consent,
 * but one memory type: else neither sees what the other wrote (DDI 0487, B2.16). */
static bool attr_differs(const struct m_device *x, const struct m_device *y, bool one_domain)
{
	return x->attr != y->attr || (one_domain && (x->exec != y->exec || x->read_only != y->read_only));
}

/* One page, two devices that want it in two ways. */
static void page_report(struct diag *d, const struct m_board *b, struct span *x, const struct span *o)
{
	const struct m_device *dev = &b->devices[x->device], *other = &b->devices[o->device];
	uint64_t page = x->first > o->first ? x->first : o->first;

	if (x->reported) {
		return;
	}
	x->reported = true;
	struct diag_msg *msg = diag_error(d, 404, dev->has_attr ? dev->attr_pos : x->range.pos,
					  "'%s' and '%s' want the page 0x%llx in two ways", x->name, o->name,
					  (ull)page);
	diag_label(msg, "%s%s%s", attr_names[dev->attr], dev->exec ? ", executable" : "",
		   dev->read_only ? ", read-only" : "");
	diag_note(msg, other->has_attr ? other->attr_pos : o->range.pos, "'%s' is %s%s%s, declared", o->name,
		  attr_names[other->attr], other->exec ? ", executable" : "",
		  other->read_only ? ", read-only" : "");
	if (x->owner == o->owner) {
		diag_help(msg, "give both the same 'attribute', 'exec' and 'read-only': stage 2 has one set a page");
	} else {
		diag_help(msg, "give both the same 'attribute': what one domain writes, the other is to see");
	}
}

/* Two neighbours in the order of addresses are enough: what lies between two that
 * differ differs from one of them. */
static void pages_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct spans s = {0};

	for (size_t i = 0; i < b->device_count; i++) {
		size_t owner = device_owner(m, i);
		for (size_t r = 0; r < b->devices[i].reg_count && owner < m->domain_count; r++) {
			const struct m_range *reg = &b->devices[i].reg[r];
			spans_add(&s, &(struct span){.first = ALIGN_DOWN(reg->base, PAGE_SIZE),
						     .last = range_last(reg) | (PAGE_SIZE - 1),
						     .owner = owner,
						     .device = i,
						     .group = i,
						     .name = b->devices[i].name.s,
						     .range = *reg});
		}
	}
	spans_sort(&s);
	for (size_t i = 1, widest = 0; i < s.count; i++) {
		struct span *a = &s.list[widest], *x = &s.list[i];
		bool one = x->owner == a->owner;
		if (x->first <= a->last && (one || devices_share(b, x->device, a->device)) &&
		    attr_differs(&b->devices[x->device], &b->devices[a->device], one)) {
			page_report(d, b, x->group > a->group ? x : a, x->group > a->group ? a : x);
		}
		widest = x->last >= a->last ? i : widest;
	}
	spans_free(&s);
}

void check_attributes(struct diag *d, const struct model *m)
{
	const struct m_gic *g = &m->board.gic;

	if (g->has_attr && !attr_is_strict(g->attr)) {
		gic_check(d, g->version == 2 ? "gicv" : "gicd", g->attr, g->attr_pos);
	}
	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];
		if (dev->enabled && dev->class == CLASS_MSI_FRAME && !attr_is_strict(dev->attr)) {
			gic_check(d, dev->name.s, dev->attr, dev->attr_pos);
		} else if (dev->enabled) {
			device_check(d, dev);
		}
	}
	pages_check(d, m);
}
