/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resets itself again and again, and looks at each start whether anything is left of the
 * run before, which left marks in all that it has. The number of the run is in the one
 * thing that no restart touches: the match register of the machine's clock.
 * Options: runs=N (1000), lockup=1 (each run ends in an exception without a vector),
 * stay=1 (sleeps when the runs are over, and does not turn itself off), quiet=1 (says
 * nothing of runs but the last, for what a restart costs to be counted).
 */
#include "reborn.h"
#include "rt/check.h"
#include "rt/console.h"
#include "rt/machine.h"
#include "rt/psci.h"

#define CLOCK_MATCH 0x09010004
#define RAM_SIZE 0x400000 /* that is looked at; a larger domain has more */
#define HEADER_ENDIAN 0xa

extern const uint64_t reborn_head[8];
extern uint64_t reborn_mark;

static uint64_t run;
static uint32_t failures;

void payload_secondary(uint32_t index)
{
	(void)index;
}

static void expect(const char *name, uint64_t value, uint64_t expected)
{
	if (value != expected && failures++ < 10) {
		console_printf("FAIL reborn: run %lu: %s is 0x%lx, not 0x%lx\n", run, name, value, expected);
	}
}

static void look_at_registers(void)
{
	static const struct {
		const char *name;
		uint64_t expected, mask;
	} regs[] = {
#define X(name, reg, expected, mask, mark) {#name, expected, mask},
		REBORN_REGS(X)
#undef X
	}, devices[] = {
#define X(name, address, expected, mask, mark) {#name, expected, mask},
		REBORN_DEVICES(X)
#undef X
	};
	const struct reborn_state *s = &reborn_state;

	_Static_assert(sizeof(regs) / sizeof(regs[0]) <= REBORN_SYS_MAX, "room");
	_Static_assert(sizeof(devices) / sizeof(devices[0]) <= REBORN_DEVICES_MAX, "room");
	for (uint32_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		expect(regs[i].name, s->sys[i] & regs[i].mask, regs[i].expected);
	}
	for (uint32_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		expect(devices[i].name, s->devices[i] & devices[i].mask, devices[i].expected);
	}
	for (uint32_t i = 1; i < 31; i++) {
		expect("a general register", s->x[i], 0);
	}
	for (uint32_t i = 0; i < 64; i++) {
		expect("half of a vector register", s->v[i], 0);
	}
	for (uint32_t i = 0; i < 32; i++) {
		expect("part of the Z registers", s->z[i], 0);
	}
	for (uint32_t i = 0; i < 4; i++) {
		expect("part of the P registers", s->p[i], 0);
	}
	expect("FPCR", s->fpcr, 0);
	expect("FPSR", s->fpsr, 0);
}

void payload_main(void)
{
	uint64_t runs = 1000;
	uint64_t lockup = 0;
	uint64_t stay = 0;
	uint64_t quiet = 0;

	(void)machine_option_number("quiet", 0, &quiet);
	(void)machine_option_number("runs", 0, &runs);
	(void)machine_option_number("lockup", 0, &lockup);
	(void)machine_option_number("stay", 0, &stay);
	run = mmio_read32(CLOCK_MATCH) + 1;
	mmio_write32(CLOCK_MATCH, (uint32_t)run);
	expect("a word of RAM", reborn_state.ram_bad, 0);
	expect("the image's header", reborn_head[3], HEADER_ENDIAN);
	expect("the image's data", reborn_mark, 0);
	look_at_registers();
	if (failures == 0 && (quiet == 0 || run == runs)) {
		console_printf("reborn: run %lu is as the first\n", run);
	}
	if (lockup != 0) {
		reborn_lock_up();
	}
	if (run < runs) {
		reborn_end(PSCI_SYSTEM_RESET, machine.ram[0].base + RAM_SIZE);
	}
	check_that(failures == 0, "reborn", "%u in the last run", failures);
	check_report();
	console_printf("reborn: %lu runs\n", run);
	while (stay != 0) {
		arch_wfi();
	}
}
