// SPDX-License-Identifier: Apache-2.0
#include "mm/shared.h"

#include "mm/window.h"
#include "tables.h"

void shared_init(uint32_t cpu)
{
	for (uint64_t i = 0; i < board.shared_count; i++) {
		const struct mem_range *r = &board.shared[i];

		window_zero(cpu, PA(r->base), r->size);
		window_flush(cpu, PA(r->base), r->size);
	}
}
