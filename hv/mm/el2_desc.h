/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EL2 stage-1 descriptors and registers, 4 KiB granule, one VA range (no VHE):
 * DDI 0487, D8.3 and the register descriptions of TCR_EL2 and MAIR_EL2. The
 * attribute indices are MAIR_EL2's bytes and part of the contract with hv/.
 */
#ifndef HV_MM_EL2_DESC_H
#define HV_MM_EL2_DESC_H

#include "types.h"

#define EL2_VALID BIT64(0)
#define EL2_TABLE BIT64(1) /* levels 0..2: table; level 3: page */
#define EL2_ATTR_INDEX GENMASK64(4, 2)
#define EL2_AP1 BIT64(6) /* RES1 where there is no EL0 */
#define EL2_AP2_READ_ONLY BIT64(7)
#define EL2_SH GENMASK64(9, 8)
#define EL2_AF BIT64(10)
#define EL2_ADDR GENMASK64(47, 12)
#define EL2_XN BIT64(54)

#define EL2_SH_INNER 3u
#define EL2_INDEX_DEVICE 0u /* Device-nGnRE */
#define EL2_INDEX_NORMAL 1u /* Normal, write-back */
#define EL2_INDEX_NC 2u	    /* Normal, non-cacheable */
#define EL2_MAIR (UINT64_C(0x04) | UINT64_C(0xff) << 8 | UINT64_C(0x44) << 16)

#define EL2_PAGE (EL2_VALID | EL2_TABLE | EL2_AF | EL2_AP1)
#define EL2_PAGE_NORMAL \
	(EL2_PAGE | FIELD_PREP(EL2_ATTR_INDEX, EL2_INDEX_NORMAL) | FIELD_PREP(EL2_SH, EL2_SH_INNER))
#define EL2_PAGE_TEXT (EL2_PAGE_NORMAL | EL2_AP2_READ_ONLY)
#define EL2_PAGE_RODATA (EL2_PAGE_NORMAL | EL2_AP2_READ_ONLY | EL2_XN)
#define EL2_PAGE_DATA (EL2_PAGE_NORMAL | EL2_XN)
#define EL2_PAGE_DEVICE (EL2_PAGE | FIELD_PREP(EL2_ATTR_INDEX, EL2_INDEX_DEVICE) | EL2_XN)

#define TCR_EL2_T0SZ GENMASK64(5, 0)
#define TCR_EL2_IRGN0 GENMASK64(9, 8)
#define TCR_EL2_ORGN0 GENMASK64(11, 10)
#define TCR_EL2_SH0 GENMASK64(13, 12)
#define TCR_EL2_PS GENMASK64(18, 16)
#define TCR_EL2_RES1 (BIT64(31) | BIT64(23))

#endif
