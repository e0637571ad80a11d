/* SPDX-License-Identifier: Apache-2.0 */
/* Renesas IPMMU-VMSA (R-Car Gen3): registers of a unit, and what of the chip it needs. All
 * 32 bits wide. They are known from drivers that work on the chip; what is assumed of them
 * beyond that is listed in tests/models/ipmmu.h. */
#ifndef HV_IOMMU_IPMMU_REGS_H
#define HV_IOMMU_IPMMU_REGS_H

#include "types.h"

/* Of context n, at 0x40 * n. A cache has IMCTR alone. */
#define IMCTR(n) (0x40 * (n))
#define IMTTBCR(n) (0x40 * (n) + 0x08)
#define IMTTLBR(n) (0x40 * (n) + 0x10)
#define IMTTUBR(n) (0x40 * (n) + 0x14)
#define IMSTR(n) (0x40 * (n) + 0x20)
#define IMELAR(n) (0x40 * (n) + 0x30)
#define IMEUAR(n) (0x40 * (n) + 0x34)
/* Of the unit. */
#define IMSCTLR 0x500
#define IMSAUXCTLR 0x504
/* Of micro-TLB n: the first 32 and the others are apart. */
#define IMUCTR(n) ((n) < 32 ? 0x300 + 16 * (n) : 0x600 + 16 * ((n) - 32))
#define IMUASID(n) (IMUCTR(n) + 8)

#define IMCTR_VA64 BIT32(29)
#define IMCTR_INTEN BIT32(2)
#define IMCTR_FLUSH BIT32(1)
#define IMCTR_MMUEN BIT32(0)

/* Written 0: cleared. */
#define IMSTR_MHIT BIT32(4)
#define IMSTR_ABORT BIT32(2)
#define IMSTR_PF BIT32(1)
#define IMSTR_TF BIT32(0)

#define IMSCTLR_USE_SECGRP BIT32(28)
#define IMSAUXCTLR_S2PTE BIT32(3)

#define IMUCTR_FIXADDEN BIT32(31)
#define IMUCTR_TTSEL GENMASK64(7, 4)
#define IMUCTR_FLUSH BIT32(1)
#define IMUCTR_MMUEN BIT32(0)

/* The product register. Cut 0x20 is ES3.0. */
#define PRR_PRODUCT 0x7f00u
#define PRR_CUT_MAJOR 0xf0u
#define PRR_CUT_MINOR 0xfu
#define PRR_CUT (PRR_CUT_MAJOR | PRR_CUT_MINOR)

/* SYSC: its status, at the start of its page, and the registers of a power domain. */
#define SYSC_SYSCSR 0x00
#define SYSCSR_PONENB BIT32(1) /* it takes requests to turn on */
#define PWRSR 0x00
#define PWRSR_OFF BIT32(0)
#define PWRONCR 0x0c
#define PWRONCR_ON BIT32(0)

_Static_assert(IMUCTR(31) == 0x4f0 && IMUCTR(32) == 0x600 && IMUASID(47) == 0x6f8, "micro-TLBs");
_Static_assert(IMEUAR(7) == 0x1f4, "contexts");

#endif
