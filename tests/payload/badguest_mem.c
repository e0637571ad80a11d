/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses where this guest has nothing: every kind of access, fetches, table walks. */
#include "badguest.h"
#include "rt/mmu.h"

#define HOLES_MAX 32
#define ESR_IL BIT(25)

static uint64_t holes[HOLES_MAX];
static uint32_t hole_count;

static void add_hole(uint64_t addr)
{
	bool own_device = addr - machine.gicd.base < machine.gicd.size ||
			  addr - machine.gicr.base < machine.gicr.size ||
			  addr - machine.gicc.base < machine.gicc.size ||
			  addr - machine.uart.base < machine.uart.size;

	if (hole_count < HOLES_MAX && !machine_is_ram(addr) && !own_device) {
		holes[hole_count++] = addr;
	}
}

/* Behind each RAM range, and for a guest of a hypervisor before it; where
 * nothing is on any machine of the tests; what the command line names. */
static void find_holes(void)
{
	uint64_t addr;

	for (uint32_t i = 0; i < machine.ram_count; i++) {
		add_hole(machine.ram[i].base + machine.ram[i].size);
		if (badguest_strict()) {
			add_hole(machine.ram[i].base - 8);
		}
	}
	add_hole(UINT64_C(0x0bff0000));
	if (badguest_strict()) {
		add_hole(machine.gicd.base - 0x1000);
		add_hole(machine.gicd.base + machine.gicd.size);
		add_hole(machine.uart.base - 0x1000);
		add_hole(machine.uart.base + machine.uart.size);
	}
	for (uint32_t i = 0; machine_option_number("hole", i, &addr); i++) {
		add_hole(addr);
		add_hole(addr + 0x1000 - 8);
	}
}

static void test_hole(uint64_t addr)
{
	uint32_t wrong = 0;
	uint64_t result;

	for (enum op op = 0; op < OP_COUNT; op++) {
		if (!badguest_has(op)) {
			continue;
		}
		uint64_t at = addr & ~UINT64_C(15); /* aligned for each of them */
		struct trap_record trap = badguest_run(op, at, UINT64_C(0xdeadbeef), &result);
		bool any_answer = op >= OP_MAINTENANCE_FIRST && op < OP_UNPRIVILEGED_FIRST;

		if (!any_answer && !badguest_is_external_abort(op, at, &trap)) {
			console_printf("hole %lx, op %u: ESR %lx FAR %lx ELR %lx, %u exceptions\n", at, op,
				       trap.esr, trap.far, trap.elr, trap.count);
			wrong++;
		}
	}
	check_that(wrong == 0, "hole-data", "%lx: %u answers are wrong", addr, wrong);
}

static void test_fetch(uint64_t addr, const char *name)
{
	struct trap_record trap;

	addr &= ~UINT64_C(3);
	TRAP_PROBE(trap, "blr %0" : : "r"(addr) : "x30", "memory");
	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_IABT_CUR &&
			   (trap.esr & ESR_IL) != 0 && ESR_FSC(trap.esr) == FSC_EXTERNAL &&
			   trap.far == addr && trap.elr == addr,
		   name, "%lx: ESR %lx FAR %lx ELR %lx", addr, trap.esr, trap.far, trap.elr);
}

/* Unaligned, on what is not Normal memory while the MMU is off: the alignment fault comes first. */
static void test_unaligned(uint64_t addr)
{
	uint64_t result;
	struct trap_record trap = badguest_run(OP_LOAD_32, (addr & ~UINT64_C(15)) + 1, 0, &result);

	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_DABT_CUR &&
			   (ESR_FSC(trap.esr) == FSC_ALIGNMENT || ESR_FSC(trap.esr) == FSC_EXTERNAL) &&
			   trap.far == (addr & ~UINT64_C(15)) + 1,
		   "hole-unaligned", "%lx: ESR %lx FAR %lx", addr, trap.esr, trap.far);
}

/* Beyond what the stage-2 map can translate, or the CPU address. */
static void test_far_away(void)
{
	for (uint32_t bit = 40; bit < 56; bit++) {
		uint64_t result;
		struct trap_record trap = badguest_run(OP_LOAD_32, BIT(bit), 0, &result);
		uint64_t fsc = ESR_FSC(trap.esr);

		/* Address size fault of level 0 where it is more than the CPU has. */
		if (!check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_DABT_CUR &&
					(fsc == FSC_EXTERNAL || fsc == 0) && trap.far == BIT(bit),
				"far-away", "bit %u: ESR %lx FAR %lx", bit, trap.esr, trap.far)) {
			return;
		}
	}
}

/* A stage-1 table in a hole: the walk gets the abort. A hypervisor is not told the level. */
static void test_walk(uint64_t addr)
{
	uint64_t va = UINT64_C(0xffffff8000000000);
	uint64_t result;

	addr &= ~UINT64_C(0xfff);
	mmu_enable();
	SYSREG_WRITE(ttbr1_el1, addr);
	/* TTBR1: 39 bits, 4 KiB granule (TG1 = 2), walks on. */
	SYSREG_WRITE(tcr_el1, (SYSREG_READ(tcr_el1) & ~BIT(23)) | UINT64_C(25) << 16 | UINT64_C(2) << 30);
	__asm__ volatile("isb; tlbi vmalle1; dsb sy; isb" ::: "memory");
	struct trap_record trap = badguest_run(OP_LOAD_32, va, 0, &result);
	struct trap_record at = badguest_run(OP_MAINTENANCE_FIRST + 7, va, 0, &result);

	SYSREG_WRITE(tcr_el1, SYSREG_READ(tcr_el1) | BIT(23));
	mmu_disable();
	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == EC_DABT_CUR &&
			   ESR_FSC(trap.esr) >= 0x14 &&
			   ESR_FSC(trap.esr) <= 0x17 && trap.far == va,
		   "hole-walk", "%lx: ESR %lx FAR %lx", addr, trap.esr, trap.far);
	check_that(at.count <= 1, "hole-walk-at", "%u exceptions, ESR %lx", at.count, at.esr);
}

void badguest_mem(void)
{
	find_holes();
	for (uint32_t i = 0; i < hole_count; i++) {
		test_hole(holes[i]);
		test_unaligned(holes[i]);
		test_fetch(holes[i], "hole-fetch");
		test_walk(holes[i]);
	}
	test_far_away();
	if (badguest_strict()) {
		test_fetch(machine.gicd.base, "fetch-gicd");
		if (machine.uart.base != 0) {
			test_fetch(machine.uart.base, "fetch-uart");
		}
	}
}
