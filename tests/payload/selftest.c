/* SPDX-License-Identifier: Apache-2.0 */
#include "selftest.h"

#include "rt/mmu.h"

volatile struct selftest_cpu selftest_cpus[MACHINE_CPUS_MAX];

void payload_secondary(uint32_t index)
{
	uint32_t answered = gic_count[index][SGI_PING];
	uint32_t stopped = gic_count[index][SGI_STOP];

	gic_enable(SGI_PING);
	gic_enable(SGI_STOP);
	selftest_cpus[index].el = SYSREG_READ(CurrentEL) >> 2;
	selftest_cpus[index].sctlr = SYSREG_READ(sctlr_el1);
	selftest_cpus[index].daif = SYSREG_READ(daif);
	arch_dsb();
	selftest_cpus[index].mpidr = SYSREG_READ(mpidr_el1) | BIT(31);
	while (gic_count[index][SGI_STOP] == stopped) {
		arch_wfi();
		arch_unmask_irq();
		arch_mask_irq();
		for (; answered != gic_count[index][SGI_PING]; answered++) {
			gic_send_sgi(machine.cpus[0], SGI_PONG);
		}
	}
}

bool selftest_wait_on(uint32_t index)
{
	uint64_t start = arch_counter();

	while (selftest_cpus[index].mpidr == 0) {
		if (arch_counter() - start > selftest_patience()) {
			return false;
		}
	}
	return true;
}

bool selftest_wait_off(uint32_t index)
{
	uint64_t start = arch_counter();

	while (psci_call(PSCI_AFFINITY_INFO, machine.cpus[index], 0, 0) != 1) {
		if (arch_counter() - start > selftest_patience()) {
			return false;
		}
	}
	return true;
}

static void test_entry(void)
{
	uint64_t sctlr = SYSREG_READ(sctlr_el1);

	check_that(machine.entry_regs == 0, "entry-registers", "x1..x3 are not 0: %lx", machine.entry_regs);
	check_that((sctlr & 5) == 0, "entry-mmu-off", "SCTLR_EL1 %lx", sctlr);
	check_that(!selftest_strict() || machine.entry_el == 1, "entry-el1", "EL%lu", machine.entry_el);
	check_that(machine.ram_count > 0 && machine.cpu_count > 0 && machine.gic_version != 0 &&
			   machine.timer_virtual_intid != 0,
		   "device-tree", "%u RAM ranges, %u CPUs, GICv%u, timer %u", machine.ram_count,
		   machine.cpu_count, machine.gic_version, machine.timer_virtual_intid);
	check_that(machine.cpus[0] == arch_mpidr(), "device-tree-mpidr", "%lx, but MPIDR_EL1 %lx",
		   machine.cpus[0], arch_mpidr());
}

static bool write_and_read(uint64_t addr)
{
	uint64_t old = mmio_read64(addr);
	uint64_t pattern = ~old ^ UINT64_C(0x0123456789abcdef);

	mmio_write64(addr, pattern);
	arch_dsb();
	bool same = mmio_read64(addr) == pattern;

	mmio_write64(addr, old);
	return same;
}

/* First and last words of each RAM range, and of each 2 MiB and 1 GiB on the way (a table's edges). */
static void test_ram(void)
{
	for (uint32_t i = 0; i < machine.ram_count; i++) {
		uint64_t base = machine.ram[i].base;
		uint64_t end = base + machine.ram[i].size;
		uint64_t step =
			machine.ram[i].size > (UINT64_C(64) << 20) ? UINT64_C(32) << 20 : UINT64_C(2) << 20;
		uint64_t wrong = 0;

		wrong += (uint64_t)!write_and_read(base) + (uint64_t)!write_and_read(end - 8);
		for (uint64_t at = (base + step) & ~(step - 1); at < end; at += step) {
			wrong += (uint64_t)!write_and_read(at - 8) + (uint64_t)!write_and_read(at);
		}
		check_that(wrong == 0, "ram-edges", "%lx..%lx: %lu words do not hold a value", base, end,
			   wrong);
	}
}

static uint64_t exclusive_add(uint64_t *at)
{
	uint64_t value;
	uint32_t failed;
	uint32_t tries = 0;

	do {
		__asm__ volatile("ldaxr %0, [%2]\nadd %0, %0, #1\nstlxr %w1, %0, [%2]"
				 : "=&r"(value), "=&r"(failed)
				 : "r"(at)
				 : "memory");
	} while (failed != 0 && ++tries < 1000);
	return value;
}

static void test_mmu(void)
{
	static uint64_t words[4];
	uint64_t unaligned = (uint64_t)(uintptr_t)&words[1] + 3;

	mmu_enable();
	words[0] = 41;
	check_that(exclusive_add(words) == 42, "mmu-exclusive", "%lu", words[0]);
	mmio_write64(unaligned, UINT64_C(0x1122334455667788));
	check_that(mmio_read64(unaligned) == UINT64_C(0x1122334455667788), "mmu-unaligned", "%lx",
		   mmio_read64(unaligned));
	test_ram();
	/* Trap windows work through stage 1 as well. */
	check_that((mmio_read32(machine.gicd.base + GICD_TYPER) & 0x1f) != 0, "mmu-gicd", "GICD_TYPER %x",
		   mmio_read32(machine.gicd.base + GICD_TYPER));
	__asm__ volatile("dc civac, %0; dsb sy; ic iallu; dsb sy; isb" : : "r"(words) : "memory");
	mmu_disable();
	check_that(words[0] == 42, "mmu-off-again", "%lu", words[0]);
}

void payload_main(void)
{
	console_printf("selftest: %u CPUs, GICv%u, \"%s\"\n", machine.cpu_count, machine.gic_version,
		       machine.bootargs);
	test_entry();
	test_ram();
	selftest_smccc();
	selftest_cpu();
	selftest_gic();
	selftest_irq();
	selftest_timer();
	selftest_psci();
	test_mmu();
	selftest_uart();
	check_report();
}
