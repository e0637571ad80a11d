/* SPDX-License-Identifier: Apache-2.0 */
/* Random calls and jumps: what comes back is an answer, and nothing else has changed. */
#include "hostile.h"

#define HINT 0x10000u /* of SMCCC 1.3, in fast calls */
#define FAST 0x80000000u
#define REGS 18u

static uint32_t code[16] __attribute__((aligned(64)));

/* PSCI calls after which this CPU is off, asleep for good, or starts over. */
static bool is_the_end(uint64_t function)
{
	uint32_t f = (uint32_t)function;

	f &= (f & FAST) != 0 ? ~HINT : ~0u;
	switch (f) {
	case 0x84000001:
	case 0xc4000001:
	case 0x84000002:
	case 0x84000008:
	case 0x84000009:
	case 0x84000012:
	case 0xc4000012:
		return true;
	default:
		return false;
	}
}

static uint64_t some_function(void)
{
	static const uint32_t families[] = {
		0x84000000, 0xc4000000, 0x80000000, 0x8000ff00, 0x86000000, 0x8600ff00, 0xc6000000, 0x85000000,
		0xc5000020, 0x82000000, 0xc2000000, 0xb2000000, 0xbf00ff00, 0x84000050, 0x02000000, 0x00000000,
	};
	uint64_t r = hostile_random();
	uint64_t f = families[r & 15] + (r >> 8 & 0x3f);

	if ((r >> 16 & 7) == 0) {
		f = hostile_argument();
	}
	if ((r >> 20 & 7) == 0) {
		f |= HINT;
	}
	if ((r >> 24 & 7) == 0) {
		f |= hostile_random() << 32;
	}
	return f;
}

/* May return more than x0: a UID, a revision, what firmware says of the architecture. */
static bool has_results(uint64_t function)
{
	uint32_t f = (uint32_t)function & ~HINT;

	return f == 0x8600ff01 || f == 0x8600ff03 || (f & 0xbfff0000) == 0x80000000;
}

static bool call_once(void)
{
	struct smccc_regs before, after;
	uint64_t f = some_function();
	bool good = true;

	if (is_the_end(f)) {
		return true;
	}
	for (uint32_t i = 1; i < REGS; i++) {
		before.x[i] = hostile_argument();
	}
	before.x[0] = f;
	after = before;
	if ((hostile_random() & 1) != 0) {
		smccc_hvc(&after);
	} else {
		smccc_smc(&after);
	}
	for (uint32_t i = 1; i < REGS; i++) {
		good = good && (has_results(f) || after.x[i] == before.x[i]);
	}
	if (!good) {
		console_printf("call %lx: x0 %lx, and another register changed\n", f, after.x[0]);
	}
	return good;
}

/* HVC and SMC with a number in the instruction are nothing here. */
static bool call_numbered(void)
{
	uint64_t r = hostile_random();
	uint32_t word = ((r & 1) != 0 ? 0xd4000002u : 0xd4000003u) | (uint32_t)(r >> 8 & 0xffff) << 5;
	struct trap_record trap;

	if ((word >> 5 & 0xffff) == 0) {
		return true;
	}
	code[0] = word;
	code[1] = 0xd65f03c0;
	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" : : "r"(code) : "memory");
	trap_arm();
	register uint64_t x0 __asm__("x0") = some_function();

	__asm__ volatile("blr %1" : "+r"(x0) : "r"(code) : "x30", "memory");
	trap = trap_disarm();
	return trap.count == 1 && ESR_EC(trap.esr) == EC_UNKNOWN && trap.elr == (uintptr_t)code;
}

void hostile_calls(uint64_t count)
{
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < count && wrong < 10; i++) {
		wrong += call_once() ? 0 : 1;
		if (i % 16 == 0) {
			wrong += call_numbered() ? 0 : 1;
		}
	}
	check_that(wrong == 0, "calls", "%lu of %lu have wrong answers", wrong, count);
}

/* Not where it would run its own code, or data, or devices. */
static bool is_own(uint64_t addr)
{
	return machine_is_ram(addr) || addr - machine.gicd.base < machine.gicd.size ||
	       addr - machine.gicr.base < machine.gicr.size || addr - machine.uart.base < machine.uart.size;
}

void hostile_jumps(uint64_t count)
{
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < count && wrong < 10; i++) {
		uint64_t to = hostile_argument();
		struct trap_record trap;

		to = (hostile_random() & 3) == 0 ? to & UINT64_C(0xffffffffff) : to;
		if (is_own(to)) {
			continue;
		}
		TRAP_PROBE(trap, "blr %0" : : "r"(to) : "x30", "memory");
		if (trap.count != 1 || (ESR_EC(trap.esr) != EC_IABT_CUR && ESR_EC(trap.esr) != EC_PC_ALIGN)) {
			console_printf("jump to %lx: %u exceptions, ESR %lx\n", to, trap.count, trap.esr);
			wrong++;
		}
	}
	check_that(wrong == 0, "jumps", "%lu have wrong answers", wrong);
}
