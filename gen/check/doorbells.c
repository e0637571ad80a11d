// SPDX-License-Identifier: Apache-2.0
/* Doorbells: each between two domains. Their interrupts: check_interrupts(). */
#include "check/parts.h"
#include "tables.h"

#define ENDS_MAX 8u /* of one domain: its software interrupts are few */

static void users_check(struct diag *d, const struct model *m, size_t bell)
{
	const struct m_string *name = &m->bells[bell];
	const struct m_domain *users[3] = {NULL};
	const struct m_bell *ends[3] = {NULL};
	struct diag_msg *msg;
	size_t count = 0;

	for (size_t i = 0; i < m->domain_count; i++) {
		for (size_t n = 0; n < m->domains[i].bell_count; n++) {
			if (m->domains[i].bells[n].bell == bell && count < ARRAY_SIZE(users) &&
			    (count == 0 || users[count - 1] != &m->domains[i])) {
				users[count] = &m->domains[i];
				ends[count++] = &m->domains[i].bells[n];
			}
		}
	}
	if (count == 0) {
		msg = diag_error(d, 570, name->pos, "no domain has the doorbell '%s'", name->s);
		diag_help(msg, "remove it, or name it in two domains: doorbells: [{name: %s, reg: [<base>, 0x1000], "
			  "interrupt: {spi: <N>}}]", name->s);
	} else if (count == 1) {
		msg = diag_error(d, 570, name->pos, "'%s' is the only one that has the doorbell '%s'", users[0]->name.s,
				 name->s);
		diag_note(msg, ends[0]->name_pos, "'%s' names it", users[0]->name.s);
		diag_help(msg, "name it in another domain, too: doorbells: [{name: %s, reg: [<base>, 0x1000], "
			  "interrupt: {spi: <N>}}]", name->s);
	} else if (count > 2) {
		msg = diag_error(d, 570, ends[2]->name_pos, "a third domain, '%s', has the doorbell '%s'",
				 users[2]->name.s, name->s);
		diag_note(msg, ends[0]->name_pos, "'%s' names it", users[0]->name.s);
		diag_note(msg, ends[1]->name_pos, "and '%s'", users[1]->name.s);
		diag_help(msg, "declare another doorbell for it: each is between two domains");
	}
}

static void twice_check(struct diag *d, const struct model *m, const struct m_domain *dom, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (dom->bells[i].bell == dom->bells[n].bell) {
			struct diag_msg *msg = diag_error(d, 571, dom->bells[n].name_pos,
							  "'%s' has the doorbell '%s' twice", dom->name.s,
							  m->bells[dom->bells[n].bell].s);
			diag_note(msg, dom->bells[i].name_pos, "the first time");
			diag_help(msg, "remove one of the two");
			return;
		}
	}
}

static void place_check(struct diag *d, const struct model *m, const struct m_domain *dom,
			const struct m_bell *b)
{
	const struct m_range *r = &b->reg;
	uint64_t limit = address_limit(&m->board);
	const char *name = m->bells[b->bell].s;
	struct diag_msg *msg;

	if (r->size == 0) {
		return; /* refused as it was read */
	}
	if (r->size != BELL_SIZE || !IS_ALIGNED(r->base, PAGE_SIZE)) {
		msg = diag_error(d, 207, r->pos, "a doorbell is exactly one page");
		diag_label(msg, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
		diag_help(msg, "reg: [0x%llx, 0x1000]", (ull)ALIGN_DOWN(r->base, PAGE_SIZE));
	} else if (range_last(r) >= limit) {
		msg = diag_error(d, 209, r->pos, "the doorbell '%s' of '%s' lies beyond the addresses that a domain has",
				 name, dom->name.s);
		diag_label(msg, "ends at 0x%llx; the last address is 0x%llx", (ull)range_last(r), (ull)(limit - 1));
		diag_help(msg, "take a lower address");
	}
}

static void count_check(struct diag *d, const struct model *m)
{
	struct diag_msg *msg;

	if (m->bell_count > DOORBELLS_MAX) {
		msg = diag_error(d, 572, m->bells[DOORBELLS_MAX].pos, "more than %u doorbells", DOORBELLS_MAX);
		diag_help(msg, "each has four lines in either direction: let some be used for more");
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		if (dom->bell_count > ENDS_MAX) {
			msg = diag_error(d, 572, dom->bells[ENDS_MAX].pos, "'%s' has more than %u doorbells", dom->name.s,
					 ENDS_MAX);
			diag_help(msg, "each has four lines in either direction: let some be used for more");
		}
	}
}

void check_doorbells(struct diag *d, const struct model *m)
{
	count_check(d, m);
	for (size_t i = 0; i < m->bell_count; i++) {
		users_check(d, m, i);
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		for (size_t n = 0; n < dom->bell_count; n++) {
			twice_check(d, m, dom, n);
			place_check(d, m, dom, &dom->bells[n]);
		}
	}
}
