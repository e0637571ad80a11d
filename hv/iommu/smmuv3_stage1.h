/* SPDX-License-Identifier: Apache-2.0 */
/* SMMUv3: what of IHI 0070 concerns stage 1, and so only guests with a virtual SMMU. */
#ifndef HV_IOMMU_SMMUV3_STAGE1_H
#define HV_IOMMU_SMMUV3_STAGE1_H

#include "iommu/smmuv3_regs.h"

/* Stream table entry (5.2) */
#define STE_CONFIG_BYPASS 4u
#define STE_CONFIG_S1 5u
#define STE_CONFIG_NESTED 7u
#define STE0_S1FMT GENMASK64(5, 4)
#define STE0_S1CONTEXTPTR GENMASK64(51, 6)
#define STE0_S1CDMAX GENMASK64(63, 59)
#define STE1_S1DSS GENMASK64(1, 0)
#define STE1_S1CIR GENMASK64(3, 2)
#define STE1_S1COR GENMASK64(5, 4)
#define STE1_S1CSH GENMASK64(7, 6)
#define STE1_MEV BIT64(19)
#define STE1_S1STALLD BIT64(27)
#define STE1_EATS GENMASK64(29, 28)

/* Commands (4) */
#define CMD_PREFETCH_CONFIG 0x01u
#define CMD_PREFETCH_ADDR 0x02u
#define CMD_CFGI_STE 0x03u
#define CMD_CFGI_CD 0x05u
#define CMD_CFGI_CD_ALL 0x06u
#define CMD_TLBI_NH_ALL 0x10u
#define CMD_TLBI_NH_ASID 0x11u
#define CMD_TLBI_NH_VA 0x12u
#define CMD_TLBI_NH_VAA 0x13u
#define CMD0_SSEC BIT64(10)
#define CMD0_SSID GENMASK64(31, 12)
#define CMD0_SID GENMASK64(63, 32)
#define CMD0_ASID GENMASK64(63, 48)
#define CMD0_NUM GENMASK64(16, 12)
#define CMD0_SCALE GENMASK64(24, 20)
#define CMD0_SYNC_CS GENMASK64(13, 12)
#define CMD1_LEAF BIT64(0)
#define CMD1_TTL GENMASK64(9, 8)
#define CMD1_TG GENMASK64(11, 10)
#define CMD1_ADDR GENMASK64(63, 12)

/* Event records (7.3) */
#define EVT0_SSV BIT64(11)
#define EVT0_SSID GENMASK64(31, 12)
#define EVT1_PNU BIT64(33)

_Static_assert(STE0_S1CONTEXTPTR == UINT64_C(0xfffffffffffc0) && STE0_S1CDMAX == UINT64_C(31) << 59, "STE");
_Static_assert((CMD0_VMID & CMD0_ASID) == 0 && CMD0_VMID >> 32 == 0xffff, "TLBI");

#endif
