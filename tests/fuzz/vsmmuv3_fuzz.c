// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/*
 * The input is what two guests do with their virtual SMMUs: registers, commands, stream
 * tables, contexts, memory that changes while it is read, DMA. After each step: the SMMUs'
 * tables and commands are such as they may be (unit/vsmmu/check.c), no SMMU has been given
 * up, the work of an access was bounded, DMA has reached its domain's memory only, and what
 * is wrong with a guest's entry has been told to the guest, not on the console.
 */
#include <stdlib.h>
#include <string.h>

#include "models/model.h"
#include "unit/vsmmu/guest.h"

#define STEPS_MAX 128
#define MAPS_MAX 1000 /* of one access: each entry of a walk takes some */
#define MMIO_MAX 1000

static const uint8_t *input;
static size_t input_left;
static uint32_t mutate_in; /* maps until a word of the page changes; 0: none does */
static uint64_t mutate_value;
static uint32_t mutate_word;

static uint64_t take(uint32_t bytes)
{
	uint64_t value = 0;

	for (; bytes > 0 && input_left > 0; bytes--) {
		value = value << 8 | *input++;
		input_left--;
	}
	return value;
}

/* An address, with some low bits; or anything. */
static uint64_t address(void)
{
	static const uint64_t places[] = {
		G_CMDQ, G_EVTQ, G_STRTAB, G_CD, G_DATA, G_GROUPS, G_STAGE1, G_FREE, RAM_IPA + MIB(1),
		RAM_IPA + A_SIZE - PAGE_SIZE, A_IPA_END - PAGE_SIZE, A_IPA_END, A_DEVICE, A_PA, C_PA,
		GENMASK64(51, 12), 0, VA_DATA, G_GROUPS + 0x1000, G_GROUPS + 0x2000,
	};
	uint64_t how = take(1);

	return how >= 0xf0 ? take(8) : places[how % ARRAY_SIZE(places)] + (how >= 0x80 ? take(1) : 0);
}

static uint32_t stream(uint32_t domain)
{
	static const uint32_t streams[C][8] = {
		{A_FEW, A_FEW + 1, A_FEW + 15, A_GROUP, A_GROUP + 63, A_OTHER, A_MANY, A_MANY + 64 * 3},
		{B_FEW, B_FEW + 1, B_FEW + 15, B_GROUP, B_GROUP + 63, B_OTHER, B_MANY, B_MANY + 64},
	};
	uint64_t how = take(1);

	return how >= 0xf0 ? (uint32_t)take(4) : streams[domain][how & 7] + (uint32_t)(how >> 3 & 1);
}

/* Now and then memory is not what it was a moment ago. */
static void on_map(uint8_t *page)
{
	if (mutate_in != 0 && --mutate_in == 0) {
		memcpy(page + 8 * (mutate_word & 511), &mutate_value, 8);
	}
}

static void put(uint32_t domain, uint64_t ipa, uint64_t value)
{
	uint64_t *at = machine_ram(domain, ALIGN_DOWN(ipa, 8));

	if (at != NULL) {
		*at = value;
	}
}

static void touch(uint32_t domain, uint32_t reg, uint32_t size, bool write, uint64_t value)
{
	machine_access(domain, reg, size, write, &value);
	if (machine_maps > MAPS_MAX || machine_mmio > MMIO_MAX) {
		model_fail("one access: %u maps, %u registers", machine_maps, machine_mmio);
	}
}

/* Registers with values that may mean something. */
static void write_register(uint32_t domain)
{
	static const uint32_t regs[] = {CR0, CR0, CR0, CR1, CR2, GBPA, IRQ_CTRL, GERRORN, STRTAB_BASE,
					STRTAB_BASE_CFG, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS, EVTQ_BASE, EVTQ_PROD, EVTQ_CONS};
	uint64_t which = take(1);
	uint32_t reg = regs[which & 15];
	uint64_t value;

	switch (reg) {
	case CR0:
		value = take(1);
		value = value < 0x40 ? ALL_ON : value;
		break;
	case GBPA:
		value = take(1);
		value = (value & 1) << 20 | (value & 2) << 30 | (value >> 2) << 8;
		break;
	case GERRORN:
		value = take(1);
		value = value < 0x80 ? get(domain, GERROR) : value;
		break;
	case STRTAB_BASE:
	case CMDQ_BASE:
	case EVTQ_BASE:
		value = address() | take(1);
		break;
	case STRTAB_BASE_CFG:
		value = take(1);
		value = value < 0x80 ? SID_BITS | SPLIT << 6 | 1 << 16 : value << 12 ^ take(3);
		break;
	default:
		value = take(1 + (which >> 4 & 3));
		break;
	}
	touch(domain, reg, reg == STRTAB_BASE || reg == CMDQ_BASE || reg == EVTQ_BASE ? 8 : 4, true, value);
}

static void any_access(uint32_t domain)
{
	uint64_t how = take(1);
	uint32_t offset = (uint32_t)take(1) + ((how & 8) != 0 ? 0x10000 : 0);

	if ((how & 0x30) == 0) {
		offset = (uint32_t)take(3) & 0x1ffff;
	}
	touch(domain, offset, 1u << (how & 3), (how & 4) != 0, (how & 4) != 0 ? take(8) : 0);
}

static void command(uint32_t domain)
{
	static const uint8_t codes[] = {0x03, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12,
					0x12, 0x13, 0x30, 0x46, 0x01, 0x02, 0x40, 0x28};
	uint64_t how = take(1);
	uint64_t op = (how & 0x70) == 0x70 ? take(1) : codes[how & 15];
	uint64_t w0 = op;
	uint64_t w1 = 0;

	if (op < 0x10) {
		w0 |= (uint64_t)stream(domain) << 32;
		w1 = take(1);
	} else if (op >= 0x11 && op <= 0x13) {
		w0 |= (uint64_t)ASID << 48;
		w1 = address();
		if ((how & 0x40) != 0) {
			w0 |= (uint64_t)take(2) << 12;
			w1 |= (uint64_t)take(1) << 8;
		}
	} else if (op == 0x46) {
		w0 |= take(1) << 12;
	}
	if ((how & 0x30) == 0x30) {
		w0 ^= BIT64(take(1) & 63);
		w1 ^= BIT64(take(1) & 63);
	}
	guest_put(domain, w0, w1);
	if ((how & 0x80) == 0) {
		touch(domain, CMDQ_PROD, 4, true, guests[domain].prod);
	}
}

/* The whole queue is of one command, and told to be full. */
static void flood(uint32_t domain)
{
	static const uint64_t commands[][2] = {
		{0x10, 0}, {0x12 | (uint64_t)ASID << 48, VA_DATA}, {0x04, 31}, {0x46, 0},
		{0x03 | (uint64_t)A_FEW << 32, 1}, {0x06 | (uint64_t)A_OTHER << 32, 0}, {0x04, 6}, {0x13, VA_DATA}};
	uint64_t which = take(1);

	for (uint32_t i = 0; i < BIT32(CMDQ_LOG2); i++) {
		guest_put(domain, commands[which & 7][0], commands[which & 7][1]);
	}
	guests[domain].prod = (get(domain, CMDQ_CONS) + BIT32(CMDQ_LOG2)) & (BIT32(CMDQ_LOG2 + 1) - 1);
	touch(domain, CMDQ_PROD, 4, true, guests[domain].prod);
}

static void entry(uint32_t domain)
{
	uint64_t how = take(1);
	uint32_t virt = stream(domain);
	uint64_t group = virt >> SPLIT & 1023;
	uint64_t table = G_GROUPS + PAGE_SIZE * (group & 7);
	uint64_t at = table + 64 * (virt & 63);
	uint64_t w0 = (how & 15) < 8 ? 1 | 5 << 1 | G_CD : (how & 15) < 12 ? 1 | 4 << 1 : take(1);
	uint64_t w1 = 0xd4;

	if ((how & 0x30) == 0x30) {
		w0 ^= address();
		w1 = take(8);
	}
	put(domain, at, w0);
	put(domain, at + 8, w1);
	/* Mostly there is a second level, and CFGI_STE follows. */
	if ((how & 0xc0) != 0xc0) {
		put(domain, G_STRTAB + 8 * group, table | 7);
	}
	if ((how & 0x40) == 0) {
		guest_put(domain, 0x03 | (uint64_t)virt << 32, 1);
		touch(domain, CMDQ_PROD, 4, true, guests[domain].prod);
	}
}

static void check_dma(uint32_t owner, uint32_t smmu, struct smmum_access *a)
{
	uint64_t pa;

	if (smmum_translate(smmu, a, &pa) && machine_owner(pa) != owner &&
	    !(owner == A && ALIGN_DOWN(pa, PAGE_SIZE) == A_DEVICE)) {
		model_fail("smmu%u: stream 0x%x gets at 0x%lx by 0x%lx", smmu, a->sid, pa, a->address);
	}
}

static void device(uint32_t domain)
{
	uint64_t how = take(1);
	struct smmum_access a = {.address = (how & 7) < 4 ? VA_DATA + ((how & 7) << 12) : address(),
				 .write = (how & 8) != 0};
	uint32_t smmu = 0;

	if ((how & 0xf0) == 0xf0) {
		a.sid = SID_C;
		check_dma(C, 0, &a);
	} else if ((how & 0xf0) == 0xd0) {
		mutate_in = 0;
		table_check(domain, stream(domain));
	} else if ((how & 0xf0) == 0xe0) {
		a.sid = SID_NOBODY;
		check_dma(DOMAINS, 0, &a);
	} else if (machine_stream(domain, stream(domain), &smmu, &a.sid)) {
		check_dma(domain, smmu, &a);
	}
}

static void context(uint32_t domain)
{
	uint64_t which = take(1);
	uint64_t *word = guest_word(domain, G_CD + 8 * (which & 3));

	switch (which >> 6) {
	case 0:
		*word = address();
		break;
	case 1:
		*word ^= BIT64(take(1) & 63);
		break;
	case 2:
		put(domain, G_STAGE1 + 8 * (take(2) & 0xfff), address() | (which & 3) | 0x700);
		break;
	default:
		put(domain, address(), take(8));
		break;
	}
}

static void machine(uint32_t domain)
{
	uint64_t how = take(1);
	uint64_t record[4];

	switch (how & 7) {
	case 0:
		model_cpu = 0;
		vsmmuv3_reset(&domains[domain], 0);
		break;
	case 1:
		for (uint32_t i = 0; i < 4; i++) {
			record[i] = take(8);
		}
		record[0] = (record[0] & UINT32_MAX) | (how >> 3) << 32;
		smmum_event(0, record);
		break;
	case 2:
		machine_settle();
		break;
	case 3:
		flood(domain);
		break;
	default:
		mutate_in = 1 + (uint32_t)(how >> 3);
		mutate_word = (uint32_t)take(2);
		mutate_value = (how & 1) != 0 ? address() : take(8);
		break;
	}
}

/* Looks at the lines since the last time. */
static void check_lines(void)
{
	static uint32_t seen;

	for (seen = seen < machine_lines ? seen : 0; seen < machine_lines; seen++) {
		const char *line = machine_text[seen % LINES_KEPT];
		bool listens = strstr(line, " of a,") != NULL || strstr(line, " of b,") != NULL;

		if (listens && strstr(line, "C_BAD_STE") != NULL) {
			model_fail("%s", line);
		}
	}
}

static void step(void)
{
	uint64_t what = take(1);
	uint32_t domain = what >> 7 != 0 ? B : A;

	switch (what & 15) {
	case 0:
	case 1:
		write_register(domain);
		break;
	case 2:
		any_access(domain);
		break;
	case 3:
	case 4:
	case 5:
		command(domain);
		break;
	case 6:
	case 7:
	case 8:
		entry(domain);
		break;
	case 9:
		context(domain);
		break;
	case 10:
	case 11:
	case 12:
		device(domain);
		break;
	case 13:
		machine_pass_us(take(1) << 10);
		machine_round();
		break;
	case 14:
		put(domain, G_STRTAB + 8 * (take(2) & 1023), address() | take(1) % 9);
		break;
	default:
		machine(domain);
		break;
	}
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		if ((model_mmio_read(machine_smmus[n].reg.base + 0x24, 4) & 1) == 0) {
			model_fail("smmu%u has been given up", n);
		}
	}
	check_lines();
	machine_check();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool prepared;
	uint64_t how;

	if (!prepared) {
		machine_many = 4 * 64;
		machine_fast = true;
		machine_prepare(false, true, false);
		prepared = true;
	}
	input = data;
	input_left = size;
	how = take(1);
	mutate_in = 0;
	machine_on_map = on_map;
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_config[n].qemu = (how & 1) != 0;
		machine_config[n].idr1 = 0x02730010 | ((how & 2) != 0 ? 8 << 6 : 0);
		machine_config[n].idr3 = (how & 4) != 0 ? 0x1014 : 0x1414;
	}
	machine_vsmmu[A].pieces = (how & 8) != 0;
	machine_eager = (how & 0x80) != 0;
	machine_boot();
	for (uint32_t d = A; d < C; d++) {
		guest_tables(d);
		if ((how & (0x10u << d)) == 0) {
			guest_start(d);
		}
	}
	for (uint32_t i = 0; i < STEPS_MAX && input_left > 0; i++) {
		step();
	}
	return 0;
}
