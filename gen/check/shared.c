// SPDX-License-Identifier: Apache-2.0
/* Memory that domains share: declared on both sides, and useful to them. Where it is:
 * check_domain_memory() and check_domain_view(). */
#include "check/parts.h"

/* Nobody shares with himself. */
static void users_check(struct diag *d, const struct model *m, size_t region)
{
	const struct m_region *r = &m->regions[region];
	const struct m_domain *user = NULL;
	const struct m_share *use = NULL;
	struct diag_msg *msg;
	size_t users = 0;
	bool written = false;

	for (size_t i = 0; i < m->domain_count; i++) {
		for (size_t n = 0; n < m->domains[i].share_count; n++) {
			const struct m_share *s = &m->domains[i].shares[n];

			if (s->region == region) {
				users += user == &m->domains[i] ? 0 : 1;
				written = written || s->write;
				user = &m->domains[i];
				use = s;
			}
		}
	}
	if (users == 0) {
		msg = diag_error(d, 219, r->pos, "no domain uses the shared memory '%s'", r->name.s);
		diag_help(msg, "remove it, or name it in two domains: shared-memory: [{name: %s, ipa: <an address>}]",
			  r->name.s);
	} else if (users == 1) {
		msg = diag_error(d, 219, r->pos, "'%s' is the only one that uses the shared memory '%s'", user->name.s,
				 r->name.s);
		diag_note(msg, use->name_pos, "'%s' names it", user->name.s);
		diag_help(msg, "name it in another domain, too: shared-memory: [{name: %s, ipa: <an address>}]",
			  r->name.s);
	} else if (!written) {
		msg = diag_error(d, 221, r->pos, "nobody may write to the shared memory '%s'", r->name.s);
		diag_note(msg, use->pos, "'%s' may read it", user->name.s);
		diag_help(msg, "access: rw, in one of them at least");
	}
}

static void twice_check(struct diag *d, const struct model *m, const struct m_domain *dom, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (dom->shares[i].region == dom->shares[n].region) {
			struct diag_msg *msg = diag_error(d, 220, dom->shares[n].name_pos,
							  "'%s' has the shared memory '%s' twice", dom->name.s,
							  m->regions[dom->shares[n].region].name.s);
			diag_note(msg, dom->shares[i].pos, "the first time");
			diag_help(msg, "remove one of the two");
			return;
		}
	}
}

static void address_check(struct diag *d, const struct model *m, const struct m_domain *dom,
			  const struct m_share *s)
{
	const struct m_region *r = &m->regions[s->region];
	uint64_t limit = address_limit(&m->board);
	struct diag_msg *msg;

	if (!s->has_ipa) {
		msg = diag_error(d, 222, s->pos, "'%s' does not say where it sees the shared memory '%s'", dom->name.s,
				 r->name.s);
		diag_note(msg, r->pos, "'%s' has no 'base' that would say it", r->name.s);
		diag_help(msg, "{name: %s, ipa: <an address that the domain does not have yet>}", r->name.s);
	} else if (s->ipa >= limit || r->size > limit - s->ipa) {
		msg = diag_error(d, 209, s->ipa_pos, "shared memory ends beyond the addresses that a domain has");
		diag_label(msg, "seen at 0x%llx, 0x%llx bytes; the last address is 0x%llx", (ull)s->ipa, (ull)r->size,
			   (ull)(limit - 1));
		diag_help(msg, "take a lower 'ipa'");
	}
}

/* In no cache it is in nobody's way there. */
static void colors_check(struct diag *d, const struct model *m, const struct m_region *r)
{
	for (size_t i = 0; i < m->domain_count && r->attr != ATTR_NORMAL_NC; i++) {
		if (m->domains[i].colors.count != 0) {
			struct diag_msg *msg = diag_error(d, 223, r->attr_pos, "the shared memory '%s' is cached, and "
							  "domains have cache colours", r->name.s);
			diag_note(msg, m->domains[i].colors.pos, "'%s' has some", m->domains[i].name.s);
			diag_help(msg, "attribute: normal-nc");
			return;
		}
	}
}

void check_shared(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->region_count; i++) {
		users_check(d, m, i);
		colors_check(d, m, &m->regions[i]);
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		for (size_t n = 0; n < dom->share_count; n++) {
			twice_check(d, m, dom, n);
			address_check(d, m, dom, &dom->shares[n]);
		}
	}
}
