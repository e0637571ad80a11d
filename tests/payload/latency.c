/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How late the virtual timer is, for ever: a line with the worst of each 100 beats of 1 ms.
 * In ticks of the counter: QEMU's CPU `max` has 1 GHz, so with -icount shift=0 these are
 * instructions. Options: us=N (of a beat), beats=N (to a line).
 *
 * What happens to this CPU now and then for a few hundred instructions makes few beats
 * late: the shorter these are, the more.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"

void payload_secondary(uint32_t index)
{
	(void)index;
}

static uint64_t beat(uint32_t intid, uint64_t ticks)
{
	uint32_t before = gic_count[0][intid];
	uint64_t due = arch_counter() + ticks;

	SYSREG_WRITE(cntv_cval_el0, due);
	SYSREG_WRITE(cntv_ctl_el0, 1);
	arch_isb();
	while (gic_count[0][intid] == before) {
		arch_wfi();
		arch_unmask_irq();
		arch_mask_irq();
	}
	return arch_counter() - due;
}

void payload_main(void)
{
	uint64_t us = 1000;
	uint64_t beats = 100;
	uint64_t ticks;
	uint32_t intid = machine.timer_virtual_intid;

	(void)machine_option_number("us", 0, &us);
	(void)machine_option_number("beats", 0, &beats);
	ticks = SYSREG_READ(cntfrq_el0) / 1000000 * us;
	gic_enable(intid);
	for (;;) {
		uint64_t worst = 0;
		uint64_t sum = 0;

		for (uint64_t i = 0; i < beats; i++) {
			uint64_t late = beat(intid, ticks);

			worst = late > worst ? late : worst;
			sum += late;
		}
		console_printf("latency: worst %lu, mean %lu ticks\n", worst, sum / beats);
	}
}
