// SPDX-License-Identifier: Apache-2.0
// sources: hv/arch/forget.c tests/models/model.c
/* What a CPU forgets of the guest that ran on it: all, and nothing that it does not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/cpu.h"
#include "arch/el2.h"
#include "arch/sysreg.h"
#include "models/model.h"

#define UNKNOWN UINT64_C(0xa5a5a5a5a5a5a5a5)

static uint32_t vectors, predicates, breakpoints, watchpoints, writes[MODEL_SYSREG_COUNT];

void arch_forget_vectors(void)
{
	vectors++;
}

void arch_forget_predicates(void)
{
	predicates++;
}

void arch_forget_breakpoints(uint32_t b, uint32_t w)
{
	breakpoints = b;
	watchpoints = w;
}

static bool hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	(void)value;
	writes[reg] += write;
	return false;
}

static void start(void)
{
	model_reset();
	model_set_sysreg_hook(hook);
	vectors = predicates = 0;
	for (uint32_t i = 0; i < MODEL_SYSREG_COUNT; i++) {
		writes[i] = 0;
	}
}

/* ARMv8.0 without anything: what it has. */
static void plain(void **state)
{
	static const enum model_sysreg there[] = {
		MODEL_SYSREG_csselr_el1, MODEL_SYSREG_cntp_cval_el0, MODEL_SYSREG_cntv_cval_el0,
		MODEL_SYSREG_mdccint_el1, MODEL_SYSREG_osdlr_el1, MODEL_SYSREG_dbgclaimclr_el1,
	};
	uint32_t total = 0;

	(void)state;
	start();
	sysreg_write_id_aa64dfr0_el1(UINT64_C(0x10305f06)); /* no PMU, 6 breakpoints, 4 watchpoints */
	writes[MODEL_SYSREG_id_aa64dfr0_el1] = 0;
	el2_forget_guest();
	for (size_t i = 0; i < ARRAY_SIZE(there); i++) {
		assert_int_equal(writes[there[i]], 1);
	}
	for (uint32_t i = 0; i < MODEL_SYSREG_COUNT; i++) {
		total += writes[i];
	}
	assert_int_equal(total, ARRAY_SIZE(there));
	assert_int_equal(vectors, 1);
	assert_int_equal(predicates, 0);
	assert_int_equal(breakpoints, 6);
	assert_int_equal(watchpoints, 4);
}

/* With everything: nothing stays but what is no state. */
static void full(void **state)
{
	static const enum model_sysreg zero[] = {
		MODEL_SYSREG_apiakeylo_el1, MODEL_SYSREG_apiakeyhi_el1, MODEL_SYSREG_apibkeylo_el1,
		MODEL_SYSREG_apibkeyhi_el1, MODEL_SYSREG_apdakeylo_el1, MODEL_SYSREG_apdakeyhi_el1,
		MODEL_SYSREG_apdbkeylo_el1, MODEL_SYSREG_apdbkeyhi_el1, MODEL_SYSREG_apgakeylo_el1,
		MODEL_SYSREG_apgakeyhi_el1, MODEL_SYSREG_rgsr_el1, MODEL_SYSREG_gcr_el1, MODEL_SYSREG_tfsr_el1,
		MODEL_SYSREG_tfsre0_el1, MODEL_SYSREG_disr_el1, MODEL_SYSREG_mpam0_el1, MODEL_SYSREG_mpam1_el1,
		MODEL_SYSREG_zcr_el1, MODEL_SYSREG_smcr_el1, MODEL_SYSREG_smpri_el1, MODEL_SYSREG_tpidr2_el0,
		MODEL_SYSREG_svcr, MODEL_SYSREG_fpmr, MODEL_SYSREG_gcspr_el1, MODEL_SYSREG_gcspr_el0,
		MODEL_SYSREG_pire0_el1, MODEL_SYSREG_pir_el1, MODEL_SYSREG_por_el1, MODEL_SYSREG_por_el0,
		MODEL_SYSREG_pmblimitr_el1, MODEL_SYSREG_pmbptr_el1, MODEL_SYSREG_pmbsr_el1,
		MODEL_SYSREG_pmscr_el1, MODEL_SYSREG_pmsicr_el1, MODEL_SYSREG_pmsirr_el1,
		MODEL_SYSREG_pmsfcr_el1, MODEL_SYSREG_pmsevfr_el1, MODEL_SYSREG_pmslatfr_el1,
		MODEL_SYSREG_trblimitr_el1, MODEL_SYSREG_trbptr_el1, MODEL_SYSREG_trbbaser_el1,
		MODEL_SYSREG_trbsr_el1, MODEL_SYSREG_trfcr_el1, MODEL_SYSREG_brbcr_el1,
		MODEL_SYSREG_pmuserenr_el0, MODEL_SYSREG_pmccfiltr_el0, MODEL_SYSREG_pmselr_el0,
	};
	static const enum model_sysreg ids[] = {
		MODEL_SYSREG_id_aa64pfr0_el1, MODEL_SYSREG_id_aa64pfr1_el1, MODEL_SYSREG_id_aa64pfr2_el1,
		MODEL_SYSREG_id_aa64dfr0_el1, MODEL_SYSREG_id_aa64isar1_el1, MODEL_SYSREG_id_aa64isar2_el1,
		MODEL_SYSREG_id_aa64mmfr1_el1, MODEL_SYSREG_id_aa64mmfr3_el1,
	};

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(zero); i++) {
		model_sysreg_write(zero[i], UNKNOWN);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		model_sysreg_write(ids[i], UINT64_C(0x5555555555555555));
	}
	sysreg_write_pmcr_el0(FIELD_PREP(GENMASK64(15, 11), 6) | 1);
	el2_forget_guest();
	for (size_t i = 0; i < ARRAY_SIZE(zero); i++) {
		assert_int_equal(model_sysreg_read(zero[i]), 0);
	}
	assert_int_equal(writes[MODEL_SYSREG_pmxevtyper_el0], 6);
	assert_int_equal(sysreg_read_pmcr_el0() & 1, 0);
	assert_int_equal(sysreg_read_pmcntenclr_el0(), UINT32_MAX);
	assert_int_equal(sysreg_read_pmintenclr_el1(), UINT32_MAX);
	assert_int_equal(sysreg_read_pmovsclr_el0(), UINT32_MAX);
	assert_int_equal(vectors, 1);
	assert_int_equal(predicates, 1);
	assert_int_equal(breakpoints, 6);

	/* Buffers that are a higher level's are left to it. */
	start();
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		model_sysreg_write(ids[i], UINT64_C(0x5555555555555555));
	}
	sysreg_write_pmbidr_el1(BIT64(4));
	sysreg_write_trbidr_el1(BIT64(4));
	el2_forget_guest();
	assert_int_equal(writes[MODEL_SYSREG_pmblimitr_el1], 0);
	assert_int_equal(writes[MODEL_SYSREG_trblimitr_el1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
