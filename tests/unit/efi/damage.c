// SPDX-License-Identifier: Apache-2.0
#include "unit/efi/damage.h"

#include <stdlib.h>
#include <string.h>

#include "unit/acpi/firmware.h"
#include "unit/efi/uefi.h"

#define TABLES_SIZE 0x10000u

uint32_t damage_pick(uint32_t below)
{
	return (uint32_t)rand() % below;
}

void damage_tables(void)
{
	static const char *const names[] = {"RSDP", "XSDT", "DSDT", "APIC", "GTDT", "FACP", "MCFG", "SPCR", "IORT"};
	static const uint32_t odd[] = {0, 1, 2, 7, 0x7fffffff, 0x80000000, UINT32_MAX - 7, UINT32_MAX};

	for (uint32_t changes = 1 + damage_pick(3); changes > 0; changes--) {
		uint32_t size;
		uint8_t *t = fw_table(names[damage_pick(ARRAY_SIZE(names))], &size);
		uint32_t value = damage_pick(2) == 0 ? (uint32_t)rand() : odd[damage_pick(ARRAY_SIZE(odd))];

		memcpy(t + damage_pick(size - 3), &value, 1 + damage_pick(4));
	}
	if (damage_pick(8) != 0) {
		fw_sum();
	}
	uefi_put_tables();
}

void damage_map(void)
{
	for (uint32_t changes = 1 + damage_pick(3); changes > 0; changes--) {
		uint64_t pages = 1 + damage_pick(64);
		uint64_t base = UEFI_RAM + PAGE_SIZE * damage_pick((uint32_t)(UEFI_RAM_SIZE / PAGE_SIZE) - 64);

		if (base + pages * PAGE_SIZE <= FW_BASE || base >= FW_BASE + TABLES_SIZE) {
			uefi_set(damage_pick(15), base, pages * PAGE_SIZE);
		}
	}
}
