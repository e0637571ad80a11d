// SPDX-License-Identifier: Apache-2.0
/* The board's RAM: banks, what is reserved of it, and the hypervisor's place. */
#include "check/banks.h"
#include "check/parts.h"

static void bank_check(struct diag *d, const struct model *m, const struct m_range *r)
{
	uint64_t limit = address_limit(&m->board);
	uint64_t base = ALIGN_UP(r->base, PAGE_SIZE);
	uint64_t end = ALIGN_DOWN(r->base + r->size, PAGE_SIZE);

	if (range_last(r) >= limit) {
		struct diag_msg *msg = diag_error(d, 209, r->pos, "RAM ends beyond the machine's addresses");
		diag_label(msg, "ends at 0x%llx, addresses at 0x%llx", (ull)range_last(r), (ull)(limit - 1));
		diag_help(msg, "correct the range, or set 'physical-address-bits' to what the CPU has");
		return;
	}
	if (!IS_ALIGNED(r->base, PAGE_SIZE) || !IS_ALIGNED(r->size, PAGE_SIZE)) {
		struct diag_msg *msg = diag_error(d, 207, r->pos,
						  "RAM does not consist of whole 4 KiB pages");
		diag_label(msg, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
		if (end > base) {
			diag_help(msg, "reg: [0x%llx, 0x%llx] is what of it can be used", (ull)base,
				  (ull)(end - base));
		} else {
			diag_help(msg, "there is no whole page in it: remove it");
		}
	}
}

static void banks_overlap(struct diag *d, const struct m_board *b)
{
	struct spans s = {0};

	for (size_t i = 0; i < b->ram_count; i++) {
		spans_add(&s, &(struct span){.first = b->ram[i].base,
					     .last = range_last(&b->ram[i]),
					     .group = i,
					     .range = b->ram[i]});
	}
	spans_sort(&s);
	for (size_t i = 1, widest = 0; i < s.count; i++) {
		const struct span *a = &s.list[widest], *x = &s.list[i];
		if (x->first <= a->last) {
			const struct span *later = x->group > a->group ? x : a;
			const struct span *other = later == x ? a : x;
			struct diag_msg *msg = diag_error(d, 210, later->range.pos, "two RAM banks overlap");
			diag_label(msg, "[0x%llx..0x%llx)", (ull)later->range.base,
				   (ull)(later->range.base + later->range.size));
			diag_note(msg, other->range.pos, "the other is [0x%llx..0x%llx), declared",
				  (ull)other->range.base, (ull)(other->range.base + other->range.size));
			if (x->first > a->first) {
				diag_help(msg, "remove one, or shorten the lower to [0x%llx, 0x%llx]",
					  (ull)a->first, (ull)(x->first - a->first));
			} else {
				diag_help(msg, "remove one");
			}
		}
		widest = x->last > a->last ? i : widest;
	}
	spans_free(&s);
}

/* The hypervisor's memory: in RAM, and not in what is reserved. */
static void image_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	uint64_t first = b->load.v, last = b->load.v + m->hv_size - 1;

	if (!b->load.given || b->ram_count == 0) {
		return;
	}
	struct spans banks = banks_of(b);
	uint64_t reach = last < first ? 0 : banks_reach(&banks, first, last);
	if (reach < m->hv_size) {
		struct diag_msg *msg = diag_error(d, 212, b->load.pos,
						  "the hypervisor's memory "
						  "[0x%llx..0x%llx) is not all RAM",
						  (ull)first, (ull)(first + m->hv_size));
		diag_label(msg, "0x%llx is in no RAM bank", (ull)(first + reach));
		diag_note(msg, b->ram[0].pos, "RAM bank 0 is [0x%llx..0x%llx), declared", (ull)b->ram[0].base,
			  (ull)(b->ram[0].base + b->ram[0].size));
		if (banks.count > 0 && banks.list[0].last - banks.list[0].first >= m->hv_size + MIB(4)) {
			diag_help(msg, "load: 0x%llx is the second place in RAM that is 2 MiB aligned",
				  (ull)(ALIGN_UP(banks.list[0].first, MIB(2)) + MIB(2)));
		}
	}
	spans_free(&banks);
	for (size_t i = 0; i < b->reserved_count; i++) {
		const struct m_range *r = &b->reserved[i];
		if (r->base <= last && first <= range_last(r)) {
			struct diag_msg *msg = diag_error(d, 212, b->load.pos,
							  "the hypervisor's memory "
							  "[0x%llx..0x%llx) overlaps reserved memory '%s'",
							  (ull)first, (ull)(first + m->hv_size),
							  b->reserved_names[i]);
			diag_note(msg, r->pos, "'%s' is [0x%llx..0x%llx), declared", b->reserved_names[i],
				  (ull)r->base, (ull)(r->base + r->size));
			diag_help(msg, "load: 0x%llx", (ull)ALIGN_UP(range_last(r), MIB(2)));
		}
	}
}

void check_board_memory(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.ram_count; i++) {
		bank_check(d, m, &m->board.ram[i]);
	}
	banks_overlap(d, &m->board);
	image_check(d, m);
}
