/* SPDX-License-Identifier: Apache-2.0 */
/* Every encoding of a system register read, those above EL1 written, odd instructions. */
#include "badguest.h"

#define MRS 0xd5300000u
#define MSR 0xd5100000u
#define SYS 0xd5080000u
#define RET 0xd65f03c0u
#define EC_ILLEGAL 0x0e
#define EC_PC 0x22

/* One instruction and RET, written at run time; x0 in and out. */
static uint32_t code[16] __attribute__((aligned(64)));
static uint8_t scratch[4096] __attribute__((aligned(4096)));

static struct trap_record run_word(uint32_t word, uint64_t value)
{
	struct trap_record trap;

	code[0] = word;
	code[1] = RET;
	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" : : "r"(code) : "memory");
	trap_arm();
	register uint64_t x0 __asm__("x0") = value;

	__asm__ volatile("blr %1" : "+r"(x0) : "r"(code) : "x30", "memory");
	trap = trap_disarm();
	return trap;
}

/* op0 (2 or 3; SYS: 1), op1, CRn, CRm, op2 in the places that MRS and MSR have them. */
static uint32_t encoding(uint32_t op0, uint32_t op1, uint32_t index)
{
	return (op0 & 3) << 19 | op1 << 16 | index << 5;
}

/* Not there: undefined. There but off by the guest's own CPACR_EL1, or the like: trapped to EL1. */
static bool is_answer(const struct trap_record *trap)
{
	uint64_t ec = ESR_EC(trap->esr);

	return !trap->taken ||
	       (trap->count == 1 && trap->vector == 4 && trap->elr == (uintptr_t)code &&
		(ec == EC_UNKNOWN || ec == EC_SYSREG || ec == 0x07 || ec == 0x19 || ec == 0x1d));
}

static void sweep_reads(void)
{
	uint32_t wrong = 0;
	uint32_t present = 0;

	for (uint32_t op = 0; op < 16; op++) {
		for (uint32_t index = 0; index < 2048; index++) {
			uint32_t word = (MRS & ~(3u << 19)) | encoding(2 + op / 8, op % 8, index);
			struct trap_record trap = run_word(word, 0);

			present += !trap.taken;
			if (!is_answer(&trap)) {
				console_printf("%x: ESR %lx ELR %lx, %u exceptions\n", word, trap.esr,
					       trap.elr, trap.count);
				wrong++;
			}
		}
	}
	check_that(wrong == 0, "sysreg-reads", "%u wrong answers", wrong);
	check_that(present > 100, "sysreg-reads-present", "%u registers", present);
}

/* op1 4..7: registers of EL2, EL3 and Secure EL1. Nothing of it is a guest's. */
static void sweep_high_writes(void)
{
	uint32_t wrong = 0;

	for (uint32_t op = 0; op < 8; op++) {
		for (uint32_t index = 0; index < 2048; index++) {
			uint32_t word = (MSR & ~(3u << 19)) | encoding(2 + op / 4, 4 + op % 4, index);
			struct trap_record trap = run_word(word, ~UINT64_C(0));

			if (!trap.taken || !is_answer(&trap)) {
				console_printf("%x: ESR %lx, %u exceptions\n", word, trap.esr, trap.count);
				wrong++;
			}
		}
	}
	check_that(wrong == 0, "el2-writes", "%u were not refused", wrong);
}

/* ICC_AP0R<n>_EL1, ICC_AP1R<n>_EL1: no priority is active. Those that the CPU lacks are undefined. */
static void clear_active_priorities(void)
{
	for (uint32_t n = 0; n < 4; n++) {
		(void)run_word((MSR & ~(3u << 19)) | encoding(3, 0, 12 << 7 | 8 << 3 | 4 | n), 0);
		(void)run_word((MSR & ~(3u << 19)) | encoding(3, 0, 12 << 7 | 9 << 3 | n), 0);
	}
}

/* The GIC's CPU interface, all 128 encodings of op1 0, CRn 12, CRm 8..15, with both extremes. */
static void sweep_icc_writes(void)
{
	uint32_t wrong = 0;

	for (uint32_t index = 0; index < 64; index++) {
		uint32_t word = (MSR & ~(3u << 19)) | encoding(3, 0, 12 << 7 | 8 << 3 | index);
		struct trap_record zero = run_word(word, 0);
		struct trap_record ones = run_word(word, ~UINT64_C(0));

		wrong += is_answer(&zero) && is_answer(&ones) ? 0 : 1;
	}
	check_that(wrong == 0, "icc-writes", "%u wrong answers", wrong);
	if (machine.gic_version == 3) {
		clear_active_priorities();
		gic_init();
		for (uint32_t i = 0; i < 32; i++) {
			uint32_t iar = gic_ack();

			if (iar >= GIC_SPURIOUS) {
				break;
			}
			gic_eoi(iar);
		}
	}
}

/* Cache, TLB and address translation instructions with an address of ours. */
static void sweep_instructions(void)
{
	uint32_t wrong = 0;

	for (uint32_t op1 = 0; op1 < 8; op1++) {
		for (uint32_t index = 0; index < 2048; index++) {
			uint32_t word = (SYS & ~(3u << 19)) | encoding(1, op1, index);
			struct trap_record trap = run_word(word, (uintptr_t)scratch);
			bool is_alignment = trap.count == 1 && ESR_EC(trap.esr) == EC_DABT_CUR;

			if (!is_answer(&trap) && !is_alignment) {
				console_printf("%x: ESR %lx, %u exceptions\n", word, trap.esr, trap.count);
				wrong++;
			}
		}
	}
	check_that(wrong == 0, "sys-instructions", "%u wrong answers", wrong);
}

static void test_one(uint32_t word, uint64_t ec, const char *name)
{
	struct trap_record trap = run_word(word, 0);

	check_that(trap.taken && trap.count == 1 && ESR_EC(trap.esr) == ec && trap.elr == (uintptr_t)code,
		   name, "%x: ESR %lx ELR %lx, %u exceptions", word, trap.esr, trap.elr, trap.count);
}

static void test_refused(void)
{
	test_one(0xd51c1100, EC_UNKNOWN, "write-hcr-el2");
	test_one(0xd51c2100, EC_UNKNOWN, "write-vttbr-el2");
	test_one(0xd53c1100, EC_UNKNOWN, "read-hcr-el2");
	test_one(0xd51ccb00, EC_UNKNOWN, "write-ich-hcr-el2");
	test_one(0xd51ccc00, EC_UNKNOWN, "write-ich-lr0-el2");
	test_one(0xd51e1100, EC_UNKNOWN, "write-scr-el3");
	test_one(0xd50c8780 & ~0x1fu, EC_UNKNOWN, "tlbi-alle2");
	test_one(0xd69f03e0 | 0x00200000, EC_UNKNOWN, "drps");
	test_one(0x00000000, EC_UNKNOWN, "udf");
	test_one(0xd4400000, EC_UNKNOWN, "hlt");
	test_one(0xd4a00003, EC_UNKNOWN, "dcps3");
	test_one(0xd4200000, 0x3c, "brk");
}

/* Calls with any immediate come back, or are undefined. */
static void test_calls(void)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < 16; i++) {
		struct trap_record hvc = run_word(0xd4000002 | (1u << i) << 5, 0xffffffff);
		struct trap_record smc = run_word(0xd4000003 | (1u << i) << 5, 0xffffffff);

		wrong += is_answer(&hvc) && is_answer(&smc) ? 0 : 1;
	}
	check_that(wrong == 0, "calls-any-immediate", "%u wrong answers", wrong);
}

void badguest_regs(void)
{
	test_refused();
	if (badguest_strict()) {
		test_calls();
	}
	sweep_reads();
	sweep_high_writes();
	sweep_icc_writes();
	sweep_instructions();
}
