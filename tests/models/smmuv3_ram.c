// SPDX-License-Identifier: Apache-2.0
/* The RAM that SMMU models and devices reach. */
#include <string.h>

#include "models/model.h"
#include "models/smmuv3.h"

#define RAM_MAX 8

struct ram {
	uint64_t base;
	uint64_t size;
	uint8_t *cpu;
	uint8_t *device;
};

static struct ram rams[RAM_MAX];
static uint32_t ram_count;

void smmum_reset(void)
{
	ram_count = 0;
}

void smmum_add_ram(uint64_t base, uint64_t size, void *cpu, void *device)
{
	if (ram_count == RAM_MAX) {
		model_fail("too many pieces of RAM");
	}
	rams[ram_count++] = (struct ram){base, size, cpu, device != NULL ? device : cpu};
}

static uint8_t *ram_find(uint64_t pa, uint64_t size)
{
	for (uint32_t i = 0; i < ram_count; i++) {
		if (pa - rams[i].base < rams[i].size && size <= rams[i].size - (pa - rams[i].base)) {
			return rams[i].device + (pa - rams[i].base);
		}
	}
	return NULL;
}

bool smmum_ram_read(uint64_t pa, void *data, uint32_t size)
{
	const uint8_t *at = ram_find(pa, size);

	if (at != NULL) {
		memcpy(data, at, size);
	}
	return at != NULL;
}

bool smmum_ram_write(uint64_t pa, const void *data, uint32_t size)
{
	uint8_t *at = ram_find(pa, size);

	if (at != NULL) {
		memcpy(at, data, size);
	}
	return at != NULL;
}

static void ram_sync(const void *p, uint64_t size, bool to_device)
{
	for (uint32_t i = 0; i < ram_count; i++) {
		uint64_t offset = (uint64_t)((const uint8_t *)p - rams[i].cpu);

		if (offset < rams[i].size && rams[i].cpu != rams[i].device) {
			if (to_device) {
				memcpy(rams[i].device + offset, rams[i].cpu + offset, size);
			} else {
				memcpy(rams[i].cpu + offset, rams[i].device + offset, size);
			}
		}
	}
}

void smmum_cache_clean(const void *p, uint64_t size)
{
	ram_sync(p, size, true);
}

void smmum_cache_invalidate(const void *p, uint64_t size)
{
	ram_sync(p, size, false);
}
