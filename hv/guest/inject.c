// SPDX-License-Identifier: Apache-2.0
#include "guest/inject.h"

#define HCR_VSE BIT64(8)
#define SCTLR_SPAN BIT64(23)  /* 0: PAN is set by exceptions to EL1 */
#define SCTLR_DSSBS BIT64(44) /* SSBS after exceptions to EL1 */
#define SCTLR_SPINTMASK BIT64(62)
#define SCTLR2_EASE BIT64(5) /* synchronous external aborts use the SError vector */
#define GCSCR_EXLOCKEN BIT64(6)

#define VECTOR_SP0 0x000u
#define VECTOR_SPX 0x200u
#define VECTOR_LOWER64 0x400u
#define VECTOR_LOWER32 0x600u
#define VECTOR_SERROR 0x180u

#define PFR0_RAS GENMASK64(31, 28)
#define PFR0_DIT GENMASK64(51, 48)
#define PFR1_SSBS GENMASK64(7, 4)
#define PFR1_MTE GENMASK64(11, 8)
#define PFR1_NMI GENMASK64(39, 36)
#define PFR1_GCS GENMASK64(47, 44)
#define PFR1_DF2 GENMASK64(59, 56)
#define MMFR1_PAN GENMASK64(23, 20)

static bool inject_from_el0(uint64_t spsr)
{
	return (spsr & PSTATE_AARCH32) != 0 || (spsr & PSTATE_MODE) == PSTATE_EL0T;
}

static uint64_t inject_vector(uint64_t spsr)
{
	if ((spsr & PSTATE_AARCH32) != 0) {
		return VECTOR_LOWER32;
	}
	switch (spsr & PSTATE_MODE) {
	case PSTATE_EL0T:
		return VECTOR_LOWER64;
	case PSTATE_EL1T:
		return VECTOR_SP0;
	default:
		return VECTOR_SPX;
	}
}

/* PSTATE on entry to EL1 from `spsr`. Bits that this CPU does not have stay 0, and
 * so do UAO, SS, IL and BTYPE. */
static uint64_t inject_pstate(uint64_t spsr, uint64_t sctlr)
{
	uint64_t pfr1 = sysreg_read_id_aa64pfr1_el1();
	uint64_t pstate = (spsr & PSTATE_NZCV) | PSTATE_DAIF | PSTATE_EL1H;

	if (FIELD_GET(PFR0_DIT, sysreg_read_id_aa64pfr0_el1()) != 0) {
		pstate |= spsr & PSTATE_DIT;
	}
	if (FIELD_GET(MMFR1_PAN, sysreg_read_id_aa64mmfr1_el1()) != 0) {
		pstate |= (sctlr & SCTLR_SPAN) == 0 ? PSTATE_PAN : spsr & PSTATE_PAN;
	}
	if (FIELD_GET(PFR1_SSBS, pfr1) != 0 && (sctlr & SCTLR_DSSBS) != 0) {
		pstate |= PSTATE_SSBS;
	}
	if (FIELD_GET(PFR1_MTE, pfr1) >= 2) {
		pstate |= PSTATE_TCO;
	}
	if (FIELD_GET(PFR1_NMI, pfr1) != 0 && (sctlr & SCTLR_SPINTMASK) == 0) {
		pstate |= PSTATE_ALLINT;
	}
	if (FIELD_GET(PFR1_GCS, pfr1) != 0 && !inject_from_el0(spsr) &&
	    (sysreg_read_gcscr_el1() & GCSCR_EXLOCKEN) != 0) {
		pstate |= PSTATE_EXLOCK;
	}
	return pstate;
}

/* Takes the exception: EL1's syndrome registers, then its vector. */
static void inject_take(uint64_t esr, uint64_t kind)
{
	uint64_t spsr = sysreg_read_spsr_el2();

	sysreg_write_esr_el1(esr);
	sysreg_write_elr_el1(sysreg_read_elr_el2());
	sysreg_write_spsr_el1(spsr);
	sysreg_write_elr_el2(sysreg_read_vbar_el1() + inject_vector(spsr) + kind);
	sysreg_write_spsr_el2(inject_pstate(spsr, sysreg_read_sctlr_el1()));
}

/* FEAT_DoubleFault2 lets EL1 take synchronous external aborts as if SErrors. */
static uint64_t inject_abort_kind(void)
{
	if (FIELD_GET(PFR1_DF2, sysreg_read_id_aa64pfr1_el1()) != 0 &&
	    (sysreg_read_sctlr2_el1() & SCTLR2_EASE) != 0) {
		return VECTOR_SERROR;
	}
	return 0;
}

/* Data abort, with the fault status `fsc`. */
static uint64_t inject_data_syndrome(uint64_t esr, uint64_t fsc)
{
	bool lower = inject_from_el0(sysreg_read_spsr_el2());

	return ESR_IL | fsc | (esr & (ESR_WNR | ESR_CM)) |
	       FIELD_PREP(ESR_EC, lower ? EC_DABT_LOWER : EC_DABT_SAME);
}

void inject_abort(uint64_t esr)
{
	bool lower = inject_from_el0(sysreg_read_spsr_el2());
	uint64_t fsc = (esr & ESR_S1PTW) != 0 ? FSC_EXTERNAL_WALK : FSC_EXTERNAL;
	uint64_t el1 = ESR_IL | fsc | FIELD_PREP(ESR_EC, lower ? EC_IABT_LOWER : EC_IABT_SAME);

	if (FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER) {
		el1 = inject_data_syndrome(esr, fsc);
	}
	sysreg_write_far_el1(sysreg_read_far_el2());
	inject_take(el1, inject_abort_kind());
}

bool inject_is_stuck(void)
{
	uint64_t spsr = sysreg_read_spsr_el2();
	uint64_t vector = sysreg_read_vbar_el1() + VECTOR_SPX + inject_abort_kind();

	return (spsr & (PSTATE_AARCH32 | PSTATE_MODE)) == PSTATE_EL1H && sysreg_read_elr_el2() == vector;
}

void inject_alignment(uint64_t esr)
{
	sysreg_write_far_el1(sysreg_read_far_el2());
	inject_take(inject_data_syndrome(esr, FSC_ALIGNMENT), 0);
}

void inject_undefined(void)
{
	inject_take(FIELD_PREP(ESR_EC, EC_UNKNOWN) | ESR_IL, 0);
}

void inject_serror(uint64_t iss)
{
	if (FIELD_GET(PFR0_RAS, sysreg_read_id_aa64pfr0_el1()) != 0) {
		sysreg_write_vsesr_el2(iss & ESR_ISS);
	}
	sysreg_write_hcr_el2(sysreg_read_hcr_el2() | HCR_VSE);
}

/* IT[7:0] after one more instruction of an IT block (DDI 0487, ITAdvance). */
static uint64_t inject_it_advance(uint64_t spsr)
{
	uint64_t it = FIELD_GET(PSTATE_IT_HI, spsr) << 2 | FIELD_GET(PSTATE_IT_LO, spsr);

	if ((it & 0x7) == 0) {
		it = 0;
	} else {
		it = (it & 0xe0) | ((it << 1) & 0x1f);
	}
	return (spsr & ~(PSTATE_IT_HI | PSTATE_IT_LO)) | FIELD_PREP(PSTATE_IT_HI, it >> 2) |
	       FIELD_PREP(PSTATE_IT_LO, it & 0x3);
}

void inject_skip_state(uint64_t esr, uint64_t spsr)
{
	if ((spsr & PSTATE_AARCH32) == 0) {
		spsr &= ~PSTATE_BTYPE;
	} else if ((spsr & PSTATE_T) != 0) {
		spsr = inject_it_advance(spsr);
	}
	sysreg_write_elr_el2(sysreg_read_elr_el2() + ((esr & ESR_IL) != 0 ? 4 : 2));
	sysreg_write_spsr_el2(spsr & ~PSTATE_SS);
}
