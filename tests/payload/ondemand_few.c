/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Some pages, by two CPUs at once and by all sorts of loads and stores; and what is not to
 * map anything. Prints which runs must be mapped in the end: "EXPECT 0x..0x..".
 */
#include "edu.h"
#include "ondemand.h"
#include "rt/gic.h"
#include "rt/mmu.h"
#include "rt/psci.h"

#define PCI UINT64_C(0x10000000) /* 128 blocks of the window `low` */
#define PCI_BLOCKS 128u
#define EXACT UINT64_C(0x20000000) /* 1024 pages, each for itself */
#define EXACT_PAGES 1024u
#define NOW UINT64_C(0x20400000)
#define OTHER_BLOCK 48u /* in pages, for another domain has one of it */
#define RTC UINT64_C(0x09010000)
#define ECAM UINT64_C(0x4010000000)
#define EDU (ECAM + 0x10000) /* slot 2 */

#define ROUNDS 48u
#define PATIENCE_S 10u

static bool pci_blocks[PCI_BLOCKS], exact_pages[EXACT_PAGES];

/* What both CPUs are to touch: the second waits for `turn` to change, or for the end. */
static volatile uint64_t target;
static volatile uint32_t turn, seen;
static volatile bool over;

static uint32_t random_next(void)
{
	static uint32_t state = 12345;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* One of many ways, all without effect where nothing is. */
static void touch(uint64_t addr, uint32_t how)
{
	switch (how % 8) {
	case 0:
		(void)mmio_read8(addr);
		break;
	case 1:
		(void)mmio_read64(addr);
		break;
	case 2:
		mmio_write32(addr, 0);
		break;
	case 3:
		mmio_write8(addr, 0);
		break;
	case 4:
		__asm__ volatile("ldp w9, w10, [%0]" : : "r"(addr) : "x9", "x10", "memory");
		break;
	case 5:
		__asm__ volatile("stp wzr, wzr, [%0]" : : "r"(addr) : "memory");
		break;
	case 6:
		__asm__ volatile("mov x9, %0; ldr w10, [x9], #4" : : "r"(addr) : "x9", "x10", "memory");
		break;
	default:
		(void)mmio_read32(addr);
		break;
	}
}

void payload_secondary(uint32_t index)
{
	uint32_t last = 0;

	(void)index;
	while (!over) {
		if (turn != last) {
			last = turn;
			touch(target, last / 3);
			seen = last;
		}
	}
}

/* By both CPUs as nearly at once as they can. */
static bool touch_both(uint64_t addr, uint32_t how)
{
	uint64_t end = arch_counter() + PATIENCE_S * SYSREG_READ(cntfrq_el0);

	target = addr;
	arch_dsb();
	turn = turn + 1;
	touch(addr, how);
	while (seen != turn && arch_counter() < end) {
	}
	return seen == turn;
}

static void test_two_cpus(void)
{
	bool good = psci_start_cpu(1) == PSCI_SUCCESS;

	for (uint32_t i = 0; i < ROUNDS && good; i++) {
		uint32_t block = random_next() % (PCI_BLOCKS - 1), page = random_next() % (EXACT_PAGES - 1);

		block += block >= OTHER_BLOCK;
		good = touch_both(PCI + block * BLOCK + (random_next() % 512) * PAGE, i) &&
		       touch_both(EXACT + page * PAGE + random_next() % (PAGE / 16) * 16, i);
		pci_blocks[block] = exact_pages[page] = true;
	}
	check_that(good, "two-cpus", "the other CPU is lost");
	over = true;
}

/* Addresses where nothing may be mapped by what is tried there: the last block and page. */
static void test_nothing(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "blr %0" : : "r"(addr) : "x30", "memory");
	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_IABT_CUR &&
			   ESR_FSC(trap.esr) == FSC_EXTERNAL && trap.far == addr,
		   "fetch", "%lx: ESR %lx FAR %lx", addr, trap.esr, trap.far);
	TRAP_PROBE(trap, "dc civac, %0" : : "r"(addr) : "memory");
	check_that(!trap.taken, "maintenance", "%lx: ESR %lx", addr, trap.esr);
	mmu_enable();
	SYSREG_WRITE(ttbr1_el1, addr);
	/* TTBR1: 39 bits, 4 KiB granule (TG1 = 2), walks on. */
	SYSREG_WRITE(tcr_el1, (SYSREG_READ(tcr_el1) & ~BIT(23)) | UINT64_C(25) << 16 | UINT64_C(2) << 30);
	__asm__ volatile("isb; tlbi vmalle1; dsb sy; isb" ::: "memory");
	TRAP_PROBE(trap, "ldr w9, [%0]" : : "r"(UINT64_C(0xffffff8000000000)) : "x9", "memory");
	SYSREG_WRITE(tcr_el1, SYSREG_READ(tcr_el1) | BIT(23));
	mmu_disable();
	check_that(trap.taken && trap.count == 1 && ESR_FSC(trap.esr) >= 0x14 && ESR_FSC(trap.esr) <= 0x17, "walk",
		   "%lx: ESR %lx FAR %lx", addr, trap.esr, trap.far);
}

/* What is mapped for data is not for instructions. */
static void test_fetch_mapped(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "blr %0" : : "r"(addr) : "x30", "memory");
	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_IABT_CUR && trap.far == addr,
		   "fetch-mapped", "%lx: ESR %lx FAR %lx", addr, trap.esr, trap.far);
}

/* Zeroes first: what the device does not get is 0. */
static bool dma_copy(uint64_t source, uint64_t to, uint32_t size)
{
	static const volatile uint64_t zeroes[8] __attribute__((aligned(64)));

	return edu_run(PCI, (uint64_t)(uintptr_t)zeroes, EDU_BUFFER, size, EDU_START) &&
	       edu_run(PCI, source, EDU_BUFFER, size, EDU_START) &&
	       edu_run(PCI, EDU_BUFFER, to, size, EDU_START | EDU_OUT);
}

/* A device's registers read by another device: not before a CPU has mapped them, and then. */
static void test_dma(void)
{
	static volatile uint32_t words[16] __attribute__((aligned(64)));
	uint64_t to = (uint64_t)(uintptr_t)&words[0];
	uint32_t now;

	if (!check_that(edu_attach(EDU, PCI), "edu", "it is not there")) {
		return;
	}
	words[0] = 0x55555555;
	check_that(dma_copy(RTC, to, 4) && words[0] == 0, "dma-before", "%x came", words[0]);
	now = mmio_read32(RTC);
	check_that(dma_copy(RTC, to, 4) && words[0] - now < 60 && now != 0, "dma-after", "%x, %x came",
		   words[0], now);
}

static void expect(uint64_t base, uint64_t size)
{
	console_printf("EXPECT 0x%lx..0x%lx\n", base, base + size - 1);
}

static void expect_all(const bool *list, uint32_t count, uint64_t base, uint64_t size)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i < count; i++) {
		from = i == 0 || !list[i - 1] ? i : from;
		if (list[i] && (i + 1 == count || !list[i + 1])) {
			expect(base + from * size, (i + 1 - from) * size);
		}
	}
}

void ondemand_few(void)
{
	test_nothing(PCI + (PCI_BLOCKS - 1) * BLOCK);
	test_nothing(EXACT + (EXACT_PAGES - 1) * PAGE);
	/* Never asked for in the end: the last block is left out above as well. */
	test_two_cpus();
	test_dma();
	pci_blocks[0] = true;
	test_fetch_mapped(PCI + 8);
	check_that(ondemand_load(NOW) && ondemand_load(NOW + BLOCK - 4), "pre-mapped", "it is not answered");
	/* A page of a block that another domain has a page of. */
	check_that(ondemand_load(PCI + OTHER_BLOCK * BLOCK + 5 * PAGE), "beside-another's", "it is not answered");
	check_that(!ondemand_load(PCI + OTHER_BLOCK * BLOCK), "another's", "it is answered");
	expect(RTC, PAGE);
	expect(PCI + OTHER_BLOCK * BLOCK + 5 * PAGE, PAGE);
	expect_all(pci_blocks, PCI_BLOCKS, PCI, BLOCK);
	expect_all(exact_pages, EXACT_PAGES, EXACT, PAGE);
	expect(ECAM, BLOCK);
}
