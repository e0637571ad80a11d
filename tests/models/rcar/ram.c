// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/ram.h"

const struct ram_bank ram_banks[] = {
	{0x048000000, 0x38000000},
	{0x500000000, 0x40000000},
	{0x600000000, 0x40000000},
	{0x700000000, 0x40000000},
};

const uint32_t ram_bank_count = ARRAY_SIZE(ram_banks);

bool ram_has(uint64_t pa, uint64_t size)
{
	for (uint32_t i = 0; i < ram_bank_count; i++) {
		uint64_t at = pa - ram_banks[i].base;

		if (at < ram_banks[i].size && size <= ram_banks[i].size - at) {
			return true;
		}
	}
	return false;
}
