/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A control domain (hv/include/control_abi.h) that waits until another domain has started
 * itself often enough, and then restarts a third one as often.
 * Options: itself=I, told=I (their indices), runs=N.
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

void payload_main(void)
{
	uint64_t itself = 0;
	uint64_t told = 0;
	uint64_t runs = 0;
	uint64_t refused = 0;

	(void)machine_option_number("itself", 0, &itself);
	(void)machine_option_number("told", 0, &told);
	(void)machine_option_number("runs", 0, &runs);
	await(itself, runs);
	console_printf("boss: begins\n");
	for (uint64_t i = 0; i < runs; i++) {
		refused += control_restart(told) != CONTROL_OK;
		await(told, 2 + i);
	}
	check_that(refused == 0 && control_read(told, CONTROL_STARTS) == runs + 1, "restarts", "%lu refused",
		   refused);
	check_that(control_read(told, CONTROL_FAULTS) == 0, "faults", "%lu", control_read(told, CONTROL_FAULTS));
	console_printf("boss: %lu restarts\n", runs);
}
