// SPDX-License-Identifier: Apache-2.0
/* Control interfaces and watchdogs: registers, and what the board must have for them. */
#include "check/parts.h"
#include "control_abi.h"

static void place_check(struct diag *d, const struct model *m, const struct m_domain *dom,
			const struct m_range *r, uint64_t size, uint64_t align, const char *name)
{
	uint64_t limit = address_limit(&m->board);
	struct diag_msg *msg;

	if (r->size == 0) {
		return;
	}
	if (r->size != size || !IS_ALIGNED(r->base, align)) {
		msg = diag_error(d, 548, r->pos, "the %s of '%s' cannot have these registers", name, dom->name.s);
		diag_label(msg, "they are %s, from a multiple of %s on", size_text(size).s, size_text(align).s);
		diag_help(msg, "reg: [0x%llx, 0x%llx]", (ull)ALIGN_DOWN(r->base, align), (ull)size);
	} else if (range_last(r) >= limit) {
		msg = diag_error(d, 209, r->pos, "the %s of '%s' lies beyond the addresses that a domain has", name,
				 dom->name.s);
		diag_label(msg, "ends at 0x%llx; the last address is 0x%llx", (ull)range_last(r), (ull)(limit - 1));
		diag_help(msg, "take a lower address, or leave 'reg' out");
	}
}

static void machine_check(struct diag *d, const struct model *m, const struct m_domain *dom,
			  const struct m_virtual *v, const char *name)
{
	if (v->given && model_has_acpi(&m->board, dom)) {
		bool open = model_is_open(&m->board);
		struct diag_msg *msg = open ? diag_error(d, 549, v->pos, "no %s on a board that firmware describes", name)
					    : diag_error(d, 549, v->pos, "no %s for a domain that has ACPI tables", name);

		diag_label(msg, "%s", open ? "its place would be known at run time only"
					   : "nothing would tell it where that is");
		diag_help(msg, "leave it out");
	}
}

void check_virtuals(struct diag *d, const struct model *m)
{
	uint64_t blocks = ALIGN_UP((m->domain_count + 1) * CONTROL_BLOCK, PAGE_SIZE);

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		machine_check(d, m, dom, &dom->control, "control interface");
		machine_check(d, m, dom, &dom->watchdog, "watchdog");
		place_check(d, m, dom, &dom->control.reg, blocks, PAGE_SIZE, "control interface");
		place_check(d, m, dom, &dom->watchdog.reg, WATCHDOG_SIZE, WATCHDOG_SIZE / 2, "watchdog");
	}
}
