// SPDX-License-Identifier: Apache-2.0
#include "unit/smmu/maps.h"

#include <string.h>

#include "models/model.h"

uint64_t tables_page(struct tables *t)
{
	uint64_t at = t->used;

	if (t->size - at < PAGE_SIZE) {
		model_fail("no page for a table");
	}
	t->used += PAGE_SIZE;
	memset(t->memory + at, 0, PAGE_SIZE);
	return t->base + at;
}

void tables_start(struct tables *t, uint8_t *memory, uint64_t base, uint64_t size)
{
	*t = (struct tables){.memory = memory, .base = base, .size = size};
	t->root = tables_page(t);
}

uint64_t *tables_entry(struct tables *t, uint64_t address, uint32_t level)
{
	uint64_t table = t->root;

	for (uint32_t at = 1;; at++) {
		uint64_t *entry = (uint64_t *)(void *)(t->memory + (table - t->base)) +
				  (address >> (12 + 9 * (3 - at)) & 511);

		if (at == level) {
			return entry;
		}
		if ((*entry & 3) != 3) {
			*entry = tables_page(t) | 3;
		}
		table = *entry & GENMASK64(47, 12);
	}
}

void tables_map(struct tables *t, uint64_t address, uint64_t to, uint32_t level, uint64_t leaf)
{
	*tables_entry(t, address, level) = to | leaf | (level == 3 ? 3 : 1);
}
