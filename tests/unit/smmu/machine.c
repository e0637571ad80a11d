// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "unit/smmu/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/cpu.h"
#include "drivers/console.h"
#include "iommu/iommu.h"
#include "lib/format.h"
#include "mm/stage2.h"
#include "mm/window.h"
#include "models/model.h"

#define AT(offset) ((void *)(uintptr_t)(RAM_BASE + (offset)))
#define CMDQ_LOG2 8
#define EVTQ_LOG2 7
#define TABLES MIB(2) /* .tables: two blocks and two more, read-only */
#define TABLES_SIZE MIB(6)
#define L1_TABLE TABLES
#define L2_LOW (TABLES + 0x10000)
#define L2_BUSES (TABLES + 0x20000)
#define STAGE2 (TABLES + 0x100000)
#define STAGE2_PAGES 64
#define LINEAR MIB(4)
#define STE_COUNT_LOG2 16

struct smmu_desc machine_smmus[SMMUM_MAX];
struct smmum_config machine_config[SMMUM_MAX];
char machine_text[LINES_KEPT][160];
uint32_t machine_lines;
uint64_t machine_told;
uint32_t machine_reads;
void (*machine_on_read)(uint32_t n, uint32_t reg);
uint64_t (*machine_twist)(uint32_t n, uint32_t reg, uint64_t value);

static const uint8_t cpus_of[DOMAINS][2] = {{0, 1}, {2, 3}};
static struct domain_desc machine_domains[DOMAINS] = {
	{.name = "a", .cpus = cpus_of[DOMAIN_A], .cpu_count = 2},
	{.name = "b", .cpus = cpus_of[DOMAIN_B], .cpu_count = 2},
};
static uint8_t *device_ram;
static uint64_t now;
static uint32_t pending[SMMUM_MAX];
static uint64_t random_state;

static const struct stream_desc streams0[] = {
	{SID_A, 8, DOMAIN_A, 41, "nvme", "board.yaml"},
	{SID_B, 1, DOMAIN_B, 45, "usb", "board.yaml"},
	{SID_NOBODY, 1, OWNER_NONE, 50, "gpu", "board.yaml"},
	{SID_BUSES, 512, DOMAIN_A, 60, "pci", "board.yaml"},
};
static const struct stream_desc streams1[] = {
	{1, 1, DOMAIN_A, 71, "eth", "board.yaml"},
	{SID_RANGE, 0x8000, DOMAIN_B, 75, "pci1", "board.yaml"},
};

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.domain_count = DOMAINS,
	.domains = machine_domains,
	.smmus = machine_smmus,
	.smmu_count = SMMUM_MAX,
};

void arch_dcache_clean(const void *p, uint64_t size)
{
	smmum_cache_clean(p, size);
}

void arch_dcache_invalidate(const void *p, uint64_t size)
{
	smmum_cache_invalidate(p, size);
}

static void protect(uint64_t pa, uint64_t size, int how)
{
	if (mprotect((void *)(uintptr_t)pa, size, how) != 0) {
		model_fail("mprotect");
	}
}

static uint64_t window_block; /* that the window shows; 0: none */

void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	(void)slot;
	if (cpu != model_cpu || window_block != 0) {
		model_fail("the window of CPU %u", cpu);
	}
	window_block = ALIGN_DOWN(pa.pa, WINDOW_BLOCK);
	protect(window_block, WINDOW_BLOCK, PROT_READ | PROT_WRITE);
	return (void *)(uintptr_t)pa.pa;
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	(void)cpu;
	(void)slot;
	protect(window_block, WINDOW_BLOCK, PROT_READ);
	window_block = 0;
}

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
	more = strstr(line, " times more");
	if (more != NULL) {
		while (more[-1] >= '0' && more[-1] <= '9') {
			more--;
		}
		machine_told += strtoull(more, NULL, 10);
	} else if (strstr(line, " more, of other kinds") != NULL) {
		machine_told += strtoull(strchr(line, ':') + 1, NULL, 10);
	} else if (strstr(line, "DMA aborted") != NULL) {
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

static uint64_t on_register(uint32_t n, uint32_t reg, uint64_t value)
{
	machine_reads++;
	if (machine_on_read != NULL) {
		machine_on_read(n, reg);
	}
	return machine_twist != NULL ? machine_twist(n, reg, value) : value;
}

static void on_irq(uint32_t n, enum smmum_irq line)
{
	pending[n] |= line;
}

bool machine_pending(uint32_t n, uint32_t lines)
{
	return (pending[n] & lines) != 0;
}

bool machine_take(uint32_t n, enum smmum_irq line)
{
	bool taken = machine_pending(n, line);

	pending[n] &= ~(uint32_t)line;
	return taken;
}

/* The counter: 2 MHz; each look at it takes 500 us, so that waits are short. */
static bool on_sysreg(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg == MODEL_SYSREG_cntpct_el0 && !write) {
		machine_reads++;
		now += 1000;
		*value = now;
		return true;
	}
	*value = reg == MODEL_SYSREG_cntfrq_el0 ? 1000000 : *value;
	return reg == MODEL_SYSREG_cntfrq_el0;
}

void machine_pass_us(uint64_t us)
{
	now += 2 * us;
}

uint64_t machine_interrupt(uint32_t intid)
{
	uint32_t reads = machine_reads;
	uint32_t lines = machine_lines;
	uint64_t wake;
	bool hold;

	if (!iommu_handle_irq(intid, &wake, &hold) || machine_lines != lines || machine_reads - reads > SMMUM_MAX ||
	    (wake & ~iommu_work) != 0) {
		model_fail("interrupt %u: %u lines, %u reads", intid, machine_lines - lines, machine_reads - reads);
	}
	return wake;
}

struct iommu_turn machine_serve(uint32_t domain, bool own)
{
	struct iommu_turn turn = iommu_serve(domain, own);

	if ((turn.wake & ~iommu_work) != 0 || (turn.later && (iommu_work & BIT64(domain)) == 0)) {
		model_fail("domain %u: work that no bit is set for", domain);
	}
	return turn;
}

void machine_settle(void)
{
	for (uint32_t round = 0; round < 1000; round++) {
		bool any = false;

		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			if (machine_take(n, SMMUM_IRQ_EVTQ)) {
				any = true;
				machine_interrupt(EVTQ_INTID(n));
			}
			if (machine_take(n, SMMUM_IRQ_GERROR)) {
				any = true;
				machine_interrupt(GERROR_INTID(n));
			}
		}
		for (uint32_t d = 0; d < board.domain_count; d++) {
			any |= (iommu_work & BIT64(d)) != 0 && machine_serve(d, true).wake != 0;
		}
		if (!any) {
			return;
		}
	}
	model_fail("interrupts do not end");
}

static uint64_t ste_word2(const struct domain_desc *d)
{
	/* VTCR_EL2's T0SZ, SL0, IRGN0, ORGN0, SH0, TG0, PS lie in the same order in the STE. */
	return (d->vttbr >> 48) | (d->vtcr & 0x7ffff) << 32 | BIT64(51) | BIT64(54) | BIT64(58);
}

static void ste_set(uint64_t offset, uint32_t domain)
{
	uint64_t *ste = AT(offset);

	ste[0] = 1 | 6 << 1;
	ste[1] = UINT64_C(1) << 44;
	ste[2] = ste_word2(&machine_domains[domain]);
	ste[3] = machine_domains[domain].vttbr & GENMASK64(47, 4);
}

static void map_page_tables(void)
{
	static const uint64_t ram[DOMAINS] = {RAM_OF_A, RAM_OF_B};
	struct stage2_pool pool = {.pages = AT(STAGE2), .base = VA(RAM_BASE + STAGE2), .count = STAGE2_PAGES};
	struct stage2_attr attr = {STAGE2_NORMAL_WB, true, true};

	for (uint32_t i = 0; i < DOMAINS; i++) {
		struct stage2 map;

		attr.write = true;
		if (stage2_init(&map, &pool, 40) != STAGE2_OK ||
		    stage2_map(&map, IPA(ram[i]), PA(ram[i]), MIB(1), attr) != STAGE2_OK) {
			model_fail("no stage 2");
		}
		attr.write = false;
		if (stage2_map(&map, IPA(ram[i] + MIB(1)), PA(ram[i] + MIB(1)), PAGE_SIZE, attr) != STAGE2_OK) {
			model_fail("no stage 2");
		}
		machine_domains[i].vttbr = stage2_vttbr(&map, i + 1);
		machine_domains[i].vtcr = stage2_vtcr(&map, 40);
	}
}

static void make_stream_tables(void)
{
	uint64_t *l1 = AT(L1_TABLE);

	l1[0] = (RAM_BASE + L2_LOW) | 9;
	l1[1] = (RAM_BASE + L2_BUSES) | 9;
	l1[2] = (RAM_BASE + L2_BUSES) | 9;
	for (uint32_t i = 0; i < 8; i++) {
		ste_set(L2_LOW + 64 * (SID_A + i), DOMAIN_A);
	}
	ste_set(L2_LOW + 64 * SID_B, DOMAIN_B);
	for (uint32_t i = 0; i < 256; i++) {
		ste_set(L2_BUSES + 64 * i, DOMAIN_A);
	}
	ste_set(LINEAR + 64, DOMAIN_A);
	for (uint32_t i = 0; i < 0x8000; i++) {
		ste_set(LINEAR + 64 * (SID_RANGE + i), DOMAIN_B);
	}
}

const uint64_t *machine_ste(uint32_t sid)
{
	return AT(L2_LOW + 64 * sid);
}

void machine_split_buses(void)
{
	uint64_t *l1 = AT(L1_TABLE);

	memcpy(AT(L2_BUSES + 0x4000), AT(L2_BUSES), 0x4000);
	l1[2] += 0x4000;
}

void machine_prepare(bool coherent, bool qemu)
{
	if (device_ram == NULL) {
		void *at = mmap(AT(0), RAM_SIZE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		device_ram = malloc(RAM_SIZE);
		if (at != AT(0) || device_ram == NULL) {
			model_fail("no memory at 0x%lx", (uint64_t)RAM_BASE);
		}
	}
	protect(RAM_BASE, RAM_SIZE, PROT_READ | PROT_WRITE);
	memset(AT(0), 0, RAM_SIZE);
	map_page_tables();
	make_stream_tables();
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_smmus[n] = (struct smmu_desc){
			.name = n == 0 ? "smmu0" : "smmu1",
			.reg = {UINT64_C(0x09050000) + 0x20000 * n, 0x20000},
			.evtq_intid = EVTQ_INTID(n),
			.gerror_intid = GERROR_INTID(n),
			.cmdq_log2 = CMDQ_LOG2,
			.evtq_log2 = EVTQ_LOG2,
			.strtab_base = (n == 0 ? RAM_BASE + L1_TABLE : RAM_BASE + LINEAR) | BIT64(62),
			.strtab_cfg = STE_COUNT_LOG2 | (n == 0 ? 8u << 6 | 1u << 16 : 0),
			.oas_pa_bits = 40,
			.cmdq = AT(0x1000 + 0x4000 * n),
			.evtq = AT(0x2000 + 0x4000 * n),
			.streams = n == 0 ? streams0 : streams1,
			.stream_count = n == 0 ? ARRAY_SIZE(streams0) : ARRAY_SIZE(streams1),
			.coherent = coherent,
		};
		machine_config[n] = (struct smmum_config){
			.base = machine_smmus[n].reg.base,
			.idr0 = 0x0d44101b,
			.idr1 = 0x02730010,
			.idr3 = 0x1414,
			.idr5 = 0x74,
			.qemu = qemu,
			.irq = on_irq,
			.twist = on_register,
		};
	}
	smmum_reset();
	smmum_add_ram(RAM_BASE, RAM_SIZE, AT(0), coherent ? NULL : device_ram);
}

void machine_start(void)
{
	model_reset();
	model_set_sysreg_hook(on_sysreg);
	/* As after boot: what is in RAM has been cleaned. */
	smmum_cache_clean(AT(0), RAM_SIZE);
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		smmum_init(n, &machine_config[n]);
		pending[n] = 0;
	}
	iommu_work = 0;
	machine_lines = 0;
	machine_told = 0;
	machine_on_read = NULL;
	machine_twist = NULL;
	protect(RAM_BASE + TABLES, TABLES_SIZE, PROT_READ);
}

void machine_boot(void)
{
	const char *problem;

	machine_start();
	problem = iommu_init();
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		if (problem != NULL || smmum_violations(n) != 0) {
			model_fail("iommu_init: %s; SMMU %u: %s", problem == NULL ? "" : problem, n,
				   smmum_violations(n) == 0 ? "" : smmum_violation(n));
		}
	}
	machine_settle();
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
