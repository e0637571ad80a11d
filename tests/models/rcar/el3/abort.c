// SPDX-License-Identifier: Apache-2.0
/* Arm ARM D1.3 (exception entry), D24.2 (ESR_ELx of aborts). */
#include "models/rcar/el3/abort.h"

#include "models/rcar/el3/cpu.h"

#define SPSR_MODE GENMASK64(3, 0)
#define SPSR_AARCH32 BIT64(4)
#define SPSR_DAIF GENMASK64(9, 6)
#define SPSR_PAN BIT64(22)
#define MODE_EL1T 4u
#define MODE_EL1H 5u
#define MODE_EL2T 8u
#define MODE_EL2H 9u

#define ISS_IND BIT64(20)
#define ISS_WNR BIT64(6)
#define ESR_EC GENMASK64(31, 26)
#define ESR_IL BIT64(25)
#define EC_INSTRUCTION 0x20u /* of a lower level; + 1: of the same */
#define EC_DATA 0x24u
#define FSC_EXTERNAL 0x10u

#define HCR_TEA BIT64(37)
#define SCTLR_SPAN BIT64(23)

/* Where the exception enters, from VBAR_ELx on. */
static uint64_t abort_vector(uint64_t spsr, uint64_t target)
{
	uint64_t mode = spsr & SPSR_MODE;

	if ((spsr & SPSR_AARCH32) != 0) {
		return 0x600;
	}
	if ((mode | 1) != target) {
		return 0x400;
	}
	return (mode & 1) != 0 ? 0x200 : 0;
}

static uint64_t abort_syndrome(uint64_t esr, bool lower)
{
	uint64_t ec = (esr & ISS_IND) != 0 ? EC_INSTRUCTION : EC_DATA;

	return FIELD_PREP(ESR_EC, lower ? ec : ec + 1) | ESR_IL | FSC_EXTERNAL |
	       ((esr & ISS_IND) != 0 ? 0 : esr & ISS_WNR);
}

void abort_give(void)
{
	uint64_t spsr = CPU_READ(spsr_el3);
	uint64_t elr = CPU_READ(elr_el3);
	uint64_t far = CPU_READ(far_el3);
	uint64_t mode = (spsr & SPSR_AARCH32) != 0 ? 0 : spsr & SPSR_MODE;
	bool to_el2 = mode >= MODE_EL2T || (CPU_READ(hcr_el2) & HCR_TEA) != 0;
	uint64_t target = to_el2 ? MODE_EL2H : MODE_EL1H;
	uint64_t vector = abort_vector(spsr, target);
	uint64_t esr = abort_syndrome(CPU_READ(esr_el3), vector >= 0x400);
	uint64_t pan = spsr & SPSR_PAN;

	if (to_el2) {
		CPU_WRITE(esr_el2, esr);
		CPU_WRITE(far_el2, far);
		CPU_WRITE(spsr_el2, spsr);
		CPU_WRITE(elr_el2, elr);
		vector += CPU_READ(vbar_el2);
	} else {
		CPU_WRITE(esr_el1, esr);
		CPU_WRITE(far_el1, far);
		CPU_WRITE(spsr_el1, spsr);
		CPU_WRITE(elr_el1, elr);
		vector += CPU_READ(vbar_el1);
		pan |= (CPU_READ(sctlr_el1) & SCTLR_SPAN) == 0 ? SPSR_PAN : 0;
	}
	CPU_WRITE(elr_el3, vector);
	CPU_WRITE(spsr_el3, SPSR_DAIF | pan | target);
}
