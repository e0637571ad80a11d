/* SPDX-License-Identifier: Apache-2.0 */
/* ESR_ELx (DDI 0487, D24.2) and PSTATE as SPSR_ELx holds it. */
#ifndef HV_GUEST_ESR_H
#define HV_GUEST_ESR_H

#include "types.h"

#define ESR_EC GENMASK64(31, 26)
#define ESR_IL BIT64(25)
#define ESR_ISS GENMASK64(24, 0)

#define EC_UNKNOWN 0x00u
#define EC_WFX 0x01u
#define EC_HVC64 0x16u
#define EC_SMC64 0x17u
#define EC_SYSREG 0x18u
#define EC_IABT_LOWER 0x20u
#define EC_IABT_SAME 0x21u
#define EC_DABT_LOWER 0x24u
#define EC_DABT_SAME 0x25u

/* HVC, SMC */
#define ESR_IMM16 GENMASK64(15, 0)

/* Instruction and data aborts */
#define ESR_FSC GENMASK64(5, 0)
#define ESR_FSC_TYPE GENMASK64(5, 2)
#define FSC_TYPE_TRANSLATION 0x1u
#define FSC_TYPE_PERMISSION 0x3u
#define FSC_EXTERNAL 0x10u
#define FSC_EXTERNAL_WALK 0x14u /* while walking a table, level 0 */
#define FSC_ALIGNMENT 0x21u
#define ESR_WNR BIT64(6)
#define ESR_S1PTW BIT64(7)
#define ESR_CM BIT64(8)
#define ESR_FNV BIT64(10)
#define ESR_SF BIT64(15)
#define ESR_SRT GENMASK64(20, 16)
#define ESR_SSE BIT64(21)
#define ESR_SAS GENMASK64(23, 22)
#define ESR_ISV BIT64(24)

/* MSR, MRS */
#define ESR_SYS_READ BIT64(0)
#define ESR_SYS_CRM GENMASK64(4, 1)
#define ESR_SYS_RT GENMASK64(9, 5)
#define ESR_SYS_CRN GENMASK64(13, 10)
#define ESR_SYS_OP1 GENMASK64(16, 14)
#define ESR_SYS_OP2 GENMASK64(19, 17)
#define ESR_SYS_OP0 GENMASK64(21, 20)
#define ESR_SYS_REG (ESR_SYS_OP0 | ESR_SYS_OP2 | ESR_SYS_OP1 | ESR_SYS_CRN | ESR_SYS_CRM)
#define SYS_REG(op0, op1, crn, crm, op2) \
	(FIELD_PREP(ESR_SYS_OP0, op0) | FIELD_PREP(ESR_SYS_OP1, op1) | FIELD_PREP(ESR_SYS_CRN, crn) | \
	 FIELD_PREP(ESR_SYS_CRM, crm) | FIELD_PREP(ESR_SYS_OP2, op2))

#define PSTATE_MODE GENMASK64(3, 0) /* of AArch64 */
#define PSTATE_EL0T 0x0u
#define PSTATE_EL1T 0x4u
#define PSTATE_EL1H 0x5u
#define PSTATE_AARCH32 BIT64(4)
#define PSTATE_T BIT64(5) /* AArch32: Thumb */
#define PSTATE_DAIF GENMASK64(9, 6)
#define PSTATE_BTYPE GENMASK64(11, 10)
#define PSTATE_IT_HI GENMASK64(15, 10) /* AArch32: IT[7:2] */
#define PSTATE_SSBS BIT64(12)
#define PSTATE_ALLINT BIT64(13)
#define PSTATE_SS BIT64(21)
#define PSTATE_PAN BIT64(22)
#define PSTATE_DIT BIT64(24)
#define PSTATE_TCO BIT64(25)
#define PSTATE_IT_LO GENMASK64(26, 25) /* AArch32: IT[1:0] */
#define PSTATE_NZCV GENMASK64(31, 28)
#define PSTATE_EXLOCK BIT64(34)

#endif
