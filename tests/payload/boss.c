/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A control domain (hv/include/control_abi.h) that waits until another domain has started
 * itself often enough, and then restarts a third one as often.
 * Options: itself=I, told=I (their indices), runs=N; pause=N: after so many restarts, and at the
 * end, it waits until somebody types something; work=MS: what the other is given each time.
 */
#include "control_abi.h"

#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/psci.h"

void payload_secondary(uint32_t index)
{
	(void)index;
}

static uint64_t control_read(uint64_t domain, uint64_t reg)
{
	struct smccc_regs r = {.x = {CONTROL_CALL_READ, domain + 1, reg}};

	smccc_hvc(&r);
	return r.x[0] == CONTROL_CALL_OK ? r.x[1] : UINT64_MAX;
}

static uint64_t control_restart(uint64_t domain)
{
	struct smccc_regs r = {.x = {CONTROL_CALL_WRITE, domain + 1, CONTROL_COMMAND, CONTROL_RESTART}};

	smccc_hvc(&r);
	return r.x[0] == CONTROL_CALL_OK ? r.x[1] : UINT64_MAX;
}

/* The domain runs, for the `starts`th time. */
static void await(uint64_t domain, uint64_t starts)
{
	while (control_read(domain, CONTROL_STARTS) < starts ||
	       control_read(domain, CONTROL_STATE) != CONTROL_RUNNING) {
		nap_ms(1);
	}
}

/* Awake, as time jumps to the next timer's where all sleep under icount; and hardly ever in the
 * hypervisor, whose memory is to be looked at meanwhile. */
static void pause_here(uint64_t restarts)
{
	console_printf("boss: pauses after %lu\n", restarts);
	do {
		uint64_t end = arch_counter() + SYSREG_READ(cntfrq_el0) / 20;

		while (arch_counter() < end) {
		}
	} while ((mmio_read32(machine.uart.base + PL011_FR) & PL011_FR_RXFE) != 0);
	(void)mmio_read32(machine.uart.base + PL011_DR);
}

void payload_main(void)
{
	uint64_t itself = 0;
	uint64_t told = 0;
	uint64_t runs = 0;
	uint64_t pause = 0;
	uint64_t work = 0;
	uint64_t refused = 0;

	(void)machine_option_number("itself", 0, &itself);
	(void)machine_option_number("told", 0, &told);
	(void)machine_option_number("runs", 0, &runs);
	(void)machine_option_number("pause", 0, &pause);
	(void)machine_option_number("work", 0, &work);
	await(itself, itself == 0 ? 0 : runs);
	console_printf("boss: begins\n");
	for (uint64_t i = 0; i < runs; i++) {
		refused += control_restart(told) != CONTROL_OK;
		await(told, 2 + i);
		if (work != 0) {
			nap_ms((uint32_t)work);
		}
		if (i + 1 == pause || (pause != 0 && i + 1 == runs)) {
			pause_here(i + 1);
		}
	}
	check_that(refused == 0 && control_read(told, CONTROL_STARTS) == runs + 1, "restarts", "%lu refused",
		   refused);
	check_that(control_read(told, CONTROL_FAULTS) == 0, "faults", "%lu",
		   control_read(told, CONTROL_FAULTS));
	console_printf("boss: %lu restarts\n", runs);
}
