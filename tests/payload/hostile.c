/* SPDX-License-Identifier: Apache-2.0 */
#include "hostile.h"

static uint64_t state = 1;

void payload_secondary(uint32_t index)
{
	(void)index;
}

uint64_t hostile_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

uint64_t hostile_argument(void)
{
	uint64_t r = hostile_random(), base = machine.ram[0].base, end = base + machine.ram[0].size;

	switch (r >> 8 & 15) {
	case 0:
	case 1:
		return r & 7;
	case 2:
		return base + (r >> 16 & 0xff) * 4096;
	case 3:
		return end - 8 + (r >> 16 & 15);
	case 4:
		return machine.cpus[0] ^ (r >> 16 & 3);
	case 5:
		return UINT64_C(1) << (r >> 16 & 63);
	case 6:
		return ~UINT64_C(0) << (r >> 16 & 63);
	case 7:
		return 0x84000000 | (r >> 16 & 0x4000001f);
	case 8:
		return (r >> 16 & 0xff00ffffff);
	case 9:
		return machine.gicd.base + (r >> 16 & 0xffff);
	case 10:
		return UINT64_C(0xffffffff00000000) | (r >> 16 & 0x1f);
	case 11:
		return HOLE + (r >> 16 & 0xfff);
	default:
		return hostile_random();
	}
}

/* One interrupt after the other, each raised as soon as the one before is taken. */
void hostile_storm(uint64_t count)
{
	uint32_t timer = machine.timer_virtual_intid, sgi = 3, before;
	uint64_t lost = 0, patience = 10 * SYSREG_READ(cntfrq_el0);

	gic_enable(timer);
	gic_enable(sgi);
	for (uint64_t i = 0; i < count && lost < 3; i++) {
		uint32_t intid = (i & 1) != 0 ? timer : sgi;

		before = gic_count[0][intid];
		if (intid == timer) {
			SYSREG_WRITE(cntv_cval_el0, 0);
			SYSREG_WRITE(cntv_ctl_el0, 1);
		} else {
			gic_send_sgi(machine.cpus[0], sgi);
		}
		lost += gic_wait(0, intid, before, patience) ? 0 : 1;
	}
	check_that(lost == 0, "storm", "%lu interrupts did not come", lost);
}

/* To where there is nothing: no vector can be fetched, and none of what it says. */
static void lock_up(uint64_t how)
{
	console_printf("hostile: and now for good\n");
	SYSREG_WRITE(vbar_el1, HOLE);
	arch_isb();
	if (how == 2) {
		__asm__ volatile("br %0" : : "r"(HOLE + 0x1000));
	}
	__asm__ volatile("udf #0");
}

void payload_main(void)
{
	uint64_t calls = 100000, jumps = 20000, storm = 20000, registers = 1, lockup = 0, insns = 20000;

	(void)machine_option_number("seed", 0, &state);
	(void)machine_option_number("calls", 0, &calls);
	(void)machine_option_number("jumps", 0, &jumps);
	(void)machine_option_number("storm", 0, &storm);
	(void)machine_option_number("registers", 0, &registers);
	(void)machine_option_number("insns", 0, &insns);
	(void)machine_option_number("lockup", 0, &lockup);
	console_printf("hostile: GICv%u, %lu calls, %lu jumps\n", machine.gic_version, calls, jumps);
	SYSREG_WRITE(cpacr_el1, UINT64_C(3) << 20);
	arch_isb();
	hostile_jumps(jumps);
	hostile_calls(calls);
	if (registers != 0) {
		hostile_registers();
	}
	hostile_storm(storm);
	hostile_instructions(insns);
	check_report();
	if (lockup != 0) {
		lock_up(lockup);
	}
}
