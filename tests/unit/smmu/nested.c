// SPDX-License-Identifier: Apache-2.0
#include "unit/smmu/nested.h"

#include <string.h>

#include "models/model.h"

#define REGS UINT64_C(0x09050000)
#define CMDQ 0x0000
#define EVTQ 0x1000
#define STREAMS 0x2000

_Alignas(MIB(2)) uint8_t memory[RAM_SIZE];
struct tables one, two;
struct smmum_config config;
static uint32_t seen; /* events */

uint64_t ipa(uint64_t offset)
{
	return RAM + MOVED + offset;
}

uint64_t *at(uint64_t offset)
{
	return (uint64_t *)(void *)&memory[offset];
}

uint64_t *ste(void)
{
	return at(STREAMS + 64 * SID);
}

static void set(uint32_t reg, uint32_t size, uint64_t value)
{
	model_mmio_write(REGS + reg, size, value);
}

void command(uint64_t w0, uint64_t w1)
{
	uint32_t prod = (uint32_t)model_mmio_read(REGS + 0x98, 4);

	at(CMDQ)[2 * (prod & 0xff)] = w0;
	at(CMDQ)[2 * (prod & 0xff) + 1] = w1;
	set(0x98, 4, (prod + 1) & 0x1ff);
}

bool accepts(uint64_t w0, uint64_t w1)
{
	uint32_t errors = (uint32_t)model_mmio_read(REGS + 0x60, 4);

	command(w0, w1);
	if (model_mmio_read(REGS + 0x60, 4) == errors) {
		return true;
	}
	assert_int_equal(model_mmio_read(REGS + 0x9c, 4) >> 24, 1);
	at(CMDQ)[2 * (model_mmio_read(REGS + 0x9c, 4) & 0xff)] = SYNC;
	at(CMDQ)[2 * (model_mmio_read(REGS + 0x9c, 4) & 0xff) + 1] = 0;
	set(0x64, 4, model_mmio_read(REGS + 0x60, 4));
	return false;
}

int setup(void **state)
{
	(void)state;
	config = (struct smmum_config){
		.base = REGS, .idr0 = 0x0d44101b, .idr1 = 0x02730010, .idr3 = 0x1414, .idr5 = 0x74};
	return 0;
}

void start(bool qemu)
{
	memset(memory, 0, sizeof(memory));
	model_reset();
	smmum_reset();
	smmum_add_ram(RAM, RAM_SIZE, memory, NULL);
	config.qemu = qemu;
	smmum_init(0, &config);
	seen = 0;

	tables_start(&two, &memory[STAGE2], RAM + STAGE2, STAGE1 - STAGE2);
	tables_start(&one, &memory[STAGE1], ipa(STAGE1), CD - STAGE1);
	for (uint64_t page = STAGE1; page < DATA + 0x4000; page += PAGE_SIZE) {
		tables_map(&two, ipa(page), RAM + page, 3, LEAF2);
	}
	for (uint64_t page = BLOCK; page < BLOCK + MIB(2); page += PAGE_SIZE) {
		tables_map(&two, ipa(page), RAM + page, 3, LEAF2);
	}
	for (uint64_t i = 0; i < 4; i++) {
		tables_map(&one, VA_DATA + i * PAGE_SIZE, ipa(DATA + i * PAGE_SIZE), 3, LEAF1 | LEAF1_NOT_GLOBAL);
		*at(DATA + i * PAGE_SIZE) = 0xda7a00 + i;
	}
	tables_map(&one, VA_BLOCK, ipa(BLOCK), 2, LEAF1 | LEAF1_NOT_GLOBAL);

	at(CD)[0] = UINT64_C(0x0005e204c0003519);
	at(CD)[1] = one.root;
	at(CD)[3] = 0xff;
	ste()[0] = 0xf | ipa(CD);
	ste()[1] = UINT64_C(0x00001000000000d4);
	ste()[2] = UINT64_C(0x040c355900000000) | VMID;
	ste()[3] = two.root;

	set(0x80, 8, RAM + STREAMS);
	set(0x88, 4, 6);
	set(0x90, 8, (RAM + CMDQ) | 8);
	set(0xa0, 8, (RAM + EVTQ) | 7);
	set(0x2c, 4, 2);
	set(0x20, 4, 0xd);
}

static bool dma(uint64_t address, bool write, uint64_t *value)
{
	return smmum_dma(0, SID, address, value, 4, write);
}

uint64_t reads(uint64_t address)
{
	uint64_t value = 0;

	return dma(address, false, &value) ? value : 0;
}

bool writes(uint64_t address)
{
	uint64_t value = 0x11;

	return dma(address, true, &value);
}

const uint64_t *event(void)
{
	const uint64_t *e = &at(EVTQ)[4 * (seen++ & 127)];

	assert_int_equal(model_mmio_read(REGS + 0x100a8, 4), seen & 255);
	set(0x100ac, 4, seen & 255);
	return e;
}

void expect(uint64_t kind, uint64_t w1, uint64_t w2, uint64_t w3)
{
	const uint64_t *e = event();

	assert_int_equal(e[0], (uint64_t)SID << 32 | kind);
	assert_int_equal(e[1], w1);
	assert_int_equal(e[2], w2);
	assert_int_equal(e[3], w3);
}

void expect_none(void)
{
	assert_int_equal(model_mmio_read(REGS + 0x100a8, 4), seen & 255);
}
