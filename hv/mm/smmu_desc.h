/* SPDX-License-Identifier: Apache-2.0 */
/* SMMUv3 structures: IHI 0070, 5.1 (level-1 descriptor), 5.2 (STE), 6.3 (registers). */
#ifndef HV_MM_SMMU_DESC_H
#define HV_MM_SMMU_DESC_H

#include "types.h"

/* Word 0 */
#define STE_VALID BIT64(0)
#define STE_CONFIG GENMASK64(3, 1)
#define STE_CONFIG_ABORT 0u  /* without an event */
#define STE_CONFIG_STAGE2 6u /* stage 1 bypassed, stage 2 translates */
/* Word 1: the shareability of what stage 1 would have given */
#define STE_SHCFG GENMASK64(45, 44)
#define STE_SHCFG_INCOMING 1u
/* Word 2 */
#define STE_S2VMID GENMASK64(15, 0)
#define STE_S2CONTROL GENMASK64(50, 32) /* S2T0SZ, S2SL0, S2IR0, S2OR0, S2SH0, S2TG, S2PS */
#define STE_S2AA64 BIT64(51)
#define STE_S2PTW BIT64(54)
#define STE_S2R BIT64(58) /* faults are recorded in the event queue */
/* Word 3 */
#define STE_S2TTB GENMASK64(47, 4)

#define L1_SPAN GENMASK64(4, 0)

#define STRTAB_BASE_RA BIT64(62)
#define STRTAB_LOG2SIZE GENMASK64(5, 0)
#define STRTAB_SPLIT GENMASK64(10, 6)
#define STRTAB_FMT GENMASK64(17, 16)
#define STRTAB_FMT_TWO_LEVEL 1u

#endif
