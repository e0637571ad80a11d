// SPDX-License-Identifier: Apache-2.0
#include "check/banks.h"

#include "check/parts.h"

struct spans banks_of(const struct m_board *b)
{
	struct spans s = {0};
	size_t out = 0;

	for (size_t i = 0; i < b->ram_count; i++) {
		spans_add(&s, &(struct span){.first = b->ram[i].base, .last = range_last(&b->ram[i])});
	}
	spans_sort(&s);
	for (size_t i = 0; i < s.count; i++) {
		struct span *last = out > 0 ? &s.list[out - 1] : NULL;
		if (last != NULL && (last->last == UINT64_MAX || s.list[i].first <= last->last + 1)) {
			last->last = s.list[i].last > last->last ? s.list[i].last : last->last;
		} else {
			s.list[out++] = s.list[i];
		}
	}
	s.count = out;
	return s;
}

uint64_t banks_reach(const struct spans *banks, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < banks->count; i++) {
		const struct span *bank = &banks->list[i];
		if (first >= bank->first && first <= bank->last) {
			return (last < bank->last ? last : bank->last) - first + 1;
		}
	}
	return 0;
}

size_t banks_meet(const struct m_board *b, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < b->ram_count; i++) {
		if (b->ram[i].base <= last && first <= range_last(&b->ram[i])) {
			return i;
		}
	}
	return MODEL_NONE;
}

static bool is_reserved(const struct m_board *b, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < b->reserved_count; i++) {
		if (first >= b->reserved[i].base && last <= range_last(&b->reserved[i])) {
			return true;
		}
	}
	return false;
}

bool range_in_ram(const struct m_board *b, const struct m_range *r)
{
	uint64_t first = ALIGN_DOWN(r->base, PAGE_SIZE), last = range_last(r) | (PAGE_SIZE - 1);

	return banks_meet(b, first, last) != MODEL_NONE && !is_reserved(b, first, last);
}
