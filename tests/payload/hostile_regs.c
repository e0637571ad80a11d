/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All encodings of system registers written: zeros, ones and a random value, and at once what
 * was there before, so that most of what a guest can do to itself does not last.
 */
#include "hostile.h"

#define MRS_X2 0xd5300002u
#define MSR_X0 0xd5100000u
#define MSR_X2 0xd5100002u
#define OP0 (3u << 19)
#define ISB 0xd5033fdfu
#define RET 0xd65f03c0u
#define INDICES 2048u

/* The encoding of a register in MRS and MSR, and in the lists below. */
#define REG(op0, op1, crn, crm, op2) ((op0) << 19 | (op1) << 16 | (crn) << 12 | (crm) << 8 | (op2) << 5)

static uint32_t code[16] __attribute__((aligned(64)));

/* With a wrong value there, not even the next instruction is the guest's own any more: the
 * MMU on without tables, big endian data; or the mark that its debugger is stopped by. */
static bool is_fatal(uint32_t reg)
{
	switch (reg) {
	case REG(3, 0, 1, 0, 0):  /* SCTLR_EL1 */
	case REG(3, 0, 1, 0, 3):  /* SCTLR2_EL1 */
	case REG(2, 0, 0, 2, 2):  /* MDSCR_EL1 */
	case REG(3, 0, 4, 1, 0):  /* SP_EL0: the stack, if SPSel is 0 */
	case REG(3, 0, 2, 5, 0):  /* GCSCR_EL1 */
	case REG(3, 0, 4, 2, 0):  /* SPSel */
	case REG(3, 3, 4, 2, 1):  /* DAIF */
		return true;
	default:
		return false;
	}
}

/* The register has the value for one instruction. Two of it may be undefined: both step on. */
static struct trap_record write_once(uint32_t reg, uint64_t value)
{
	struct trap_record trap;

	code[0] = (MRS_X2 & ~OP0) | reg;
	code[1] = (MSR_X0 & ~OP0) | reg;
	code[2] = (MSR_X2 & ~OP0) | reg;
	code[3] = ISB;
	code[4] = RET;
	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" : : "r"(code) : "memory");
	trap_arm();
	register uint64_t x0 __asm__("x0") = value;

	__asm__ volatile("blr %1" : "+r"(x0) : "r"(code) : "x2", "x30", "memory");
	trap = trap_disarm();
	return trap;
}

/* At most the three instructions are refused, each with an answer of EL1's own. */
static bool is_answer(const struct trap_record *trap)
{
	uint64_t ec = ESR_EC(trap->esr);

	return !trap->taken || (trap->count <= 3 && trap->vector == 4 &&
				(ec == EC_UNKNOWN || ec == EC_SYSREG || ec == 0x07 || ec == 0x19 || ec == 0x1d));
}

static void restore(void)
{
	SYSREG_WRITE(cpacr_el1, UINT64_C(3) << 20);
	SYSREG_WRITE(cntv_ctl_el0, 0);
	SYSREG_WRITE(cntp_ctl_el0, 0);
	arch_isb();
}

void hostile_registers(void)
{
	uint32_t wrong = 0, taken = 0;

	for (uint32_t op = 0; op < 16 && wrong < 10; op++) {
		for (uint32_t index = 0; index < INDICES && wrong < 10; index++) {
			uint32_t reg = (2 + op / 8) << 19 | (op % 8) << 16 | index << 5;

			bool there = !is_fatal(reg);

			/* All three refused: there is no such register. */
			for (uint32_t i = 0; i < 3 && there; i++) {
				uint64_t value = i == 0 ? 0 : i == 1 ? ~UINT64_C(0) : hostile_random();
				struct trap_record trap = write_once(reg, value);

				there = trap.count < 3;
				taken += trap.taken ? 0 : 1;
				if (!is_answer(&trap)) {
					console_printf("register %x: ESR %lx ELR %lx, %u exceptions\n", reg, trap.esr,
						       trap.elr, trap.count);
					wrong++;
				}
			}
			restore();
		}
	}
	check_that(wrong == 0, "registers", "%u wrong answers", wrong);
	check_that(taken > 300, "registers-written", "%u", taken);
	if (machine.gic_version != 0) {
		gic_init();
	}
}
