/* SPDX-License-Identifier: Apache-2.0 */
/* What the CPU has and its ID registers announce works, and keeps its state across a call. */
#include "rt/trap.h"
#include "selftest.h"

#define CPACR_FPEN (UINT64_C(3) << 20)
#define CPACR_ZEN (UINT64_C(3) << 16)
#define CPACR_SMEN (UINT64_C(3) << 24)

void mops_set(uint8_t *to, uint64_t size);
void simd_fill(void);
void simd_save(uint8_t *to);
uint64_t sve_fill(void);
void sve_save(uint8_t *to);
uint64_t sme_length(void);
uint64_t pauth_sign(uint64_t pointer, uint64_t modifier);
uint64_t pauth_check(uint64_t pointer, uint64_t modifier);

static uint8_t mops_buffer[64];

static void trivial_call(void)
{
	(void)psci_call(PSCI_VERSION, 0, 0, 0);
}

static void test_fp(void)
{
	static uint8_t saved[32 * 16] __attribute__((aligned(16)));
	uint32_t wrong = 0;

	SYSREG_WRITE(cpacr_el1, SYSREG_READ(cpacr_el1) | CPACR_FPEN);
	arch_isb();
	simd_fill();
	trivial_call();
	simd_save(saved);
	for (uint32_t i = 0; i < sizeof(saved); i++) {
		wrong += saved[i] != i / 16 + 64;
	}
	check_that(wrong == 0, "fp-registers", "%u bytes changed by a call", wrong);
}

static void test_sve(void)
{
	static uint8_t saved[256] __attribute__((aligned(16)));
	uint64_t length;
	uint32_t wrong = 0;

	if (FIELD(SYSREG_READ(id_aa64pfr0_el1), 35, 32) == 0) {
		check_skip("sve", "ID_AA64PFR0_EL1 has none");
		return;
	}
	SYSREG_WRITE(cpacr_el1, SYSREG_READ(cpacr_el1) | CPACR_ZEN);
	arch_isb();
	SYSREG_WRITE(S3_0_C1_C2_0, 0xf); /* ZCR_EL1 */
	arch_isb();
	length = sve_fill();
	trivial_call();
	sve_save(saved);
	for (uint64_t i = 0; i < length && i < sizeof(saved); i++) {
		wrong += saved[i] != 0x5a;
	}
	check_that(wrong == 0 && length >= 16, "sve-registers", "length %lu, %u bytes changed", length,
		   wrong);
}

static void test_sme(void)
{
	uint64_t length;
	struct trap_record trap;

	if (FIELD(SYSREG_READ(id_aa64pfr1_el1), 27, 24) == 0) {
		check_skip("sme", "ID_AA64PFR1_EL1 has none");
		return;
	}
	SYSREG_WRITE(cpacr_el1, SYSREG_READ(cpacr_el1) | CPACR_SMEN);
	arch_isb();
	trap_arm();
	SYSREG_WRITE(S3_0_C1_C2_6, 0xf); /* SMCR_EL1 */
	SYSREG_WRITE(S3_3_C4_C2_2, 3);   /* SVCR: SM, ZA */
	length = sme_length();
	SYSREG_WRITE(S3_3_C4_C2_2, 0);
	SYSREG_WRITE(S3_3_C13_C0_5, 0x1234); /* TPIDR2_EL0 */
	trap = trap_disarm();
	check_that(!trap.taken && length >= 16, "sme", "length %lu, ESR %lx", length, trap.esr);
}

static void test_pmu(void)
{
	uint64_t version = FIELD(SYSREG_READ(id_aa64dfr0_el1), 11, 8);
	struct trap_record trap;

	if (version == 0 || version == 15) {
		check_skip("pmu", "ID_AA64DFR0_EL1 has none");
		return;
	}
	trap_arm();
	uint64_t counters = FIELD(SYSREG_READ(pmcr_el0), 15, 11);

	SYSREG_WRITE(pmccfiltr_el0, 0);
	SYSREG_WRITE(pmcntenset_el0, BIT(31));
	SYSREG_WRITE(pmcr_el0, 1 | BIT(6));
	arch_isb();
	uint64_t before = SYSREG_READ(pmccntr_el0);

	for (uint32_t i = 0; i < 1000; i++) {
		arch_isb();
	}
	uint64_t after = SYSREG_READ(pmccntr_el0);

	trap = trap_disarm();
	check_that(!trap.taken && after > before, "pmu-cycles", "%lx, then %lx, ESR %lx", before, after,
		   trap.esr);
	if (counters == 0) {
		check_skip("pmu-events", "no event counters");
		return;
	}
	/* The last counter is ours too, or MDCR_EL2.HPMN is wrong. Event 0: software increment. */
	trap_arm();
	SYSREG_WRITE(pmselr_el0, counters - 1);
	arch_isb();
	SYSREG_WRITE(pmxevtyper_el0, 0);
	SYSREG_WRITE(pmxevcntr_el0, 0);
	SYSREG_WRITE(pmcntenset_el0, BIT(counters - 1));
	arch_isb();
	for (uint32_t i = 0; i < 3; i++) {
		SYSREG_WRITE(pmswinc_el0, BIT(counters - 1));
	}
	arch_isb();
	uint64_t events = SYSREG_READ(pmxevcntr_el0);

	trap = trap_disarm();
	SYSREG_WRITE(pmcntenclr_el0, BIT(31) | BIT(counters - 1));
	SYSREG_WRITE(pmcr_el0, 0);
	check_that(!trap.taken && events == 3, "pmu-events", "counter %lu: %lu, ESR %lx", counters - 1,
		   events, trap.esr);
}

static void __attribute__((noinline)) breakpoint_here(void)
{
	__asm__ volatile("nop" ::: "memory");
}

static void test_debug(void)
{
	struct trap_record trap;

	trap_arm();
	SYSREG_WRITE(oslar_el1, 0);
	SYSREG_WRITE(dbgbvr0_el1, (uintptr_t)breakpoint_here);
	SYSREG_WRITE(dbgbcr0_el1, 0xf << 5 | 1 << 1 | 1);                    /* BAS, PMC = EL1, E */
	SYSREG_WRITE(mdscr_el1, SYSREG_READ(mdscr_el1) | BIT(15) | BIT(13)); /* MDE, KDE */
	arch_isb();
	uint64_t address = SYSREG_READ(dbgbvr0_el1);

	trap = trap_disarm();
	check_that(!trap.taken && address == (uintptr_t)breakpoint_here, "debug-registers", "%lx, ESR %lx",
		   address, trap.esr);
	trap_arm();
	__asm__ volatile("msr daifclr, #8" ::: "memory");
	breakpoint_here();
	__asm__ volatile("msr daifset, #8" ::: "memory");
	trap = trap_disarm();
	SYSREG_WRITE(mdscr_el1, 0);
	check_that(trap.taken && ESR_EC(trap.esr) == EC_BREAKPOINT_CUR &&
			   trap.elr == (uintptr_t)breakpoint_here,
		   "debug-breakpoint", "ESR %lx ELR %lx", trap.esr, trap.elr);
}

static void test_pauth(void)
{
	uint64_t sctlr = SYSREG_READ(sctlr_el1);
	uint64_t pointer = (uintptr_t)test_pauth;
	uint64_t is_pauth = FIELD(SYSREG_READ(id_aa64isar1_el1), 11, 4) |
			    FIELD(SYSREG_READ(S3_0_C0_C6_2), 15, 12); /* ID_AA64ISAR2_EL1.APA3 */
	struct trap_record trap;

	if (is_pauth == 0) {
		check_skip("pauth", "ID_AA64ISAR1_EL1 has none");
		return;
	}
	trap_arm();
	SYSREG_WRITE(S3_0_C2_C1_0, UINT64_C(0x123456789abcdef0)); /* APIAKeyLo_EL1 */
	SYSREG_WRITE(S3_0_C2_C1_1, UINT64_C(0x0fedcba987654321)); /* APIAKeyHi_EL1 */
	SYSREG_WRITE(sctlr_el1, sctlr | BIT(31));
	arch_isb();
	uint64_t signed_pointer = pauth_sign(pointer, 42);

	trivial_call();
	uint64_t back = pauth_check(signed_pointer, 42);
	uint64_t key = SYSREG_READ(S3_0_C2_C1_0);

	SYSREG_WRITE(sctlr_el1, sctlr);
	arch_isb();
	trap = trap_disarm();
	check_that(!trap.taken && signed_pointer != pointer && back == pointer &&
			   key == UINT64_C(0x123456789abcdef0),
		   "pauth", "%lx, signed %lx, back %lx, ESR %lx", pointer, signed_pointer, back, trap.esr);
}

static void test_mte(void)
{
	struct trap_record trap;
	uint64_t level = FIELD(SYSREG_READ(id_aa64pfr1_el1), 11, 8);

	if (level == 0) {
		check_skip("mte", "ID_AA64PFR1_EL1 has none");
		return;
	}
	trap_arm();
	__asm__ volatile(".inst 0x9adf1000" : : : "x0"); /* irg x0, x0 */
	if (level >= 2) {
		SYSREG_WRITE(S3_0_C1_C0_6, 0x1fffe); /* GCR_EL1 */
		SYSREG_WRITE(S3_0_C1_C0_5, 0);       /* RGSR_EL1 */
	}
	trap = trap_disarm();
	check_that(!trap.taken, "mte", "ESR %lx at %lx", trap.esr, trap.elr);
}

/* Registers and instructions behind HCR_EL2, HCRX_EL2 and fine-grained trap bits, where the
 * ID registers announce them: Linux uses them without asking further. */
static void test_announced(void)
{
	uint64_t isar0 = SYSREG_READ(id_aa64isar0_el1);
	uint64_t isar2 = SYSREG_READ(S3_0_C0_C6_2);
	uint64_t pfr0 = SYSREG_READ(id_aa64pfr0_el1);
	uint64_t mmfr1 = SYSREG_READ(id_aa64mmfr1_el1);
	uint64_t mmfr3 = SYSREG_READ(S3_0_C0_C7_3);
	struct trap_record trap;

#define ANNOUNCED(name, present, ...)                                                \
	if (present) {                                                               \
		trap_arm();                                                          \
		__VA_ARGS__;                                                         \
		trap = trap_disarm();                                                \
		check_that(!trap.taken, name, "ESR %lx at %lx", trap.esr, trap.elr); \
	}
	ANNOUNCED("rndr", FIELD(isar0, 63, 60) != 0, (void)SYSREG_READ(S3_3_C2_C4_0))
	ANNOUNCED("mops", FIELD(isar2, 19, 16) != 0, mops_set(mops_buffer, sizeof(mops_buffer)))
	ANNOUNCED("erridr", FIELD(pfr0, 31, 28) != 0, (void)SYSREG_READ(S3_0_C5_C3_0))
	ANNOUNCED("scxtnum", FIELD(pfr0, 59, 56) >= 2,
		  SYSREG_WRITE(S3_0_C13_C0_7, SYSREG_READ(S3_0_C13_C0_7)))
	ANNOUNCED("lorid", FIELD(mmfr1, 19, 16) != 0, (void)SYSREG_READ(S3_0_C10_C4_7))
	ANNOUNCED("tcr2", FIELD(mmfr3, 3, 0) != 0, SYSREG_WRITE(S3_0_C2_C0_3, SYSREG_READ(S3_0_C2_C0_3)))
	ANNOUNCED("sctlr2", FIELD(mmfr3, 7, 4) != 0, SYSREG_WRITE(S3_0_C1_C0_3, SYSREG_READ(S3_0_C1_C0_3)))
	ANNOUNCED("pir", FIELD(mmfr3, 11, 8) != 0, SYSREG_WRITE(S3_0_C10_C2_3, SYSREG_READ(S3_0_C10_C2_3)))
	ANNOUNCED("actlr", true, (void)SYSREG_READ(actlr_el1))
	ANNOUNCED("mdscr", true, (void)SYSREG_READ(mdscr_el1))
	ANNOUNCED("oslsr", true, (void)SYSREG_READ(oslsr_el1))
	ANNOUNCED("mdrar", true, (void)SYSREG_READ(mdrar_el1))
}

/* Registers that every guest has for itself. */
static void test_own_registers(void)
{
	struct trap_record trap;
	uint64_t kept = 0;

	trap_arm();
#define KEEP(name, value)                                     \
	do {                                                  \
		SYSREG_WRITE(name, value);                    \
		trivial_call();                               \
		kept += SYSREG_READ(name) == (value) ? 0 : 1; \
	} while (0)
	KEEP(tpidr_el0, UINT64_C(0x1111));
	KEEP(tpidrro_el0, UINT64_C(0x2222));
	KEEP(tpidr_el1, UINT64_C(0x3333));
	KEEP(contextidr_el1, UINT64_C(0x4444));
	KEEP(mair_el1, UINT64_C(0x44ff00));
	KEEP(ttbr0_el1, UINT64_C(0x40000000));
	KEEP(ttbr1_el1, UINT64_C(0x50000000));
	KEEP(sp_el0, UINT64_C(0x6000));
	KEEP(cntkctl_el1, UINT64_C(3));
	__asm__ volatile("tlbi vmalle1is; dsb ish; ic ialluis; dsb ish; isb" ::: "memory");
	(void)SYSREG_READ(ctr_el0);
	(void)SYSREG_READ(dczid_el0);
	(void)SYSREG_READ(revidr_el1);
	trap = trap_disarm();
	check_that(!trap.taken && kept == 0, "own-registers", "%lu changed, ESR %lx at %lx", kept, trap.esr,
		   trap.elr);
}

void selftest_cpu(void)
{
	test_own_registers();
	test_announced();
	test_fp();
	test_sve();
	test_sme();
	test_pmu();
	test_debug();
	test_pauth();
	test_mte();
}
