// SPDX-License-Identifier: Apache-2.0
/*
 * What a guest could read that tells of whatever ran on the CPU before, beyond what a reset
 * gives a value to (el2_reset_guest): a CPU that has not been without power in between
 * keeps it, and one that has may keep it as well. Registers that EL3 need not let anybody
 * use (Linux's Documentation/arch/arm64/booting.rst does not ask for them) are left alone:
 * those of limited ordering regions, SCXTNUM_ELx, the activity monitors' and the like.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "arch/el2.h"
#include "arch/id.h"
#include "arch/sysreg.h"

#define PMCR_P BIT64(1)
#define PMCR_C BIT64(2)

static void forget_keys(void)
{
	uint64_t isar1 = sysreg_read_id_aa64isar1_el1();
	uint64_t isar2 = sysreg_read_id_aa64isar2_el1();

	/* APA, API, APA3: address keys; GPA, GPI, GPA3: the generic one. */
	if ((isar1 & GENMASK64(11, 4)) != 0 || id_has(isar2, 12)) {
		sysreg_write_apiakeylo_el1(0);
		sysreg_write_apiakeyhi_el1(0);
		sysreg_write_apibkeylo_el1(0);
		sysreg_write_apibkeyhi_el1(0);
		sysreg_write_apdakeylo_el1(0);
		sysreg_write_apdakeyhi_el1(0);
		sysreg_write_apdbkeylo_el1(0);
		sysreg_write_apdbkeyhi_el1(0);
	}
	if ((isar1 & GENMASK64(31, 24)) != 0 || id_has(isar2, 8)) {
		sysreg_write_apgakeylo_el1(0);
		sysreg_write_apgakeyhi_el1(0);
	}
}

/* Floating point, SVE, SME. Whatever of SME's is off is zero when it is turned on. */
static void forget_vectors(uint64_t pfr0, uint64_t pfr1)
{
	if (id_has(pfr1, 24)) {
		sysreg_write_svcr(0);
		sysreg_write_smcr_el1(0);
		sysreg_write_smpri_el1(0);
		sysreg_write_tpidr2_el0(0);
	}
	if (id_has(sysreg_read_id_aa64pfr2_el1(), 32)) {
		sysreg_write_fpmr(0);
	}
	if (id_has(pfr0, 32)) {
		sysreg_write_zcr_el1(0);
		arch_forget_predicates();
	}
	arch_forget_vectors();
}

static void forget_features(uint64_t pfr0, uint64_t pfr1)
{
	if (id_field(pfr1, 8) >= 2) { /* MTE2 */
		sysreg_write_rgsr_el1(0);
		sysreg_write_gcr_el1(0);
		sysreg_write_tfsr_el1(0);
		sysreg_write_tfsre0_el1(0);
	}
	if (id_has(pfr0, 28)) { /* RAS */
		sysreg_write_disr_el1(0);
		sysreg_write_vdisr_el2(0);
	}
	if (id_has(pfr0, 40) || id_has(pfr1, 16)) { /* MPAM */
		sysreg_write_mpam0_el1(0);
		sysreg_write_mpam1_el1(0);
	}
	if (id_has(pfr1, 44)) { /* GCS */
		sysreg_write_gcspr_el1(0);
		sysreg_write_gcspr_el0(0);
	}
}

static void forget_translation(void)
{
	uint64_t mmfr3 = sysreg_read_id_aa64mmfr3_el1();

	if (id_has(mmfr3, 8)) { /* S1PIE */
		sysreg_write_pire0_el1(0);
		sysreg_write_pir_el1(0);
	}
	if (id_has(mmfr3, 16)) { /* S1POE */
		sysreg_write_por_el1(0);
		sysreg_write_por_el0(0);
	}
}

static void forget_counters(void)
{
	uint64_t pmcr = sysreg_read_pmcr_el0();

	sysreg_write_pmcntenclr_el0(UINT32_MAX);
	sysreg_write_pmintenclr_el1(UINT32_MAX);
	sysreg_write_pmcr_el0(PMCR_P | PMCR_C);
	sysreg_write_pmovsclr_el0(UINT32_MAX);
	sysreg_write_pmccfiltr_el0(0);
	for (uint64_t n = FIELD_GET(PMCR_N, pmcr); n-- > 0;) {
		sysreg_write_pmselr_el0(n);
		isb();
		sysreg_write_pmxevtyper_el0(0);
	}
	sysreg_write_pmselr_el0(0);
	sysreg_write_pmuserenr_el0(0);
}

/* Debug, and what writes to memory by itself: profiling and trace. */
static void forget_debug(void)
{
	uint64_t dfr0 = sysreg_read_id_aa64dfr0_el1();
	uint32_t pmu = id_field(dfr0, 8);

	arch_forget_breakpoints(id_field(dfr0, 12) + 1, id_field(dfr0, 20) + 1);
	sysreg_write_mdccint_el1(0);
	sysreg_write_osdlr_el1(0);
	sysreg_write_dbgclaimclr_el1(0xff);
	if (pmu != 0 && pmu != 0xf) {
		forget_counters();
	}
	if (id_has(dfr0, 32) && (sysreg_read_pmbidr_el1() & BUFFER_P) == 0) { /* SPE */
		sysreg_write_pmscr_el1(0);
		sysreg_write_pmblimitr_el1(0);
		sysreg_write_pmbptr_el1(0);
		sysreg_write_pmbsr_el1(0);
		sysreg_write_pmsicr_el1(0);
		sysreg_write_pmsirr_el1(0);
		sysreg_write_pmsfcr_el1(0);
		sysreg_write_pmsevfr_el1(0);
		sysreg_write_pmslatfr_el1(0);
	}
	if (id_has(dfr0, 40)) { /* TRF */
		sysreg_write_trfcr_el1(0);
	}
	if (id_has(dfr0, 44) && (sysreg_read_trbidr_el1() & BUFFER_P) == 0) { /* TRBE */
		sysreg_write_trblimitr_el1(0);
		sysreg_write_trbptr_el1(0);
		sysreg_write_trbbaser_el1(0);
		sysreg_write_trbsr_el1(0);
	}
	if (id_has(dfr0, 52)) { /* BRBE */
		sysreg_write_brbcr_el1(0);
	}
}

void el2_forget_guest(void)
{
	uint64_t pfr0 = sysreg_read_id_aa64pfr0_el1();
	uint64_t pfr1 = sysreg_read_id_aa64pfr1_el1();

	sysreg_write_csselr_el1(0);
	sysreg_write_cntp_cval_el0(0);
	sysreg_write_cntv_cval_el0(0);
	forget_keys();
	forget_vectors(pfr0, pfr1);
	forget_features(pfr0, pfr1);
	forget_translation();
	forget_debug();
}
