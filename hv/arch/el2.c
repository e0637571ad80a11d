// SPDX-License-Identifier: Apache-2.0
/*
 * EL2's own registers: what guests get and what is trapped. Everything that a CPU
 * has is passed through; every EL2 register that is UNKNOWN at reset and matters
 * gets a value (DDI 0487, D24.2 for each).
 */
#include "arch/el2.h"

#include "arch/barrier.h"
#include "arch/id.h"
#include "arch/sysreg.h"

#define HCR_VM BIT64(0)
#define HCR_SWIO BIT64(1) /* a guest's DC ISW cleans too: it must not lose others' data */
#define HCR_FMO BIT64(3)
#define HCR_IMO BIT64(4)
#define HCR_AMO BIT64(5)
#define HCR_TSC BIT64(19)
#define HCR_TIDCP BIT64(20) /* registers of the implementation may control the cluster */
#define HCR_RW BIT64(31)
#define HCR_APK BIT64(40)
#define HCR_API BIT64(41)
#define HCR_ENSCXT BIT64(53)
#define HCR_ATA BIT64(56)
/* VM follows when VTTBR_EL2 has a value. */
#define HCR_ALWAYS (HCR_SWIO | HCR_FMO | HCR_IMO | HCR_AMO | HCR_TSC | HCR_TIDCP | HCR_RW)

#define HCRX_ENAS0 BIT64(0)
#define HCRX_ENALS BIT64(1)
#define HCRX_ENASR BIT64(2)
#define HCRX_MSCEN BIT64(11)
#define HCRX_TCR2EN BIT64(14)
#define HCRX_SCTLR2EN BIT64(15)
#define HCRX_D128EN BIT64(17)
#define HCRX_ENIDCP128 BIT64(21)
#define HCRX_GCSEN BIT64(22)
#define HCRX_ENFPM BIT64(23)

/* Bits of the fine-grained trap registers that are 1 for "not trapped". */
#define HFGTR_NACCDATA BIT64(50)
#define HFGTR_NGCS GENMASK64(53, 52)
#define HFGTR_NSME GENMASK64(55, 54)  /* nSMPRI_EL1, nTPIDR2_EL0 */
#define HFGTR_NRCWMASK BIT64(56)
#define HFGTR_NPIE GENMASK64(58, 57)  /* nPIRE0_EL1, nPIR_EL1 */
#define HFGTR_NPOE GENMASK64(60, 59)  /* nPOR_EL0, nPOR_EL1 */
#define HFGTR_NS2POR BIT64(61)
#define HFGTR_NAIE GENMASK64(63, 62)  /* nMAIR2_EL1, nAMAIR2_EL1 */
#define HFGITR_NBRB GENMASK64(56, 55) /* nBRBINJ, nBRBIALL */
#define HFGITR_NGCS GENMASK64(59, 57) /* nGCSPUSHM_EL1, nGCSSTR_EL1, nGCSEPP */
#define HDFGTR_NBRB GENMASK64(61, 60)  /* nBRBCTL, nBRBDATA */
#define HDFGRTR_NBRBIDR BIT64(59)
#define HDFGTR_NPMSNEVFR BIT64(62)
/* FEAT_FGT2's bits are all of that kind, but for TSBCSYNC. */
#define HFGITR2_TSBCSYNC BIT64(0)

#define CPTR_RES1 UINT64_C(0x32ff) /* bits 13, 12, 9, 7..0; 12 is SME's, 8 is SVE's */
#define CPTR_TZ BIT64(8)
#define CPTR_TSM BIT64(12)
#define CPTR_TTA BIT64(20)
#define ZCR_LEN_MAX UINT64_C(0x1ff)
#define SMCR_LEN_MAX UINT64_C(0xf)
#define SMCR_EZT0 BIT64(30)
#define SMCR_FA64 BIT64(31)

#define MDCR_HPMN GENMASK64(4, 0)
#define MDCR_E2PB_EL1 FIELD_PREP(GENMASK64(13, 12), 3) /* SPE's buffer is EL1's */
#define MDCR_HPMD BIT64(17) /* guests' counters do not count EL2 */
#define MDCR_HCCD BIT64(23)
#define MDCR_E2TB_EL1 FIELD_PREP(GENMASK64(25, 24), 3) /* so is the trace buffer */

#define CNTHCTL_EL1PCTEN BIT64(0)
#define CNTHCTL_EL1PCEN BIT64(1)

#define PMSCR_PA BIT64(4)
#define PMSCR_PCT_ALL FIELD_PREP(GENMASK64(7, 6), 1)
#define MPAMIDR_HAS_HCR BIT64(17)

/* What SCTLR_EL1 is after reset: MMU, caches and alignment checks off, RES1 bits
 * of ARMv8.0 (later features read them as: old behaviour). */
#define SCTLR_EL1_RESET UINT64_C(0x30d00800)

struct el2_ids {
	uint64_t pfr0, pfr1, pfr2, dfr0, isar1, isar2, mmfr0, mmfr1, mmfr3, smfr0;
};

static bool el2_has_pauth(const struct el2_ids *id)
{
	/* APA, API, GPA, GPI; APA3, GPA3 */
	return (id->isar1 & GENMASK64(11, 4)) != 0 || (id->isar1 & GENMASK64(31, 24)) != 0 ||
	       (id->isar2 & GENMASK64(15, 8)) != 0;
}

static void el2_init_hcr(const struct el2_ids *id)
{
	uint64_t hcr = HCR_ALWAYS;

	if (el2_has_pauth(id)) {
		hcr |= HCR_APK | HCR_API;
	}
	if (id_field(id->pfr1, 8) >= 2) { /* MTE2: tags in memory */
		hcr |= HCR_ATA;
	}
	/* CSV2_2, or CSV2_1p2 in PFR1.CSV2_frac */
	if (id_field(id->pfr0, 56) >= 2 ||
	    (id_field(id->pfr0, 56) == 1 && id_field(id->pfr1, 32) >= 2)) {
		hcr |= HCR_ENSCXT;
	}
	sysreg_write_hcr_el2(hcr);
	sysreg_write_hstr_el2(0);
	sysreg_write_hacr_el2(0);
	sysreg_write_actlr_el2(0);
}

static void el2_init_hcrx(const struct el2_ids *id)
{
	uint64_t hcrx = 0;

	if (!id_has(id->mmfr1, 40)) {
		return;
	}
	hcrx |= id_field(id->isar1, 60) >= 1 ? HCRX_ENALS : 0; /* LS64 */
	hcrx |= id_field(id->isar1, 60) >= 2 ? HCRX_ENASR : 0;
	hcrx |= id_field(id->isar1, 60) >= 3 ? HCRX_ENAS0 : 0;
	hcrx |= id_has(id->isar2, 16) ? HCRX_MSCEN : 0;     /* MOPS */
	hcrx |= id_has(id->mmfr3, 0) ? HCRX_TCR2EN : 0;     /* TCRX */
	hcrx |= id_has(id->mmfr3, 4) ? HCRX_SCTLR2EN : 0;   /* SCTLRX */
	hcrx |= id_has(id->mmfr3, 32) ? HCRX_D128EN : 0;    /* D128 */
	hcrx |= id_has(id->isar2, 32) ? HCRX_ENIDCP128 : 0; /* SYSREG_128 */
	hcrx |= id_has(id->pfr1, 44) ? HCRX_GCSEN : 0;      /* GCS */
	hcrx |= id_has(id->pfr2, 32) ? HCRX_ENFPM : 0;      /* FPMR */
	sysreg_write_hcrx_el2(hcrx);
}

static void el2_init_fgt(const struct el2_ids *id)
{
	uint64_t fgt = id_field(id->mmfr0, 56);
	uint64_t gcs = id_has(id->pfr1, 44) ? UINT64_MAX : 0;
	uint64_t brb = id_has(id->dfr0, 52) ? UINT64_MAX : 0;
	uint64_t spe = id_field(id->dfr0, 32) >= 3 ? UINT64_MAX : 0; /* SPE 1.2 */
	uint64_t regs = gcs & HFGTR_NGCS;

	if (fgt == 0) {
		return;
	}
	regs |= id_field(id->isar1, 60) >= 3 ? HFGTR_NACCDATA : 0;
	regs |= id_has(id->pfr1, 24) ? HFGTR_NSME : 0;
	regs |= id_has(id->pfr1, 48) ? HFGTR_NRCWMASK : 0; /* THE */
	regs |= id_has(id->mmfr3, 8) ? HFGTR_NPIE : 0;
	regs |= id_has(id->mmfr3, 16) ? HFGTR_NPOE : 0;
	regs |= id_has(id->mmfr3, 20) ? HFGTR_NS2POR : 0;
	regs |= id_has(id->mmfr3, 24) ? HFGTR_NAIE : 0;
	sysreg_write_hfgrtr_el2(regs);
	sysreg_write_hfgwtr_el2(regs);
	sysreg_write_hfgitr_el2((gcs & HFGITR_NGCS) | (brb & HFGITR_NBRB));
	sysreg_write_hdfgrtr_el2((brb & (HDFGTR_NBRB | HDFGRTR_NBRBIDR)) | (spe & HDFGTR_NPMSNEVFR));
	sysreg_write_hdfgwtr_el2((brb & HDFGTR_NBRB) | (spe & HDFGTR_NPMSNEVFR));
	if (id_has(id->pfr0, 44)) { /* AMU */
		sysreg_write_hafgrtr_el2(0);
	}
	if (fgt >= 2) {
		sysreg_write_hfgrtr2_el2(UINT64_MAX);
		sysreg_write_hfgwtr2_el2(UINT64_MAX);
		sysreg_write_hfgitr2_el2(~HFGITR2_TSBCSYNC);
		sysreg_write_hdfgrtr2_el2(UINT64_MAX);
		sysreg_write_hdfgwtr2_el2(UINT64_MAX);
	}
}

/* Floating point, SVE and SME at full length; AMU registers; trace if it can be held
 * back from EL2. */
static void el2_init_vectors(const struct el2_ids *id)
{
	bool sve = id_has(id->pfr0, 32);
	bool sme = id_has(id->pfr1, 24);
	/* Without FEAT_TRF nothing keeps a guest's trace unit from tracing EL2. */
	bool trace = !id_has(id->dfr0, 4) || id_has(id->dfr0, 40);

	sysreg_write_cptr_el2((CPTR_RES1 & ~CPTR_TSM) | (sve ? 0 : CPTR_TZ) | (sme ? 0 : CPTR_TSM) |
			      (trace ? 0 : CPTR_TTA));
	isb();
	if (sve) {
		sysreg_write_zcr_el2(ZCR_LEN_MAX);
	}
	if (sme) {
		/* FA64: ID_AA64SMFR0_EL1 bit 63; ZT0: SME2 */
		sysreg_write_smcr_el2(SMCR_LEN_MAX | ((id->smfr0 >> 63) != 0 ? SMCR_FA64 : 0) |
				      (id_field(id->pfr1, 24) >= 2 ? SMCR_EZT0 : 0));
		sysreg_write_smprimap_el2(0);
	}
}

/* Performance monitors, statistical profiling, trace, debug. */
static void el2_init_debug(const struct el2_ids *id)
{
	uint64_t pmu = id_field(id->dfr0, 8);
	uint64_t mdcr = 0;

	if (pmu != 0 && pmu != 0xf) {
		mdcr |= FIELD_PREP(MDCR_HPMN, FIELD_GET(PMCR_N, sysreg_read_pmcr_el0()));
		mdcr |= pmu >= 4 ? MDCR_HPMD : 0; /* PMUv3p1 */
		mdcr |= pmu >= 6 ? MDCR_HCCD : 0; /* PMUv3p5 */
	}
	if (id_has(id->dfr0, 32)) {
		mdcr |= MDCR_E2PB_EL1;
		if ((sysreg_read_pmbidr_el1() & BUFFER_P) == 0) {
			sysreg_write_pmscr_el2(PMSCR_PCT_ALL | PMSCR_PA);
		}
	}
	if (id_has(id->dfr0, 44)) {
		mdcr |= MDCR_E2TB_EL1;
	}
	sysreg_write_mdcr_el2(mdcr);
	if (id_has(id->dfr0, 40)) {
		sysreg_write_trfcr_el2(0);
	}
	if (id_has(id->dfr0, 52)) {
		sysreg_write_brbcr_el2(0);
	}
}

static void el2_init_timer(const struct el2_ids *id)
{
	sysreg_write_cnthctl_el2(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PCEN);
	sysreg_write_cntvoff_el2(0);
	sysreg_write_cnthp_ctl_el2(0);
	if (id_has(id->mmfr1, 8)) { /* VHE */
		sysreg_write_cnthv_ctl_el2(0);
	}
	if (id_field(id->mmfr0, 60) >= 2) { /* ECV with CNTPOFF */
		sysreg_write_cntpoff_el2(0);
	}
}

static void el2_init_mpam(const struct el2_ids *id)
{
	if (!id_has(id->pfr0, 40) && !id_has(id->pfr1, 16)) {
		return;
	}
	sysreg_write_mpam2_el2(0);
	if ((sysreg_read_mpamidr_el1() & MPAMIDR_HAS_HCR) != 0) {
		sysreg_write_mpamhcr_el2(0);
	}
}

void el2_init(void)
{
	const struct el2_ids id = {
		.pfr0 = sysreg_read_id_aa64pfr0_el1(),
		.pfr1 = sysreg_read_id_aa64pfr1_el1(),
		.pfr2 = sysreg_read_id_aa64pfr2_el1(),
		.dfr0 = sysreg_read_id_aa64dfr0_el1(),
		.isar1 = sysreg_read_id_aa64isar1_el1(),
		.isar2 = sysreg_read_id_aa64isar2_el1(),
		.mmfr0 = sysreg_read_id_aa64mmfr0_el1(),
		.mmfr1 = sysreg_read_id_aa64mmfr1_el1(),
		.mmfr3 = sysreg_read_id_aa64mmfr3_el1(),
		.smfr0 = sysreg_read_id_aa64smfr0_el1(),
	};

	el2_init_hcr(&id);
	el2_init_hcrx(&id);
	el2_init_fgt(&id);
	el2_init_vectors(&id);
	el2_init_debug(&id);
	el2_init_timer(&id);
	el2_init_mpam(&id);
	sysreg_write_vpidr_el2(sysreg_read_midr_el1());
	sysreg_write_vmpidr_el2(sysreg_read_mpidr_el1());
	isb();
}

void el2_set_stage2(uint64_t vttbr, uint64_t vtcr)
{
	sysreg_write_vtcr_el2(vtcr);
	sysreg_write_vttbr_el2(vttbr);
	isb();
	sysreg_write_hcr_el2(sysreg_read_hcr_el2() | HCR_VM);
	isb();
}

void el2_reset_guest(void)
{
	uint64_t mmfr3 = sysreg_read_id_aa64mmfr3_el1();

	sysreg_write_sctlr_el1(SCTLR_EL1_RESET);
	if (id_has(mmfr3, 0)) {
		sysreg_write_tcr2_el1(0);
	}
	if (id_has(mmfr3, 4)) {
		sysreg_write_sctlr2_el1(0);
	}
	if (id_has(sysreg_read_id_aa64pfr1_el1(), 44)) { /* GCS */
		sysreg_write_gcscr_el1(0);
		sysreg_write_gcscre0_el1(0);
	}
	sysreg_write_cpacr_el1(0);
	sysreg_write_vbar_el1(0);
	sysreg_write_ttbr0_el1(0);
	sysreg_write_ttbr1_el1(0);
	sysreg_write_tcr_el1(0);
	sysreg_write_mair_el1(0);
	sysreg_write_amair_el1(0);
	sysreg_write_contextidr_el1(0);
	sysreg_write_tpidr_el0(0);
	sysreg_write_tpidrro_el0(0);
	sysreg_write_tpidr_el1(0);
	sysreg_write_esr_el1(0);
	sysreg_write_far_el1(0);
	sysreg_write_afsr0_el1(0);
	sysreg_write_afsr1_el1(0);
	sysreg_write_par_el1(0);
	sysreg_write_elr_el1(0);
	sysreg_write_spsr_el1(0);
	sysreg_write_sp_el0(0);
	sysreg_write_sp_el1(0);
	sysreg_write_mdscr_el1(0);
	sysreg_write_cntkctl_el1(0);
	sysreg_write_cntp_ctl_el0(0);
	sysreg_write_cntv_ctl_el0(0);
	isb();
}
