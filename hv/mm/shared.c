// SPDX-License-Identifier: Apache-2.0
#include "mm/shared.h"

#include "arch/cpu.h"
#include "lib/string.h"
#include "mm/window.h"
#include "tables.h"

static void shared_zero(uint32_t cpu, const struct mem_range *r)
{
	for (uint64_t at = 0; at < r->size; at += WINDOW_BLOCK) {
		void *page = window_map(cpu, 0, PA(r->base + at));

		memset(page, 0, WINDOW_BLOCK);
		arch_dcache_clean(page, WINDOW_BLOCK);
		window_unmap(cpu, 0);
	}
	window_flush(cpu, PA(r->base), r->size);
}

void shared_init(uint32_t cpu)
{
	for (uint64_t i = 0; i < board.shared_count; i++) {
		shared_zero(cpu, &board.shared[i]);
	}
}
