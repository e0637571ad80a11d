/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All encodings of system registers read and written: zeros, ones and a random value, and at
 * once what was there before, so that most of what a guest can do to itself does not last. Of
 * those few that it cannot do without, each bit by itself. And all other encodings of that
 * space: barriers, hints, PSTATE, cache and TLB maintenance with a result.
 */
#include "hostile.h"
#include "rt/mmu.h"

#define MRS_X2 0xd5300002u
#define MSR_X0 0xd5100000u
#define MSR_X2 0xd5100002u
#define EOR_X0 0xca020000u /* eor x0, x0, x2 */
#define SPACE 0xd5000000u
#define TO_X2 2u
#define NO_REG 31u
#define MASK_ALL 0xd5034fdfu /* msr daifset, #15 */
#define SP_EL1 0xd50041bfu   /* msr spsel, #1 */
#define OP0 (3u << 19)
#define ISB 0xd5033fdfu
#define RET 0xd65f03c0u
#define INDICES 2048u

static uint32_t code[16] __attribute__((aligned(64)));

/* The MMU on without tables, big endian data; or the mark that its debugger is stopped by. */
static const uint32_t fatal[] = {
	HOSTILE_REG(3u, 0, 1, 0, 0), /* SCTLR_EL1 */
	HOSTILE_REG(3u, 0, 1, 0, 3), /* SCTLR2_EL1 */
	HOSTILE_REG(2u, 0, 0, 2, 2), /* MDSCR_EL1 */
	HOSTILE_REG(3u, 0, 4, 1, 0), /* SP_EL0: the stack, if SPSel is 0 */
	HOSTILE_REG(3u, 0, 2, 5, 0), /* GCSCR_EL1 */
	HOSTILE_REG(3u, 0, 4, 2, 0), /* SPSel */
	HOSTILE_REG(3u, 3, 4, 2, 1), /* DAIF */
};
#define FATAL (sizeof(fatal) / sizeof(fatal[0]))

bool hostile_is_fatal(uint32_t reg)
{
	for (uint32_t i = 0; i < FATAL; i++) {
		if (fatal[i] == reg) {
			return true;
		}
	}
	return false;
}

static struct trap_record run(uint64_t value)
{
	struct trap_record trap;

	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" : : "r"(code) : "memory");
	trap_arm();
	register uint64_t x0 __asm__("x0") = value;

	__asm__ volatile("blr %1" : "+r"(x0) : "r"(code) : "x2", "x30", "memory");
	trap = trap_disarm();
	return trap;
}

/* The register has the value for one instruction; or, if `flip`, what it has but for these
 * bits. Two of it may be undefined: both step on. */
static struct trap_record write_once(uint32_t reg, uint64_t value, bool flip)
{
	uint32_t n = 0;

	code[n++] = (MRS_X2 & ~OP0) | reg;
	if (flip) {
		code[n++] = EOR_X0;
	}
	code[n++] = (MSR_X0 & ~OP0) | reg;
	code[n++] = (MSR_X2 & ~OP0) | reg;
	code[n++] = ISB;
	code[n] = RET;
	return run(value);
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

static struct trap_record flip(uint32_t reg, uint32_t bit)
{
	struct trap_record trap;
	bool is_mmu = reg == fatal[0] && bit == 0;

	if (is_mmu) {
		mmu_enable(); /* and off for an instruction */
	}
	trap = write_once(reg, UINT64_C(1) << bit, true);
	if (is_mmu) {
		mmu_disable();
	}
	return trap;
}

static void flip_fatal(void)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < FATAL; i++) {
		for (uint32_t bit = 0; bit < 64; bit++) {
			struct trap_record trap = flip(fatal[i], bit);

			if (!is_answer(&trap)) {
				console_printf("register %x, bit %u: ESR %lx ELR %lx, %u exceptions\n", fatal[i], bit,
					       trap.esr, trap.elr, trap.count);
				wrong++;
			}
		}
	}
	check_that(wrong == 0, "registers-bit-by-bit", "%u wrong answers", wrong);
}

/* Each is executed once; what wakes WFI is there. */
static void try_space(uint32_t op0, bool load, const char *name)
{
	uint32_t wrong = 0;

	gic_enable(machine.timer_virtual_intid);
	for (uint32_t index = 0; index < 8 * INDICES; index++) {
		struct trap_record trap;

		SYSREG_WRITE(cntv_cval_el0, 0);
		SYSREG_WRITE(cntv_ctl_el0, 1);
		code[0] = SPACE | (load ? 1u << 21 : 0) | op0 << 19 | index << 5 | (load ? TO_X2 : NO_REG);
		code[1] = MASK_ALL;
		code[2] = SP_EL1;
		code[3] = ISB;
		code[4] = RET;
		trap = run(0);
		if (!is_answer(&trap)) {
			console_printf("%x: ESR %lx ELR %lx, %u exceptions\n", code[0], trap.esr, trap.elr, trap.count);
			wrong++;
		}
	}
	restore();
	check_that(wrong == 0, name, "%u wrong answers", wrong);
}

void hostile_registers(void)
{
	uint32_t wrong = 0, taken = 0;

	for (uint32_t op = 0; op < 16 && wrong < 10; op++) {
		for (uint32_t index = 0; index < INDICES && wrong < 10; index++) {
			uint32_t reg = (2 + op / 8) << 19 | (op % 8) << 16 | index << 5;

			bool there = !hostile_is_fatal(reg);

			/* All three refused: there is no such register. */
			for (uint32_t i = 0; i < 3 && there; i++) {
				uint64_t value = i == 0 ? 0 : i == 1 ? ~UINT64_C(0) : hostile_random();
				struct trap_record trap = write_once(reg, value, false);

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
	flip_fatal();
	try_space(0, false, "barriers-and-pstate");
	try_space(0, true, "barriers-and-pstate-with-result");
	try_space(1, true, "system-instructions-with-result");
	if (machine.gic_version != 0) {
		gic_init();
	}
}
