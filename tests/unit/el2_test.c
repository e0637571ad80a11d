// SPDX-License-Identifier: Apache-2.0
// sources: hv/arch/el2.c tests/models/model.c
/* EL2's registers of CPUs that have nothing, or everything; whatever was in them before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/el2.h"
#include "models/model.h"

#define HCR_VM BIT64(0)
#define CPTR_TTA BIT64(20)
#define VTTBR UINT64_C(0x10000402ec000)
#define UNKNOWN UINT64_C(0xa5a5a5a5a5a5a5a5)

/* ID_AA64DFR0_EL1: TraceVer, TraceFilt. ID_AA64PFR1_EL1: GCS. */
#define TRACE_VER FIELD_PREP(GENMASK64(7, 4), 1)
#define TRACE_FILT FIELD_PREP(GENMASK64(43, 40), 1)
#define GCS FIELD_PREP(GENMASK64(47, 44), 1)

/* Registers that ARMv8.0 does not have: an access to them would be undefined. */
static bool is_newer(enum model_sysreg reg)
{
	static const enum model_sysreg newer[] = {
		MODEL_SYSREG_hcrx_el2, MODEL_SYSREG_hfgrtr_el2, MODEL_SYSREG_hfgwtr_el2, MODEL_SYSREG_hfgitr_el2,
		MODEL_SYSREG_hdfgrtr_el2, MODEL_SYSREG_hdfgwtr_el2, MODEL_SYSREG_hafgrtr_el2,
		MODEL_SYSREG_hfgrtr2_el2, MODEL_SYSREG_hfgwtr2_el2, MODEL_SYSREG_hfgitr2_el2,
		MODEL_SYSREG_hdfgrtr2_el2, MODEL_SYSREG_hdfgwtr2_el2, MODEL_SYSREG_zcr_el2, MODEL_SYSREG_smcr_el2,
		MODEL_SYSREG_smprimap_el2, MODEL_SYSREG_mpam2_el2, MODEL_SYSREG_mpamhcr_el2,
		MODEL_SYSREG_pmscr_el2, MODEL_SYSREG_trfcr_el2, MODEL_SYSREG_brbcr_el2, MODEL_SYSREG_cntpoff_el2,
		MODEL_SYSREG_cnthv_ctl_el2, MODEL_SYSREG_tcr2_el1, MODEL_SYSREG_sctlr2_el1,
		MODEL_SYSREG_gcscr_el1, MODEL_SYSREG_gcscre0_el1, MODEL_SYSREG_pmbidr_el1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(newer); i++) {
		if (newer[i] == reg) {
			return true;
		}
	}
	return false;
}

static bool newer_allowed, vttbr_written;

static bool hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (!newer_allowed && is_newer(reg)) {
		model_fail("access to register %d, which this CPU does not have", (int)reg);
	}
	if (write && reg == MODEL_SYSREG_vttbr_el2) {
		vttbr_written = true;
	}
	if (write && reg == MODEL_SYSREG_hcr_el2 && (*value & HCR_VM) != 0 && !vttbr_written) {
		model_fail("stage 2 is on before it has tables");
	}
	return false;
}

static void start(uint64_t dfr0, uint64_t pfr1)
{
	model_reset();
	for (enum model_sysreg reg = 0; reg < MODEL_SYSREG_COUNT; reg++) {
		model_sysreg_write(reg, UNKNOWN);
	}
	for (enum model_sysreg reg = MODEL_SYSREG_id_aa64pfr0_el1; reg <= MODEL_SYSREG_id_aa64mmfr4_el1; reg++) {
		model_sysreg_write(reg, 0);
	}
	model_sysreg_write(MODEL_SYSREG_hcr_el2, BIT64(31));
	model_sysreg_write(MODEL_SYSREG_id_aa64dfr0_el1, dfr0);
	model_sysreg_write(MODEL_SYSREG_id_aa64pfr1_el1, pfr1);
	newer_allowed = dfr0 != 0 || pfr1 != 0;
	vttbr_written = false;
	model_set_sysreg_hook(hook);
	el2_init();
	el2_set_stage2(VTTBR, 0x80000000);
	el2_reset_guest();
}

static uint64_t reg(enum model_sysreg r)
{
	return model_sysreg_read(r);
}

static void plain(void **state)
{
	(void)state;
	start(0, 0);
	assert_int_equal(reg(MODEL_SYSREG_hcr_el2) & HCR_VM, HCR_VM);
	assert_int_equal(reg(MODEL_SYSREG_vttbr_el2), VTTBR);
	assert_int_equal(reg(MODEL_SYSREG_cptr_el2) & CPTR_TTA, 0);
	assert_int_equal(reg(MODEL_SYSREG_mdcr_el2), 0);
	assert_int_equal(reg(MODEL_SYSREG_sctlr_el1), 0x30d00800);
	assert_int_equal(reg(MODEL_SYSREG_cnthp_ctl_el2), 0);
}

static void trace(void **state)
{
	(void)state;
	start(TRACE_VER, 0);
	assert_int_equal(reg(MODEL_SYSREG_cptr_el2) & CPTR_TTA, CPTR_TTA);
	start(TRACE_VER | TRACE_FILT, 0);
	assert_int_equal(reg(MODEL_SYSREG_cptr_el2) & CPTR_TTA, 0);
	assert_int_equal(reg(MODEL_SYSREG_trfcr_el2), 0);
}

static void control_stacks(void **state)
{
	(void)state;
	start(0, GCS);
	assert_int_equal(reg(MODEL_SYSREG_gcscr_el1), 0);
	assert_int_equal(reg(MODEL_SYSREG_gcscre0_el1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(trace),
		cmocka_unit_test(control_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
