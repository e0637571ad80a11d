// SPDX-License-Identifier: Apache-2.0
#include "unit/rcar/dmacs.h"

#include <string.h>

#include "models/model.h"

#define LOOKS_MAX 100000u

struct dmac dmacs[DMACS];
uint32_t dmacs_high[DMACS];

static uint8_t before[RAM_SIZE];

bool rcar_dma(uint32_t unit, uint32_t utlb, uint64_t address, bool write, uint64_t *pa)
{
	return ipmmum_translate(&machine, unit, utlb, address, write, pa) != IPMMUM_REFUSED;
}

void *rcar_ram(uint64_t pa, uint64_t size)
{
	return pa % PAGE_SIZE + size <= PAGE_SIZE ? machine_memory(pa) : NULL;
}

/* Interrupts by number, of error and channels, as the SoC's YAML has them. */
void rcar_irq(uint32_t intid, bool level)
{
	static const uint16_t spis[DMACS][DMAC_LINES] = {
		{200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 199},
		{216, 217, 218, 219, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 319, 220},
	};

	for (uint32_t i = 0; i < DMACS * DMAC_LINES; i++) {
		uint32_t *high = &dmacs_high[i / DMAC_LINES];
		uint32_t line = i % DMAC_LINES;

		if (spis[i / DMAC_LINES][line] + 32u == intid && (*high >> line & 1) != level) {
			*high ^= BIT32(line);
			return;
		}
	}
	model_fail("interrupt %u is no DMAC's, or stays as it was", intid);
}

/* Whose a byte of memory is. */
static uint32_t owner_at(uint64_t offset)
{
	if (offset - (RAM_OF_A - RAM_BASE) < RAM_PAGES * PAGE_SIZE) {
		return DOMAIN_A;
	}
	return offset - (RAM_OF_B - RAM_BASE) < RAM_PAGES * PAGE_SIZE ? DOMAIN_B : DOMAINS;
}

void dmacs_boot(void)
{
	uint8_t *memory = machine_memory(RAM_BASE);

	machine_boot();
	for (uint64_t i = RAM_OF_A - RAM_BASE; i < RAM_SIZE; i++) {
		memory[i] = (uint8_t)(machine_random(128) | (owner_at(i) == DOMAIN_B ? 0x80 : 0));
	}
	memcpy(before, memory, RAM_SIZE);
	for (uint32_t i = 0; i < DMACS; i++) {
		dmac_init(&dmacs[i], i);
		dmacs_high[i] = 0;
		dmac_write(&dmacs[i], DMAOR, 2, DME);
	}
}

uint32_t dmacs_read(uint32_t dmac, uint32_t channel, uint32_t reg)
{
	return (uint32_t)dmac_read(&dmacs[dmac], CHANNEL(channel) + reg, reg == DMARS ? 2 : 4);
}

void dmacs_write(uint32_t dmac, uint32_t channel, uint32_t reg, uint32_t value)
{
	dmac_write(&dmacs[dmac], CHANNEL(channel) + reg, reg == DMARS ? 2 : 4, value);
}

void dmacs_start(uint32_t dmac, uint32_t channel, uint64_t from, uint64_t to, uint32_t units, uint32_t chcr)
{
	dmacs_write(dmac, channel, FIXSAR, (uint32_t)(from >> 32));
	dmacs_write(dmac, channel, FIXDAR, (uint32_t)(to >> 32));
	dmacs_write(dmac, channel, SAR, (uint32_t)from);
	dmacs_write(dmac, channel, DAR, (uint32_t)to);
	dmacs_write(dmac, channel, TCR, units);
	dmacs_write(dmac, channel, CHCR, chcr);
}

void dmacs_finish(uint32_t dmac)
{
	for (uint32_t i = 0; i < LOOKS_MAX; i++) {
		if (!dmac_run(&dmacs[dmac], 1000)) {
			return;
		}
	}
	model_fail("dmac%u does not come to an end", dmac);
}

uint32_t dmacs_copy(uint32_t dmac, uint32_t channel, uint64_t from, uint64_t to, uint32_t units,
		    uint32_t chcr)
{
	dmacs_start(dmac, channel, from, to, units, chcr);
	dmacs_finish(dmac);
	return dmacs_read(dmac, channel, CHCR);
}

void dmacs_check_memory(void)
{
	const uint8_t *memory = machine_memory(RAM_BASE);

	for (uint64_t i = 0; i < RAM_SIZE; i++) {
		uint32_t owner = owner_at(i);

		if (owner == DOMAINS ? memory[i] != before[i] : (memory[i] & 0x80) != (owner == DOMAIN_B ? 0x80 : 0)) {
			model_fail("0x%lx has 0x%x, and had 0x%x", RAM_BASE + i, memory[i], before[i]);
		}
	}
}
