/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resets itself again and again, as soon as it is up and has said so; or is up and stays so.
 * How often it was, is in what no restart touches: the match register of the machine's clock.
 * Options: runs=N (0: stays).
 */
#include "rt/console.h"
#include "rt/machine.h"
#include "rt/psci.h"

#define CLOCK_MATCH 0x09010004

void payload_secondary(uint32_t index)
{
	(void)index;
}

static void reset_until(uint64_t runs)
{
	uint32_t run = mmio_read32(CLOCK_MATCH) + 1;

	console_printf("restless: run %u\n", run);
	if (run < runs) {
		mmio_write32(CLOCK_MATCH, run);
		(void)psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	}
	console_printf("restless: %lu runs\n", runs);
}

void payload_main(void)
{
	uint64_t runs = 0;

	(void)machine_option_number("runs", 0, &runs);
	if (runs != 0) {
		reset_until(runs);
	}
	for (;;) {
		arch_wfi();
	}
}
