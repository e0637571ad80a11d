// SPDX-License-Identifier: Apache-2.0
/* Cache colours: they exist, are one domain's alone, and its memory can have them. */
#include "check/parts.h"

#define COLORS_MAX 4096u

static uint32_t colors_end(const struct m_domain *dom)
{
	return dom->color_first + dom->color_count;
}

/* The longest run of colours that no domain has; count 0: there is none. */
struct free_colors {
	uint32_t first;
	uint32_t count;
};

static struct free_colors colors_free(const struct model *m)
{
	struct free_colors best = {0}, now = {0};

	for (uint32_t c = 0; c < m->board.colors && c < COLORS_MAX; c++) {
		bool taken = false;
		for (size_t i = 0; i < m->domain_count; i++) {
			const struct m_domain *dom = &m->domains[i];
			taken = taken || (dom->color_count != 0 && c >= dom->color_first && c < colors_end(dom));
		}
		now = taken ? (struct free_colors){c + 1, 0} : (struct free_colors){now.first, now.count + 1};
		best = now.count > best.count ? now : best;
	}
	return best;
}

static void help_free(struct diag_msg *msg, const struct model *m)
{
	struct free_colors left = colors_free(m);

	if (left.count != 0) {
		diag_help(msg, "colors: {first: %u, count: %u} are left", left.first, left.count);
	} else {
		diag_help(msg, "no colours are left: give another domain less");
	}
}

/* The colours are some that the board has. */
static bool exist_check(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	uint32_t all = m->board.colors;

	if (all == 0) {
		struct diag_msg *msg = diag_error(d, 216, dom->colors_pos,
						  "'%s' has cache colours, but the board does not say how many "
						  "there are", dom->name.s);
		diag_help(msg, "in board.yaml: cache: {colors: <size of the last-level cache / ways / 4 KiB>}");
		return false;
	}
	if (colors_end(dom) > all) {
		struct diag_msg *msg = diag_error(d, 216, dom->colors_pos, "'%s' has cache colours that there are "
						  "not", dom->name.s);
		diag_label(msg, "%u..%u; the board has 0..%u", dom->color_first, colors_end(dom) - 1, all - 1);
		if (dom->color_first < all) {
			diag_help(msg, "count: %u", all - dom->color_first);
		} else {
			help_free(msg, m);
		}
		return false;
	}
	return true;
}

static void alone_check(struct diag *d, const struct model *m, const struct m_domain *dom,
			const struct m_domain *other)
{
	uint32_t first = dom->color_first > other->color_first ? dom->color_first : other->color_first;
	uint32_t end = colors_end(dom) < colors_end(other) ? colors_end(dom) : colors_end(other);

	if (first >= end) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 217, dom->colors_pos, "'%s' and '%s' share cache colours",
					  other->name.s, dom->name.s);
	diag_label(msg, "%u..%u are in both", first, end - 1);
	diag_note(msg, other->colors_pos, "'%s' has %u..%u", other->name.s, other->color_first,
		  colors_end(other) - 1);
	help_free(msg, m);
}

/* Pages of any colour are pages of everybody's. */
static void none_check(struct diag *d, const struct model *m, const struct m_domain *dom,
		       const struct m_domain *other)
{
	struct diag_msg *msg = diag_error(d, 217, dom->pos, "'%s' has no cache colours, so it shares those of '%s'",
					  dom->name.s, other->name.s);

	diag_note(msg, other->colors_pos, "'%s' has %u..%u", other->name.s, other->color_first,
		  colors_end(other) - 1);
	help_free(msg, m);
}

/* Pages of some colours do not lie together, so the plan chooses them and the domain
 * sees them elsewhere. */
static void memory_check(struct diag *d, const struct m_domain *dom)
{
	if (dom->all_other_ram) {
		struct diag_msg *msg = diag_error(d, 218, dom->memory_pos,
						  "'%s' has cache colours and all other memory", dom->name.s);
		diag_note(msg, dom->colors_pos, "its colours are said");
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
		diag_note(msg, dom->colors_pos, "its colours are said");
		diag_help(msg, "{size: 0x%llx, ipa: 0x%llx}", (ull)r->size,
			  (ull)(r->has_ipa ? r->ipa : r->has_base ? r->base : 0x40000000));
	}
}

void check_colors(struct diag *d, const struct model *m)
{
	const struct m_domain *colored = NULL;

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		if (dom->color_count == 0 || !exist_check(d, m, dom)) {
			continue;
		}
		colored = colored == NULL ? dom : colored;
		memory_check(d, dom);
		for (size_t n = 0; n < i; n++) {
			if (m->domains[n].color_count != 0) {
				alone_check(d, m, dom, &m->domains[n]);
			}
		}
	}
	for (size_t i = 0; colored != NULL && i < m->domain_count; i++) {
		if (m->domains[i].color_count == 0) {
			none_check(d, m, &m->domains[i], colored);
		}
	}
}
