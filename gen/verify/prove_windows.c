// SPDX-License-Identifier: Apache-2.0
/* Property 6: the windows that trap are those of the domain, and nothing is
 * mapped in them. */
#include <inttypes.h>

#include "subject.h"

#define GICR_FRAME UINT64_C(0x20000)
#define CONTROL_BLOCK UINT64_C(0x100)
#define WATCHDOG_SIZE UINT64_C(0x20000)
#define SPI_FIRST 32u

#define SINGLE_WINDOWS 7 /* of each kind but doorbells one at the most */

struct wanted {
	struct trap_window *v;
	size_t count;
};

static void prove_want(struct wanted *w, enum window_kind kind, uint64_t ipa, uint64_t size, uint32_t intid)
{
	w->v[w->count++] = (struct trap_window){.ipa = ipa, .size = size, .kind = kind, .intid = (uint16_t)intid};
}

const struct trap_window *window_of(const struct guest *g, enum window_kind kind)
{
	for (uint32_t i = 0; i < g->image->desc.window_count; i++) {
		if (g->image->windows[i].kind == kind) {
			return &g->image->windows[i];
		}
	}
	return NULL;
}

/* Where the YAML says nothing, any place will do that is free. */
static void prove_want_virtual(struct wanted *w, const struct guest *g, enum window_kind kind, uint64_t size,
			       const struct virtual *v)
{
	const struct trap_window *found = window_of(g, kind);
	uint64_t ipa = v->reg.size == 0 && found != NULL && IS_ALIGNED(found->ipa, PAGE_SIZE) ? found->ipa
											       : v->reg.base;

	if (v->given) {
		prove_want(w, kind, ipa, size, v->irq.intid == 0 && found != NULL ? found->intid : v->irq.intid);
	}
}

/* The domain that comes first in the file has end 0. */
static void prove_want_bell(struct wanted *w, const struct board *b, const struct guest *g,
			    const struct bell *e)
{
	uint16_t end = 0;

	for (int i = 0; i < g->index; i++) {
		for (size_t n = 0; n < b->domains[i].bell_count; n++) {
			end = b->domains[i].bells[n].bell == e->bell ? 1 : end;
		}
	}
	prove_want(w, WINDOW_PL061, e->reg.base, e->reg.size, e->irq.intid);
	w->v[w->count - 1].index = (uint16_t)(2 * e->bell + end);
}

static struct wanted prove_wanted(struct subject *s, const struct guest *g)
{
	const struct gic *gic = &s->board->gic;
	const struct its *its = board_domain_its(s->board, (size_t)g->index);
	struct wanted w = {.count = 0};

	w.v = mem_alloc(s->mem, SINGLE_WINDOWS + g->yaml->bell_count, sizeof(*w.v));
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
	prove_want_virtual(&w, g, WINDOW_CONTROL, ALIGN_UP((s->board->domain_count + 1) * CONTROL_BLOCK, PAGE_SIZE),
			   &g->yaml->control);
	prove_want_virtual(&w, g, WINDOW_WATCHDOG, WATCHDOG_SIZE, &g->yaml->watchdog);
	for (size_t i = 0; i < g->yaml->bell_count; i++) {
		prove_want_bell(&w, s->board, g, &g->yaml->bells[i]);
	}
	return w;
}

static bool prove_same(const struct trap_window *a, const struct trap_window *b)
{
	return a->ipa == b->ipa && a->size == b->size && a->kind == b->kind && a->intid == b->intid &&
	       a->index == b->index;
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

static void prove_watchdog_irq(struct subject *s, const struct guest *g)
{
	const struct trap_window *w = window_of(g, WINDOW_WATCHDOG);
	const struct domain *y = g->yaml;
	bool taken = w != NULL && w->intid == g->image->desc.console_intid;

	for (size_t i = 0; i < VIOMMU_IRQS && w != NULL; i++) {
		taken = taken || (y->viommu.given && y->viommu.irqs[i].intid == w->intid);
	}
	for (size_t i = 0; i < y->bell_count && w != NULL; i++) {
		taken = taken || y->bells[i].irq.intid == w->intid;
	}
	if (w != NULL && (taken || w->intid < SPI_FIRST || w->intid - SPI_FIRST >= s->board->gic.spis)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, y->name, w->ipa, w->ipa + w->size, &y->at, NULL,
			    "its watchdog raises interrupt %" PRIu32 ", which is %s", w->intid,
			    taken ? "another virtual device's" : "no SPI of the GIC's");
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
	prove_watchdog_irq(s, g);
	if (window_of(g, WINDOW_CONTROL) != NULL && window_of(g, WINDOW_CONTROL)->intid != 0) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "its control interface raises an interrupt");
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
