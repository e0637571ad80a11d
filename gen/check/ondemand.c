// SPDX-License-Identifier: Apache-2.0
/* MMIO on demand: who may have it, and the board's windows for it. */
#include "check/parts.h"

static void domain_check(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	struct diag_msg *msg;

	if (!dom->on_demand) {
		return;
	}
	if (!dom->hardware) {
		msg = diag_error(d, 224, dom->mmio_pos, "'%s' cannot have its MMIO mapped on demand", dom->name.s);
		diag_label(msg, "it is not the hardware domain");
		diag_help(msg, "'role: hardware', or leave 'mmio' out");
	} else if (m->board.gic.version == 2) {
		msg = diag_error(d, 224, dom->mmio_pos, "MMIO is not mapped on demand beside a GICv2");
		diag_label(msg, "its devices have tables of their own there");
		diag_help(msg, "leave 'mmio' out");
	}
}

static bool window_check(struct diag *d, const struct m_board *b, const struct m_mmio_window *w)
{
	const struct m_range *r = &w->reg;
	uint64_t limit = address_limit(b), base = ALIGN_UP(r->base, PAGE_SIZE);
	uint64_t end = ALIGN_DOWN(r->base + r->size, PAGE_SIZE);
	struct diag_msg *msg;

	if (r->size == 0) {
		return false; /* the schema has spoken */
	}
	if (range_last(r) >= limit) {
		msg = diag_error(d, 209, r->pos, "the window '%s' ends beyond the machine's addresses", w->name.s);
		diag_label(msg, "ends at 0x%llx, addresses at 0x%llx", (ull)range_last(r), (ull)(limit - 1));
		diag_help(msg, "correct the range, or set 'physical-address-bits' to what the CPU has");
		return false;
	}
	if (!IS_ALIGNED(r->base | r->size, PAGE_SIZE)) {
		msg = diag_error(d, 207, r->pos, "the window '%s' does not consist of whole 4 KiB pages", w->name.s);
		diag_label(msg, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
		if (end > base) {
			diag_help(msg, "reg: [0x%llx, 0x%llx] is what of it can be mapped", (ull)base, (ull)(end - base));
		} else {
			diag_help(msg, "there is no whole page in it: remove it");
		}
		return false;
	}
	return true;
}

static void pair_check(struct diag *d, const struct m_mmio_window *w, const struct m_mmio_window *other)
{
	if (w->reg.base <= range_last(&other->reg) && other->reg.base <= range_last(&w->reg)) {
		struct diag_msg *msg = diag_error(d, 225, w->reg.pos, "the windows '%s' and '%s' overlap", w->name.s,
						  other->name.s);

		diag_label(msg, "[0x%llx..0x%llx)", (ull)w->reg.base, (ull)(w->reg.base + w->reg.size));
		diag_note(msg, other->reg.pos, "'%s' is [0x%llx..0x%llx), declared", other->name.s,
			  (ull)other->reg.base, (ull)(other->reg.base + other->reg.size));
		diag_help(msg, "shorten one, or make one of the two");
	}
}

/* Each is compared with all others, here and in the plan. */
#define WINDOWS_MAX 64u

void check_ondemand(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	bool known = b->ram_count != 0 && b->gic.gicd.size != 0;

	for (size_t i = 0; i < m->domain_count; i++) {
		domain_check(d, m, &m->domains[i]);
	}
	if (b->window_count != 0 && !known) {
		struct diag_msg *msg = diag_error(d, 225, b->windows[0].pos, "a window of which RAM and the interrupt "
						  "controller cannot be left out");

		diag_label(msg, "the board file does not say where those are");
		diag_help(msg, "give 'memory' and 'interrupt-controller', or leave 'mmio-windows' out");
		return;
	}
	if (b->window_count > WINDOWS_MAX) {
		struct diag_msg *msg = diag_error(d, 225, b->windows[WINDOWS_MAX].pos, "%zu windows are too many",
						  b->window_count);

		diag_label(msg, "a board has at most %u", WINDOWS_MAX);
		diag_help(msg, "make some that are near each other one: what is named in between is left out of it");
		return;
	}
	for (size_t i = 0; i < b->window_count; i++) {
		bool good = window_check(d, b, &b->windows[i]);

		for (size_t n = 0; good && n < i; n++) {
			pair_check(d, &b->windows[i], &b->windows[n]);
		}
	}
}
