/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VMSAv8-64 stage-2 descriptors and VTCR_EL2, 4 KiB granule, without FEAT_S2FWB
 * and FEAT_XNX (DDI 0487, D8.3 "Translation table descriptor formats" and
 * D24.2 "VTCR_EL2").
 */
#ifndef HV_MM_STAGE2_DESC_H
#define HV_MM_STAGE2_DESC_H

#include "types.h"

#define S2_VALID BIT64(0)
#define S2_TABLE BIT64(1) /* levels 0..2: table, not block; level 3: page */
#define S2_MEMATTR GENMASK64(5, 2)
#define S2_AP GENMASK64(7, 6)
#define S2_SH GENMASK64(9, 8)
#define S2_AF BIT64(10)
#define S2_ADDR GENMASK64(47, 12)
#define S2_XN BIT64(54)

#define S2_AP_READ 1u
#define S2_AP_READ_WRITE 3u
#define S2_SH_NONE 0u
#define S2_SH_INNER 3u

/* MemAttr[3:0] */
#define S2_MEMATTR_NGNRNE 0x0u
#define S2_MEMATTR_NGNRE 0x1u
#define S2_MEMATTR_NGRE 0x2u
#define S2_MEMATTR_GRE 0x3u
#define S2_MEMATTR_NC 0x5u
#define S2_MEMATTR_WT 0xau
#define S2_MEMATTR_WB 0xfu

#define VTCR_T0SZ GENMASK64(5, 0)
#define VTCR_SL0 GENMASK64(7, 6)
#define VTCR_IRGN0 GENMASK64(9, 8)
#define VTCR_ORGN0 GENMASK64(11, 10)
#define VTCR_SH0 GENMASK64(13, 12)
#define VTCR_PS GENMASK64(18, 16)
#define VTCR_RES1 BIT64(31)

#define VTCR_GN0_WB_WA 1u
#define VTCR_SH0_INNER 3u

#define VTTBR_BADDR GENMASK64(47, 1)
#define VTTBR_VMID GENMASK64(55, 48) /* the 8 bits that every CPU has */

#endif
