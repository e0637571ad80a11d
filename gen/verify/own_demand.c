// SPDX-License-Identifier: Apache-2.0
/*
 * A domain's MMIO: all registers of its devices; and with `mmio: on-demand` of the board's
 * windows what is nobody's: no RAM, no device of the board file, nothing of the GIC's, the
 * IOMMUs' or the hypervisor's, and nothing that it sees as something else.
 */
#include "subject.h"

static void demand_cut(struct subject *s, struct spans *rest, const struct range *r)
{
	struct span pages = own_pages(r);

	if (r->size != 0) {
		spans_remove(s->mem, rest, pages.lo, pages.hi);
	}
}

/* What is somewhere on the machine. */
static void demand_cut_machine(struct subject *s, struct spans *rest)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < b->ram_count; i++) {
		demand_cut(s, rest, &b->ram[i]);
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		demand_cut(s, rest, &b->reserved[i]);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t n = 0; n < b->devices[i].reg_count; n++) {
			demand_cut(s, rest, &b->devices[i].reg[n]);
		}
	}
	for (size_t i = 0; i < b->its_count; i++) {
		demand_cut(s, rest, &b->itses[i].reg);
	}
	demand_cut(s, rest, &b->gic.gicv);
	for (size_t i = 0; i < s->thing_count; i++) {
		const struct range thing = {.base = s->things[i].lo, .size = s->things[i].hi - s->things[i].lo};

		demand_cut(s, rest, &thing);
	}
}

/* What the domain sees there. */
static void demand_cut_view(struct subject *s, const struct guest *g, struct spans *rest)
{
	for (size_t i = 0; i < g->yaml->ram_count; i++) {
		const struct ram *r = &g->yaml->ram[i];
		const struct range seen = {.base = r->ipa, .size = r->has_ipa || r->has_base ? r->size : 0};

		demand_cut(s, rest, &seen);
	}
	for (size_t i = 0; i < g->yaml->share_count; i++) {
		const struct share *x = &g->yaml->shares[i];
		const struct range seen = {.base = x->ipa, .size = s->board->regions[x->region].size};

		demand_cut(s, rest, &seen);
	}
	for (uint32_t i = 0; i < g->image->desc.window_count; i++) {
		const struct range seen = {.base = g->image->windows[i].ipa, .size = g->image->windows[i].size};

		demand_cut(s, rest, &seen);
	}
}

static void demand_add(struct subject *s, struct guest *g, const struct spans *pages, struct expect x)
{
	for (size_t i = 0; i < pages->count; i++) {
		x.in = x.out = pages->v[i].lo;
		x.size = pages->v[i].hi - pages->v[i].lo;
		expects_add(s->mem, &g->expects, x);
	}
}

static void demand_expect_window(struct subject *s, struct guest *g, const struct demand_window *w)
{
	struct spans rest = {.count = 0};
	uint32_t shared = w->type >= MEMORY_WT ? ATTR_INNER : 0;

	spans_add(s->mem, &rest, w->reg.base, w->reg.base + w->reg.size);
	demand_cut_machine(s, &rest);
	demand_cut_view(s, g, &rest);
	demand_add(s, g, &rest,
		   (struct expect){.attr = w->type | shared | ATTR_READ | ATTR_WRITE | (w->at_start ? 0 : ATTR_LATER),
				   .name = w->name,
				   .at = w->reg.at});
}

static void demand_expect_device(struct subject *s, struct guest *g, const struct device *d,
				 const struct range *reg)
{
	const struct board *b = s->board;
	struct span pages = own_pages(reg);
	struct spans later = {.count = 0}, now = {.count = 0};

	spans_add(s->mem, &now, pages.lo, pages.hi);
	if (g->yaml->on_demand) {
		spans_add(s->mem, &later, pages.lo, pages.hi);
	}
	for (size_t i = 0; i < b->window_count; i++) {
		if (b->windows[i].at_start) {
			demand_cut(s, &later, &b->windows[i].reg);
		}
	}
	for (size_t i = 0; i < later.count; i++) {
		spans_remove(s->mem, &now, later.v[i].lo, later.v[i].hi);
	}
	demand_add(s, g, &now, (struct expect){.attr = d->attr, .name = d->name, .at = reg->at});
	demand_add(s, g, &later, (struct expect){.attr = d->attr | ATTR_LATER, .name = d->name, .at = reg->at});
}

void demand_expect(struct subject *s, struct guest *g)
{
	const struct board *b = s->board;
	bool known = b->ram_count != 0 && b->gic.version != GIC_NONE;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; d->owner == g->index && j < d->reg_count; j++) {
			demand_expect_device(s, g, d, &d->reg[j]);
		}
	}
	for (size_t i = 0; g->yaml->on_demand && known && i < b->window_count; i++) {
		demand_expect_window(s, g, &b->windows[i]);
	}
}
