/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest guest: a banner, then a beat of the virtual timer every 100 ms.
 * Options: name=N (a number printed with each line), beats=N (0: for ever), idle=1 (no
 * beats: it sleeps and never ends), flood=N (before the beats, for N seconds: a line that
 * has no end, as fast as the UART takes it).
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"

void payload_secondary(uint32_t index)
{
	(void)index;
}

/* At the beginning of a page, which the DMA sweep does not write to: the hypervisor's
 * interrupts wake the CPU, which then executes what is here (tests/system/dma). */
static __attribute__((noinline, noreturn, aligned(4096))) void sleep_for_ever(void)
{
	for (;;) {
		arch_wfi();
	}
}

static void flood(uint64_t ticks)
{
	uint64_t end = arch_counter() + ticks;

	while (arch_counter() < end) {
		console_putc('.');
	}
	console_printf("\nhello: the flood is over\n");
}

void payload_main(void)
{
	uint64_t frequency = SYSREG_READ(cntfrq_el0);
	uint64_t beats = 8;
	uint64_t name = 0;
	uint64_t idle = 0;
	uint64_t seconds = 0;
	uint32_t intid = machine.timer_virtual_intid;

	(void)machine_option_number("beats", 0, &beats);
	(void)machine_option_number("name", 0, &name);
	(void)machine_option_number("idle", 0, &idle);
	(void)machine_option_number("flood", 0, &seconds);
	console_printf("hello %lu: EL%lu, %u CPUs, GICv%u, RAM %lx+%lx, CNTFRQ %lu\n", name, machine.entry_el,
		       machine.cpu_count, machine.gic_version, machine.ram[0].base, machine.ram[0].size,
		       frequency);
	if (idle != 0) {
		sleep_for_ever();
	}
	if (seconds != 0) {
		flood(seconds * frequency);
	}
	gic_enable(intid);
	for (uint64_t beat = 1; beats == 0 || beat <= beats; beat++) {
		uint32_t before = gic_count[0][intid];

		SYSREG_WRITE(cntv_tval_el0, frequency / 10);
		SYSREG_WRITE(cntv_ctl_el0, 1);
		arch_isb();
		while (gic_count[0][intid] == before) {
			arch_wfi();
			arch_unmask_irq();
			arch_mask_irq();
		}
		console_printf("hello %lu: beat %lu at %lu\n", name, beat, arch_counter());
	}
	check_that(true, "hello", "-");
	check_report();
}
