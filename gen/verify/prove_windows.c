// SPDX-License-Identifier: Apache-2.0
/* Property 6: the windows that trap are those of the domain, and nothing is
 * mapped in them. */
#include <inttypes.h>

#include "subject.h"

#define GICR_FRAME UINT64_C(0x20000)

struct wanted {
	struct trap_window v[5];
	size_t count;
};

static void prove_want(struct wanted *w, enum window_kind kind, uint64_t ipa, uint64_t size, uint32_t intid)
{
	w->v[w->count++] = (struct trap_window){.ipa = ipa, .size = size, .kind = kind, .intid = intid};
}

static struct wanted prove_wanted(const struct subject *s, const struct guest *g)
{
	const struct gic *gic = &s->board->gic;
	const struct its *its = board_domain_its(s->board, (size_t)g->index);
	struct wanted w = {.count = 0};

	if (gic->gicd.size != 0) {
		prove_want(&w, WINDOW_GICD, gic->gicd.base, gic->gicd.size, 0);
	}
	if (gic->version == GIC_V3 && gic->gicr.size != 0) {
		prove_want(&w, WINDOW_GICR, gic->gicr.base, g->yaml->cpu_count * GICR_FRAME, 0);
	}
	if (its != NULL) {
		prove_want(&w, WINDOW_GITS, its->reg.base, ITS_FRAME, 0);
	}
	if (g->yaml->vpl011.size != 0) {
		prove_want(&w, WINDOW_VPL011, g->yaml->vpl011.base, g->yaml->vpl011.size,
			   g->yaml->vpl011_irq.intid);
	}
	if (g->yaml->viommu.given) {
		prove_want(&w, WINDOW_VSMMUV3, g->yaml->viommu.reg.base, g->yaml->viommu.reg.size, 0);
	}
	return w;
}

static bool prove_same(const struct trap_window *a, const struct trap_window *b)
{
	return a->ipa == b->ipa && a->size == b->size && a->kind == b->kind && a->intid == b->intid;
}

static void prove_trapped(struct subject *s, const struct guest *g, const struct trap_window *w)
{
	uint64_t lo = ALIGN_DOWN(w->ipa, PAGE_SIZE);
	uint64_t hi = ALIGN_UP(w->ipa + w->size, PAGE_SIZE);

	for (size_t i = 0; i < g->walk.runs.count; i++) {
		const struct run *run = &g->walk.runs.v[i];

		if (run->in < hi && run->in + run->size > lo) {
			report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, lo, hi, &g->yaml->at, NULL,
				    "a page is mapped inside the trap window, to 0x%" PRIx64, run->out);
		}
	}
	if (w->size == 0 || w->ipa + w->size < w->ipa || hi > g->walk.in_end) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, lo, hi, &g->yaml->at, NULL,
			    "a trap window lies beyond the domain's addresses");
	}
}

static void prove_guest_windows(struct subject *s, const struct guest *g)
{
	struct wanted wanted = prove_wanted(s, g);
	uint64_t end = 0;

	for (uint32_t i = 0; i < g->image->desc.window_count; i++) {
		const struct trap_window *w = &g->image->windows[i];
		bool known = false;

		report_count(s->report, PROPERTY_INTERRUPTS, 1);
		for (size_t j = 0; j < wanted.count && !known; j++) {
			if (prove_same(w, &wanted.v[j])) {
				wanted.v[j] = wanted.v[--wanted.count];
				known = true;
			}
		}
		if (!known || w->ipa < end) {
			report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, w->ipa, w->ipa + w->size,
				    &g->yaml->at, NULL, "a trap window of kind %" PRIu32 " %s", w->kind,
				    known ? "overlaps another or is not in order"
					  : "that it should not have");
		}
		prove_trapped(s, g, w);
		end = w->ipa + w->size;
	}
	for (size_t j = 0; j < wanted.count; j++) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, wanted.v[j].ipa,
			    wanted.v[j].ipa + wanted.v[j].size, &g->yaml->at, NULL,
			    "its trap window of kind %" PRIu32 " is missing", wanted.v[j].kind);
	}
	if (g->image->desc.console_intid != (g->yaml->vpl011.size != 0 ? g->yaml->vpl011_irq.intid : 0)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "its console raises interrupt %" PRIu32, g->image->desc.console_intid);
	}
}

void prove_windows(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		prove_guest_windows(s, &s->guests[i]);
	}
}
