// SPDX-License-Identifier: Apache-2.0
/* Cache colours: they exist, are one's alone, and its memory can have them. */
#include <stdio.h>

#include "check/parts.h"

#define COLORS_MAX 4096u

/* Holders of colours: 0 is the hypervisor, then come the domains. */

struct name_text {
	char s[80];
};

static const struct m_colors *colors_of(const struct model *m, size_t holder)
{
	return holder == 0 ? &m->hv_colors : &m->domains[holder - 1].colors;
}

static struct name_text name_of(const struct model *m, size_t holder)
{
	struct name_text t;

	if (holder == 0) {
		snprintf(t.s, sizeof(t.s), "the hypervisor");
	} else {
		snprintf(t.s, sizeof(t.s), "'%s'", m->domains[holder - 1].name.s);
	}
	return t;
}

static uint32_t colors_end(const struct m_colors *c)
{
	return c->first + c->count;
}

/* The longest run of colours that nobody has. */
static struct m_colors colors_free(const struct model *m)
{
	struct m_colors best = {0}, now = {0};

	for (uint32_t c = 0; c < m->board.colors && c < COLORS_MAX; c++) {
		bool taken = false;
		for (size_t i = 0; i <= m->domain_count; i++) {
			const struct m_colors *x = colors_of(m, i);
			taken = taken || (x->count != 0 && c >= x->first && c < colors_end(x));
		}
		now.first = taken ? c + 1 : now.first;
		now.count = taken ? 0 : now.count + 1;
		best = now.count > best.count ? now : best;
	}
	return best;
}

static void help_free(struct diag_msg *msg, const struct model *m)
{
	struct m_colors left = colors_free(m);

	if (left.count != 0) {
		diag_help(msg, "colors: {first: %u, count: %u} are left", left.first, left.count);
	} else {
		diag_help(msg, "no colours are left: give another one less");
	}
}

static void note_has(struct diag_msg *msg, const struct model *m, size_t holder)
{
	const struct m_colors *c = colors_of(m, holder);

	diag_note(msg, c->pos, "%s has %u..%u", name_of(m, holder).s, c->first, colors_end(c) - 1);
}

/* The colours are some that the board has. */
static void exist_check(struct diag *d, const struct model *m, size_t holder)
{
	const struct m_colors *c = colors_of(m, holder);
	uint32_t all = m->board.colors;

	if (all == 0) {
		struct diag_msg *msg = diag_error(d, 216, c->pos, "%s has cache colours, but the board does not say "
						  "how many there are", name_of(m, holder).s);
		diag_help(msg, "in board.yaml: cache: {colors: <size of the last-level cache / ways / 4 KiB>}");
	} else if (colors_end(c) > all) {
		struct diag_msg *msg = diag_error(d, 216, c->pos, "%s has cache colours that there are not",
						  name_of(m, holder).s);
		diag_label(msg, "%u..%u; the board has 0..%u", c->first, colors_end(c) - 1, all - 1);
		if (c->first < all) {
			diag_help(msg, "count: %u", all - c->first);
		} else {
			help_free(msg, m);
		}
	}
}

static void alone_check(struct diag *d, const struct model *m, size_t holder, size_t other)
{
	const struct m_colors *x = colors_of(m, holder), *o = colors_of(m, other);
	uint32_t first = x->first > o->first ? x->first : o->first;
	uint32_t end = colors_end(x) < colors_end(o) ? colors_end(x) : colors_end(o);

	end = end < m->board.colors ? end : m->board.colors;
	if (first >= end) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 217, x->pos, "%s and %s share cache colours", name_of(m, other).s,
					  name_of(m, holder).s);
	diag_label(msg, "%u..%u are in both", first, end - 1);
	note_has(msg, m, other);
	help_free(msg, m);
}

/* Pages of any colour are pages of everybody's. */
static void none_check(struct diag *d, const struct model *m, size_t holder, size_t other)
{
	struct diag_msg *msg = diag_error(d, 217, m->domains[holder - 1].pos,
					  "%s has no cache colours, so it shares those of %s",
					  name_of(m, holder).s, name_of(m, other).s);

	note_has(msg, m, other);
	help_free(msg, m);
}

/* Pages of some colours do not lie together, so the plan chooses them and the domain
 * sees them elsewhere. */
static void memory_check(struct diag *d, const struct m_domain *dom)
{
	if (dom->all_other_ram) {
		struct diag_msg *msg = diag_error(d, 218, dom->memory_pos,
						  "'%s' has cache colours and all other memory", dom->name.s);
		diag_note(msg, dom->colors.pos, "its colours are said");
		diag_help(msg, "memory: [{size: 0x20000000, ipa: 0x40000000}]");
	}
	for (size_t i = 0; i < dom->ram_count; i++) {
		const struct m_ram *r = &dom->ram[i];
		if (!r->has_base && r->has_ipa) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 218, r->pos, "memory of '%s' cannot have its cache colours%s",
						  dom->name.s, r->has_base ? " at one place" : "");
		diag_label(msg, r->has_base ? "'base' names pages of every colour"
					    : "it does not say where the domain sees it");
		diag_note(msg, dom->colors.pos, "its colours are said");
		diag_help(msg, "{size: 0x%llx, ipa: 0x%llx}", (ull)r->size,
			  (ull)(r->has_ipa ? r->ipa : r->has_base ? r->base : 0x40000000));
	}
}

void check_colors(struct diag *d, const struct model *m)
{
	size_t colored = MODEL_NONE;

	for (size_t i = 0; i <= m->domain_count; i++) {
		if (colors_of(m, i)->count == 0) {
			continue;
		}
		colored = colored == MODEL_NONE ? i : colored;
		exist_check(d, m, i);
		if (i > 0) {
			memory_check(d, &m->domains[i - 1]);
		}
		for (size_t n = 0; n < i; n++) {
			if (colors_of(m, n)->count != 0) {
				alone_check(d, m, i, n);
			}
		}
	}
	for (size_t i = 1; colored != MODEL_NONE && i <= m->domain_count; i++) {
		if (colors_of(m, i)->count == 0) {
			none_check(d, m, i, colored);
		}
	}
}
