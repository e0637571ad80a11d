/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest pays for the hypervisor, in ticks of the virtual counter. Run
 * with `-icount shift=0 -smp 1 -cpu max` one tick is one instruction, and the
 * figures repeat exactly. Prints "BENCH row average least most" for each row. The call that
 * does least everywhere is SMCCC_VERSION: Xen writes a message for an unknown one.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/psci.h"

#define ROUNDS 16
#define LOOPS 1000 /* operations a round */
#define SGI 1
#define DEADLINE_TICKS 3000

uint64_t bench_hvc(uint64_t function, uint64_t rounds);
uint64_t bench_read(uint64_t addr, uint64_t rounds);
uint64_t bench_write(uint64_t addr, uint64_t rounds, uint32_t value);
uint64_t bench_sgi_sysreg(uint64_t icc_sgi1r);
uint64_t bench_sgi_mmio(uint64_t gicd_sgir, uint32_t value);
uint64_t bench_timer(uint64_t ticks);

enum row {
	ROW_HVC_NOOP,
	ROW_HVC_PSCI_VERSION,
	ROW_TYPER_READ,
	ROW_ISENABLER0_WRITE,
	ROW_SGI_SELF,
	ROW_VIRTUAL_TIMER,
	ROW_COUNT,
};

static const char *const row_names[ROW_COUNT] = {
	"hvc-noop", "hvc-psci-version", "gicd-typer-read", "isenabler0-write", "sgi-self", "virtual-timer",
};

void payload_secondary(uint32_t index)
{
	(void)index;
}

/* One interrupt's way; then it is acknowledged and ended as usual. 0: it never came. */
static uint64_t run_interrupt(enum row row)
{
	uint64_t ticks;

	if (row == ROW_VIRTUAL_TIMER) {
		ticks = bench_timer(DEADLINE_TICKS);
	} else if (machine.gic_version == 2) {
		ticks = bench_sgi_mmio(machine.gicd.base + GICD_SGIR, 2u << 24 | SGI);
	} else {
		uint64_t mpidr = arch_mpidr();

		ticks = bench_sgi_sysreg(FIELD(mpidr, 39, 32) << 48 | FIELD(mpidr, 23, 16) << 32 |
					 FIELD(mpidr, 15, 8) << 16 | FIELD(mpidr, 7, 4) << 44 |
					 (uint64_t)SGI << 24 | BIT(FIELD(mpidr, 3, 0)));
	}
	gic_handle();
	return ticks;
}

/* Ticks of LOOPS operations; 0: failed. */
static uint64_t run_round(enum row row)
{
	uint64_t sum = 0;

	switch (row) {
	case ROW_HVC_NOOP:
		return bench_hvc(SMCCC_VERSION, LOOPS);
	case ROW_HVC_PSCI_VERSION:
		return bench_hvc(PSCI_VERSION, LOOPS);
	case ROW_TYPER_READ:
		return bench_read(machine.gicd.base + GICD_TYPER, LOOPS);
	case ROW_ISENABLER0_WRITE:
		return bench_write(gic_frame(0) + GICD_ISENABLER, LOOPS, 1u << SGI);
	default:
		break;
	}
	for (uint32_t i = 0; i < LOOPS; i++) {
		uint64_t ticks = run_interrupt(row);

		if (ticks == 0) {
			return 0;
		}
		sum += ticks;
	}
	return sum;
}

static void run_row(enum row row)
{
	uint64_t least = ~UINT64_C(0);
	uint64_t most = 0;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t ticks = run_round(row);

		if (ticks == 0) {
			check_that(false, row_names[row], "no interrupt came");
			return;
		}
		sum += ticks;
		least = ticks < least ? ticks : least;
		most = ticks > most ? ticks : most;
	}
	console_printf("BENCH %s %lu %lu %lu\n", row_names[row], sum / (ROUNDS * LOOPS), least / LOOPS,
		       most / LOOPS);
	check_that(true, row_names[row], "-");
}

void payload_main(void)
{
	uint64_t ram = 0;

	for (uint32_t i = 0; i < machine.ram_count; i++) {
		ram += machine.ram[i].size;
	}
	console_printf("BENCH entry %lu %lu %lu\n", machine.entry_counter, machine.entry_counter,
		       machine.entry_counter);
	console_printf("INFO gic=%u ram=%lu cpus=%u cntfrq=%lu el=%lu\n", machine.gic_version, ram >> 20,
		       machine.cpu_count, SYSREG_READ(cntfrq_el0), machine.entry_el);
	gic_enable(SGI);
	gic_enable(machine.timer_virtual_intid);
	for (enum row row = 0; row < ROW_COUNT; row++) {
		run_row(row);
	}
	check_report();
}
