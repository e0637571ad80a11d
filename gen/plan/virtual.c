// SPDX-License-Identifier: Apache-2.0
/* Devices that the hypervisor plays, for which the system file leaves the place or the
 * interrupt open. */
#include "plan/plan.h"

#include "control_abi.h"

/* So that a domain with pages of 64 KiB can map it alone. */
#define WINDOW_ALIGN KIB(64)

bool plan_find_hole(const struct plan *p, const struct plan_domain *dom, uint64_t size, uint64_t align,
		    uint64_t *base)
{
	const uint64_t ends[] = {UINT64_C(1) << 32, UINT64_C(1) << p->ipa_bits};
	bool found = false;

	for (size_t e = 0; e < ARRAY_SIZE(ends) && !found; e++) {
		struct ranges hole = {0};

		ranges_add(&hole, align, ends[e] - align);
		for (size_t i = 0; i < dom->map_count; i++) {
			ranges_remove(&hole, dom->maps[i].ipa, dom->maps[i].size);
		}
		for (size_t i = 0; i < dom->window_count; i++) {
			ranges_remove(&hole, dom->windows[i].ipa, ALIGN_UP(dom->windows[i].size, WINDOW_ALIGN));
		}
		found = ranges_find_top(&hole, size, align, base);
		ranges_free(&hole);
	}
	return found;
}

/* What a domain may have of the kind. */
struct kind {
	const struct m_virtual *v;
	const char *name;
	struct trap_window window;
};

static bool virtual_place(const struct plan *p, struct diag *d, struct plan_domain *dom, const struct kind *k)
{
	struct trap_window window = k->window;

	window.ipa = k->v->reg.base;
	if (k->v->reg.size == 0 &&
	    !plan_find_hole(p, dom, ALIGN_UP(window.size, WINDOW_ALIGN), WINDOW_ALIGN, &window.ipa)) {
		struct diag_msg *msg = diag_error(d, 559, k->v->pos, "no address is left for the %s of domain '%s'",
						  k->name, dom->m->name.s);

		diag_help(msg, "leave out some of the domain's memory or devices");
		return false;
	}
	dom->windows[dom->window_count++] = window;
	return true;
}

bool plan_virtual_places(struct plan *p, struct diag *d, struct plan_domain *dom)
{
	const struct kind kinds[] = {
		{&dom->m->control, "control interface",
		 {.size = ALIGN_UP((p->domain_count + 1) * CONTROL_BLOCK, PAGE_SIZE), .kind = WINDOW_CONTROL}},
		{&dom->m->watchdog, "watchdog", {.size = WATCHDOG_SIZE, .kind = WINDOW_WATCHDOG}},
	};
	bool good = true;

	if (model_is_open(&p->m->board)) {
		return true; /* what else is in the domain, firmware will tell */
	}
	/* Those whose place is given first: the others go where these are not. */
	for (size_t i = 0; i < 2 * ARRAY_SIZE(kinds) && good; i++) {
		const struct kind *k = &kinds[i % ARRAY_SIZE(kinds)];

		if (k->v->given && (k->v->reg.size != 0) == (i < ARRAY_SIZE(kinds))) {
			good = virtual_place(p, d, dom, k);
		}
	}
	return good;
}

const struct trap_window *plan_window(const struct plan_domain *dom, enum window_kind kind)
{
	for (size_t i = 0; i < dom->window_count; i++) {
		if (dom->windows[i].kind == kind) {
			return &dom->windows[i];
		}
	}
	return NULL;
}

/* The highest SPI of the GIC's that the domain does not have; 0: it has all. */
static uint32_t free_spi(const struct plan *p, const struct plan_domain *dom)
{
	for (uint32_t intid = 32 + p->m->board.gic.spi_count; intid-- > 32;) {
		uint32_t used = dom->irq_mask[intid / 32] | dom->virq_mask[intid / 32];

		if ((used & BIT32(intid % 32)) == 0) {
			return intid;
		}
	}
	return 0;
}

bool plan_watchdog_irq(struct plan *p, struct diag *d, struct plan_domain *dom)
{
	uint32_t intid = dom->m->watchdog.irq.intid;

	if (plan_window(dom, WINDOW_WATCHDOG) == NULL) {
		return true;
	}
	intid = intid != 0 ? intid : free_spi(p, dom);
	if (intid == 0) {
		struct diag_msg *msg = diag_error(d, 559, dom->m->watchdog.pos,
						  "no interrupt is left for the watchdog of domain '%s'", dom->m->name.s);

		diag_label(msg, "it has all %u SPIs of the GIC", p->m->board.gic.spi_count);
		diag_help(msg, "watchdog: false");
		return false;
	}
	for (size_t i = 0; i < dom->window_count; i++) {
		if (dom->windows[i].kind == WINDOW_WATCHDOG) {
			dom->windows[i].intid = (uint16_t)intid;
		}
	}
	dom->virq_mask[intid / 32] |= BIT32(intid % 32);
	return true;
}
