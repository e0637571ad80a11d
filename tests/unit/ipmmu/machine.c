// SPDX-License-Identifier: Apache-2.0
#include "unit/ipmmu/machine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/console.h"
#include "iommu/iommu.h"
#include "iommu/ipmmu.h"
#include "lib/format.h"
#include "mm/stage2.h"
#include "models/model.h"

#define STAGE2 MIB(1) /* tables, from here in RAM */
#define STAGE2_PAGES 64
#define IO UINT64_C(0xe0000000) /* all registers */

struct ipmmum machine;
struct ipmmum_config machine_config;
char machine_text[LINES_KEPT][161];
uint32_t machine_lines;
uint64_t machine_told;
uint32_t machine_reads;
void (*machine_on_access)(uint32_t unit, uint32_t reg);
uint32_t (*machine_twist)(uint32_t unit, uint32_t reg, uint32_t value);

static uint8_t memory[RAM_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint64_t now;
static uint64_t random_state;
static struct domain_desc domains_desc[DOMAINS] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
static struct ipmmu_context_desc contexts[3];

static const struct ipmmum_unit_config unit_configs[UNITS] = {
	{48, IPMMUM_ALWAYS_ON}, {48, IPMMUM_ALWAYS_ON}, {48, IPMMUM_ALWAYS_ON},
	{48, IPMMUM_ALWAYS_ON}, {48, A3VC}, {48, A3VP},
};
static const uint32_t powers[POWERS] = {[A3VC] = 0x380, [A3VP] = 0x340};

static const struct stream_desc of_ds0[] = {
	{0, 16, DOMAIN_A, 10, "dmac0", "board.yaml"},
	{16, 1, DOMAIN_B, 11, "avb", "board.yaml"},
};
static const struct stream_desc of_ds1[] = {
	{0, 16, DOMAIN_B, 12, "dmac1", "board.yaml"},
	{16, 16, OWNER_NONE, 13, "dmac2", "board.yaml"},
	{32, 1, DOMAIN_A, 14, "sdhi0", "board.yaml"},
};
static const struct stream_desc of_hc[] = {{2, 1, DOMAIN_B, 15, "sata", "board.yaml"}};
static const struct stream_desc of_vp0[] = {
	{0, 1, DOMAIN_A, 16, "fcpf0", "board.yaml"},
	{5, 1, OWNER_NONE, 17, "fcpvb0", "board.yaml"},
	{8, 1, DOMAIN_B, 18, "fcpvi0", "board.yaml"},
};

struct ipmmu_unit_desc machine_units[UNITS];
struct ipmmu_desc machine_desc;

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.domain_count = DOMAINS,
	.domains = domains_desc,
	.ipmmu = &machine_desc,
};

void log_print(const char *fmt, ...)
{
	char *line = machine_text[machine_lines++ % LINES_KEPT];
	const char *more;
	va_list ap;

	va_start(ap, fmt);
	if (format_text(line, sizeof(machine_text[0]), fmt, ap) == 0) {
		model_fail("an empty line");
	}
	va_end(ap);
	more = strstr(line, " more faults");
	if (more != NULL) {
		while (more[-1] >= '0' && more[-1] <= '9') {
			more--;
		}
		machine_told += strtoull(more, NULL, 10);
	} else if (strstr(line, "DMA refused") != NULL) {
		machine_told++;
	}
}

bool machine_said(const char *text)
{
	for (uint32_t i = 0; i < LINES_KEPT && i < machine_lines; i++) {
		if (strstr(machine_text[i], text) != NULL) {
			return true;
		}
	}
	return false;
}

void *machine_memory(uint64_t pa)
{
	return pa - RAM_BASE < RAM_SIZE ? &memory[pa - RAM_BASE] : NULL;
}

static bool on_fetch(void *context, uint64_t pa, uint64_t *desc)
{
	(void)context;
	if (pa - RAM_BASE >= RAM_SIZE) {
		return false;
	}
	memcpy(desc, &memory[pa - RAM_BASE], sizeof(*desc));
	return true;
}

static uint32_t unit_at(uint64_t address)
{
	for (uint32_t i = 0; i < UNITS; i++) {
		if (address - machine_units[i].reg < IPMMUM_REGISTERS) {
			return i;
		}
	}
	model_fail("external abort: nothing at 0x%lx", address);
}

static uint64_t on_read(uint64_t offset, uint32_t size)
{
	uint64_t address = IO + offset;
	uint32_t unit, reg, value;

	machine_reads++;
	if (address == PRR && size == 4) {
		return ipmmum_prr_read(&machine);
	}
	if (address - SYSC < PAGE_SIZE) {
		return ipmmum_sysc_read(&machine, (uint32_t)(address - SYSC), size);
	}
	unit = unit_at(address);
	reg = (uint32_t)(address - machine_units[unit].reg);
	if (machine_on_access != NULL) {
		machine_on_access(unit, reg);
	}
	value = ipmmum_read(&machine, unit, reg, size);
	return machine_twist != NULL ? machine_twist(unit, reg, value) : value;
}

static void on_write(uint64_t offset, uint32_t size, uint64_t value)
{
	uint64_t address = IO + offset;
	uint32_t unit, reg;

	if (address - SYSC < PAGE_SIZE) {
		ipmmum_sysc_write(&machine, (uint32_t)(address - SYSC), size, (uint32_t)value);
		return;
	}
	unit = unit_at(address);
	reg = (uint32_t)(address - machine_units[unit].reg);
	if (machine_on_access != NULL) {
		machine_on_access(unit, reg);
	}
	ipmmum_write(&machine, unit, reg, size, (uint32_t)value);
}

/* The counter: 10 MHz; each look at it takes 10 us. */
static bool on_sysreg(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg == MODEL_SYSREG_cntpct_el0 && !write) {
		machine_reads++;
		now += 100;
		*value = now;
		return true;
	}
	if (reg == MODEL_SYSREG_cntfrq_el0) {
		*value = 10000000;
		return true;
	}
	return false;
}

void machine_pass_us(uint64_t us)
{
	now += 10 * us;
}

uint64_t machine_now_us(void)
{
	return now / 10;
}

bool machine_interrupt(void)
{
	uint32_t lines = machine_lines;
	bool line = machine.line;
	uint64_t wake = 0;
	bool hold = false;
	bool found = iommu_handle_irq(INTID, &wake, &hold);

	if (found && (machine_lines != lines || hold != (wake != 0) || (line && !hold && !ipmmu.dead))) {
		model_fail("an interrupt: %u lines, work for %lx", machine_lines - lines, wake);
	}
	iommu_work |= wake;
	machine_catch_up();
	return found;
}

void machine_catch_up(void)
{
	for (uint32_t d = 0; d < board.domain_count; d++) {
		if ((iommu_work & BIT64(d)) != 0 && (iommu_serve(d, true).irqs & 1) == 0) {
			model_fail("the interrupt stays off");
		}
	}
}

void machine_settle(void)
{
	for (uint32_t round = 0; round < 1000; round++) {
		if (machine.line && !machine_interrupt()) {
			model_fail("the interrupt is not taken");
		}
		machine_catch_up();
		if (!machine.line) {
			return;
		}
	}
	model_fail("interrupts do not end");
}

static void make_tables(void)
{
	static const uint64_t from[] = {IPA_OF_A, RAM_OF_B};
	static const uint64_t to[] = {RAM_OF_A, RAM_OF_B};
	struct stage2_pool pool = {.pages = (void *)&memory[STAGE2], .base = VA(RAM_BASE + STAGE2),
				   .count = STAGE2_PAGES};
	struct stage2 map;

	for (uint32_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		struct stage2_attr attr = {STAGE2_NORMAL_WB, true, true};
		uint64_t size = (RAM_PAGES - 1) * PAGE_SIZE;

		if (stage2_init(&map, &pool, 40) != STAGE2_OK) {
			model_fail("no stage 2");
		}
		contexts[i] = (struct ipmmu_context_desc){stage2_vttbr(&map, 0), i == 0 ? OWNER_NONE : i - 1, 0};
		if (i == 0) {
			continue;
		}
		if (stage2_map(&map, IPA(from[i - 1]), PA(to[i - 1]), size, attr) != STAGE2_OK) {
			model_fail("no stage 2");
		}
		attr.write = false;
		if (stage2_map(&map, IPA(from[i - 1] + size), PA(to[i - 1] + size), PAGE_SIZE, attr) != STAGE2_OK) {
			model_fail("no stage 2");
		}
	}
}

void machine_prepare(void)
{
	static const struct ipmmu_unit_desc units[UNITS] = {
		[MM] = {"ipmmu_mm", 0xe67b0000, NULL, 0, 48, 0},
		[DS0] = {"ipmmu_ds0", 0xe6740000, of_ds0, ARRAY_SIZE(of_ds0), 48, 0},
		[DS1] = {"ipmmu_ds1", 0xe7740000, of_ds1, ARRAY_SIZE(of_ds1), 48, 0},
		[HC] = {"ipmmu_hc", 0xe6570000, of_hc, ARRAY_SIZE(of_hc), 48, 0},
		[VC0] = {"ipmmu_vc0", 0xfe6b0000, NULL, 0, 48, SYSC + 0x380},
		[VP0] = {"ipmmu_vp0", 0xfe990000, of_vp0, ARRAY_SIZE(of_vp0), 48, SYSC + 0x340},
	};

	memset(memory, 0, sizeof(memory));
	memcpy(machine_units, units, sizeof(units));
	make_tables();
	machine_desc = (struct ipmmu_desc){
		.units = machine_units, .unit_count = UNITS, .contexts = contexts,
		.context_count = ARRAY_SIZE(contexts), .ttbcr = 0xc0000058, .intid = INTID,
		.prr = PRR, .product = 0x4f00, .cut_min = 0x20,
	};
	machine_config = (struct ipmmum_config){
		.units = unit_configs, .unit_count = UNITS, .powers = powers, .power_count = POWERS,
		.powers_on = BIT32(A3VP), .prr = 0x4f20, .flush_reads = 2, .power_reads = 2, .fetch = on_fetch,
	};
}

void machine_start(void)
{
	static const struct model_device io = {"registers", IO, 0x20000000, on_read, on_write};

	model_reset();
	model_add(&io);
	model_set_sysreg_hook(on_sysreg);
	ipmmum_init(&machine, &machine_config);
	memset(&ipmmu, 0, sizeof(ipmmu));
	iommu_work = 0;
	machine_lines = 0;
	machine_told = 0;
	machine_on_access = NULL;
	machine_twist = NULL;
}

void machine_boot(void)
{
	const char *problem;

	machine_start();
	problem = iommu_init();
	if (problem != NULL || machine.violations != 0) {
		model_fail("iommu_init: %s; %s", problem == NULL ? "" : problem,
			   machine.violations == 0 ? "" : machine.violation);
	}
}

uint32_t machine_owner(uint32_t unit, uint32_t utlb)
{
	for (uint32_t i = 0; i < machine_units[unit].master_count; i++) {
		const struct stream_desc *m = &machine_units[unit].masters[i];

		if (utlb - m->first < m->count) {
			return m->domain < DOMAINS ? m->domain : DOMAINS;
		}
	}
	return DOMAINS;
}

bool machine_goes(uint32_t domain, uint64_t address, bool write, uint64_t *pa)
{
	uint64_t offset = address - (domain == DOMAIN_A ? IPA_OF_A : RAM_OF_B);

	*pa = (domain == DOMAIN_A ? RAM_OF_A : RAM_OF_B) + offset;
	return domain < DOMAIN_C && offset < (write ? RAM_PAGES - 1 : RAM_PAGES) * PAGE_SIZE;
}

void machine_dma(uint32_t unit, uint32_t utlb, uint64_t address, bool write, bool blocked)
{
	uint32_t owner = machine_owner(unit, utlb);
	uint64_t wanted, pa;
	bool reaches = machine_goes(owner, address, write, &wanted) && !blocked && ipmmum_is_on(&machine, unit);
	enum ipmmum_result result = ipmmum_translate(&machine, unit, utlb, address, write, &pa);

	if (result == IPMMUM_UNTRANSLATED || (result == IPMMUM_TRANSLATED) != reaches ||
	    (reaches && pa != wanted)) {
		model_fail("unit %u, micro-TLB %u, %s at 0x%lx: result %u, 0x%lx", unit, utlb,
			   write ? "write" : "read", address, result, pa);
	}
}

void machine_seed(uint64_t seed)
{
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

uint32_t machine_random(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % below);
}
