// SPDX-License-Identifier: Apache-2.0
/* RAM that a domain names by its physical address: it is there, and nobody else's. */
#include <stdio.h>

#include "check/banks.h"
#include "check/parts.h"

struct name_text {
	char s[96];
};

/* One line on what of [base, end) is left without [cut, cut_end). */
static void help_without(struct diag_msg *msg, const struct model *m, size_t owner, const struct m_ram *r,
			 uint64_t cut, uint64_t cut_end)
{
	uint64_t end = r->base + r->size;
	uint64_t low = cut > r->base ? ALIGN_DOWN(cut, PAGE_SIZE) - r->base : 0;
	uint64_t high = cut_end < end ? end - ALIGN_UP(cut_end, PAGE_SIZE) : 0;
	uint64_t ipa = r->has_ipa ? r->ipa : r->base;

	if (owner >= m->domain_count) {
		diag_help(msg, "take another place, or leave 'base' out: the generator then finds one");
	} else if (low != 0 && high != 0 && r->has_ipa) {
		diag_help(msg,
			  "memory: [{base: 0x%llx, size: 0x%llx, ipa: 0x%llx}, {base: 0x%llx, size: 0x%llx, "
			  "ipa: 0x%llx}]",
			  (ull)r->base, (ull)low, (ull)ipa, (ull)(end - high), (ull)high,
			  (ull)(ipa + r->size - high));
	} else if (low != 0 && high != 0) {
		diag_help(msg, "memory: [{base: 0x%llx, size: 0x%llx}, {base: 0x%llx, size: 0x%llx}]",
			  (ull)r->base, (ull)low, (ull)(end - high), (ull)high);
	} else if (low != 0) {
		diag_help(msg, "size: 0x%llx", (ull)low);
	} else if (high != 0) {
		diag_help(msg, "base: 0x%llx, size: 0x%llx", (ull)(end - high), (ull)high);
	} else {
		diag_help(msg, "take another place, or leave 'base' out: the generator then finds one");
	}
}

static bool ram_in_machine(struct diag *d, const struct model *m, const struct m_ram *r)
{
	uint64_t limit = address_limit(&m->board);

	if (r->base < limit && r->size <= limit - r->base) {
		return true;
	}
	struct diag_msg *msg = diag_error(d, 209, r->pos, "memory ends beyond the machine's addresses");
	diag_label(msg, "starts at 0x%llx, 0x%llx bytes; the last address is 0x%llx", (ull)r->base,
		   (ull)r->size, (ull)(limit - 1));
	diag_help(msg, "correct 'base' or 'size', or set 'physical-address-bits' of the board");
	return false;
}

/* Whose it is: a domain's, or, behind these, a region's that domains share. */
static struct name_text ram_name(const struct model *m, size_t owner)
{
	struct name_text t;

	if (owner < m->domain_count) {
		snprintf(t.s, sizeof(t.s), "memory of '%s'", m->domains[owner].name.s);
	} else {
		snprintf(t.s, sizeof(t.s), "the shared memory '%s'", m->regions[owner - m->domain_count].name.s);
	}
	return t;
}

static bool ram_in_banks(struct diag *d, const struct model *m, size_t owner, const struct m_ram *r)
{
	const struct m_board *b = &m->board;
	uint64_t last = r->base + (r->size - 1);

	if (b->ram_count == 0) {
		return true; /* firmware tells at boot */
	}
	struct spans banks = banks_of(b);
	uint64_t reach = banks_reach(&banks, r->base, last);
	spans_free(&banks);
	if (reach == r->size) {
		return true;
	}
	struct diag_msg *msg = diag_error(d, 206, r->pos, "%s is not all RAM", ram_name(m, owner).s);
	size_t bank = banks_meet(b, r->base, last);
	diag_label(msg, "[0x%llx..0x%llx): 0x%llx is in no RAM bank", (ull)r->base, (ull)(r->base + r->size),
		   (ull)(r->base + reach));
	bank = bank == MODEL_NONE ? 0 : bank;
	diag_note(msg, b->ram[bank].pos, "RAM bank %zu is [0x%llx..0x%llx), declared", bank,
		  (ull)b->ram[bank].base, (ull)(b->ram[bank].base + b->ram[bank].size));
	if (reach >= PAGE_SIZE) {
		diag_help(msg, "size: 0x%llx", (ull)reach);
	} else {
		diag_help(msg, "take a 'base' inside a bank, or leave it out: the generator then finds a "
			       "place");
	}
	return false;
}

static void ram_beside_others(struct diag *d, const struct model *m, size_t owner, const struct m_ram *r)
{
	const struct m_board *b = &m->board;
	uint64_t last = r->base + (r->size - 1);
	uint64_t hv_last = b->load.v + m->hv_size - 1;

	if (b->load.given && r->base <= hv_last && b->load.v <= last) {
		struct diag_msg *msg = diag_error(d, 205, r->pos, "%s contains the hypervisor",
						  ram_name(m, owner).s);
		diag_label(msg, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
		diag_note(msg, b->load.pos, "the hypervisor is [0x%llx..0x%llx), from 'load'", (ull)b->load.v,
			  (ull)(b->load.v + m->hv_size));
		help_without(msg, m, owner, r, b->load.v, b->load.v + m->hv_size);
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		const struct m_range *res = &b->reserved[i];
		if (r->base > range_last(res) || res->base > last) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 208, r->pos,
						  "%s contains reserved memory '%s'", ram_name(m, owner).s,
						  b->reserved_names[i]);
		diag_label(msg, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
		diag_note(msg, res->pos, "'%s' is [0x%llx..0x%llx), declared", b->reserved_names[i],
			  (ull)res->base, (ull)(res->base + res->size));
		help_without(msg, m, owner, r, res->base, res->base + res->size);
	}
}

static void ram_overlap(struct diag *d, const struct model *m, const struct span *a, const struct span *b)
{
	/* The later one in the file is the one to change. */
	const struct span *later = a->group > b->group ? a : b;
	const struct span *other = later == a ? b : a;
	struct diag_msg *msg;
	uint64_t first = b->first, last = a->last < b->last ? a->last : b->last;

	if (later->owner == other->owner) {
		msg = diag_error(d, 204, later->range.pos, "'%s' has the same RAM twice",
				 m->domains[later->owner].name.s);
	} else {
		msg = diag_error(d, 204, later->range.pos, "%s overlaps %s", ram_name(m, later->owner).s,
				 ram_name(m, other->owner).s);
	}
	diag_label(msg, "[0x%llx..0x%llx), %s in common", (ull)later->first, (ull)(later->last + 1),
		   size_text(last - first + 1).s);
	diag_note(msg, other->range.pos, "%s is [0x%llx..0x%llx), declared",
		  later->owner == other->owner ? "the other"
		  : other->owner < m->domain_count ? m->domains[other->owner].name.s
						   : m->regions[other->owner - m->domain_count].name.s,
		  (ull)other->first, (ull)(other->last + 1));
	if (later->first < other->first) {
		diag_help(msg, "size: 0x%llx", (ull)(other->first - later->first));
	} else {
		diag_help(msg, "base: 0x%llx is the next free place", (ull)(other->last + 1));
	}
}

/* One piece with an address, if the machine has it. */
static void ram_add(struct diag *d, const struct model *m, size_t owner, const struct m_ram *ram,
		    struct spans *s)
{
	if (!ram->has_base || !ram_in_machine(d, m, ram)) {
		return;
	}
	if (ram_in_banks(d, m, owner, ram)) {
		ram_beside_others(d, m, owner, ram);
	}
	spans_add(s, &(struct span){.first = ram->base,
				    .last = ram->base + (ram->size - 1),
				    .owner = owner,
				    .group = s->count,
				    .range = {.pos = ram->pos}});
}

void check_domain_memory(struct diag *d, const struct model *m)
{
	struct spans s = {0};

	for (size_t i = 0; i < m->region_count; i++) {
		const struct m_region *r = &m->regions[i];
		struct m_ram ram = {.has_base = r->has_base, .base = r->base, .size = r->size, .pos = r->base_pos};
		ram_add(d, m, m->domain_count + i, &ram, &s);
	}

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		for (size_t r = 0; r < dom->ram_count; r++) {
			ram_add(d, m, i, &dom->ram[r], &s);
		}
	}
	spans_sort(&s);
	for (size_t i = 1, widest = 0; i < s.count; i++) {
		if (s.list[i].first <= s.list[widest].last) {
			ram_overlap(d, m, &s.list[widest], &s.list[i]);
		}
		widest = s.list[i].last > s.list[widest].last ? i : widest;
	}
	spans_free(&s);
}
