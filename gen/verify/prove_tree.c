// SPDX-License-Identifier: Apache-2.0
/*
 * Properties 2 and 6: what a domain's device tree says is where the domain finds it. Each
 * trap window has the node of the virtual device that is there; and all other registers and memory that
 * the tree names are mapped, or trap.
 */
#include <inttypes.h>

#include "fdt.h"
#include "subject.h"

#define WATCHDOG_FRAME UINT64_C(0x1000)
#define WATCHDOG_REFRESH UINT64_C(0x10000)

static const struct {
	enum window_kind kind;
	const char *compatible[2];
	bool whole; /* the node's range is the window; else the window is how it begins */
} nodes[] = {
	{WINDOW_GICD, {"arm,gic-v3", "arm,gic-400"}, true},
	{WINDOW_GICR, {"arm,gic-v3"}, false}, /* the machine's range, of which a domain has some frames */
	{WINDOW_GITS, {"arm,gic-v3-its"}, false}, /* the doorbell's page follows */
	{WINDOW_VPL011, {"arm,pl011"}, true},
	{WINDOW_VSMMUV3, {"arm,smmu-v3"}, true},
	{WINDOW_CONTROL, {"bulkhead,control"}, true},
	{WINDOW_PL061, {"arm,pl061"}, true},
};

/* Whether a node of one of the kinds has a range from `base` on: of that size or, not `whole`, more. */
static bool tree_has(const struct fdt_ranges *tree, const char *const compatible[2], uint64_t base,
		     uint64_t size, bool whole)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct fdt_range *r = &tree->v[i];

		for (size_t k = 0; k < 2 && compatible[k] != NULL; k++) {
			if (r->base == base && fdt_is(r, compatible[k]) && (whole ? r->size == size : r->size >= size)) {
				return true;
			}
		}
	}
	return false;
}

static void tree_window(struct subject *s, const struct guest *g, const struct fdt_ranges *tree,
			const struct trap_window *w)
{
	static const char *const watchdog[2] = {"arm,sbsa-gwdt", NULL};
	const char *wanted = watchdog[0];
	bool found = false;

	if (w->kind == WINDOW_WATCHDOG) {
		found = tree_has(tree, watchdog, w->ipa, WATCHDOG_FRAME, true) &&
			tree_has(tree, watchdog, w->ipa + WATCHDOG_REFRESH, WATCHDOG_FRAME, true);
	}
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		if (nodes[i].kind == w->kind) {
			wanted = nodes[i].compatible[0];
			found = tree_has(tree, nodes[i].compatible, w->ipa, w->size, nodes[i].whole);
		}
	}
	report_count(s->report, PROPERTY_INTERRUPTS, 1);
	if (!found) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, w->ipa, w->ipa + w->size, &g->yaml->at, NULL,
			    "its device tree does not have '%s' here", wanted);
	}
}

/* All that the domain reaches by its own addresses, be it by a trap. */
static struct spans tree_reach(struct subject *s, const struct guest *g)
{
	struct spans reach = {.count = 0};

	for (size_t i = 0; i < g->walk.runs.count; i++) {
		spans_add(s->mem, &reach, g->walk.runs.v[i].in, g->walk.runs.v[i].in + g->walk.runs.v[i].size);
	}
	for (uint32_t i = 0; i < g->image->desc.window_count; i++) {
		spans_add(s->mem, &reach, g->image->windows[i].ipa, g->image->windows[i].ipa + g->image->windows[i].size);
	}
	return reach;
}

/* Not all of it is for the domain to reach: of the redistributors there are as many as CPUs, of an ITS a
 * frame and a page; and Xen's binding names free addresses, for the guest to put things at. */
static bool tree_is_open(const struct fdt_range *r)
{
	return fdt_is(r, "arm,gic-v3") || fdt_is(r, "arm,gic-v3-its") || fdt_is(r, "xen,xen");
}

static void tree_prove(struct subject *s, const struct guest *g)
{
	const struct domain_desc *d = &g->image->desc;
	struct fdt_ranges tree;
	struct spans reach;
	const uint8_t *blob = elf_bytes(s->elf, (uint64_t)(uintptr_t)d->dtb, d->dtb_size);

	if (blob == NULL || !fdt_read(s->mem, blob, d->dtb_size, &tree)) {
		report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "its device tree is none");
		return;
	}
	for (uint32_t i = 0; i < d->window_count; i++) {
		tree_window(s, g, &tree, &g->image->windows[i]);
	}
	reach = tree_reach(s, g);
	for (size_t i = 0; i < tree.count; i++) {
		const struct fdt_range *r = &tree.v[i];
		uint64_t lo = ALIGN_DOWN(r->base, PAGE_SIZE);
		bool open = tree_is_open(r);

		report_count(s->report, PROPERTY_OWNERS, 1);
		if (r->base + r->size < r->base || (r->size != 0 && !open &&
						     !spans_hold(&reach, lo, ALIGN_UP(r->base + r->size, PAGE_SIZE)))) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, r->base, r->base + r->size, &g->yaml->at,
				    NULL, "its device tree has '%s' here, which it does not reach", r->node);
		}
	}
}

void prove_trees(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		if (s->guests[i].image->desc.dtb != NULL) {
			tree_prove(s, &s->guests[i]);
		}
	}
}
