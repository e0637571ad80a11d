/* SPDX-License-Identifier: Apache-2.0 */
/* SMMUv3: registers (IHI 0070 chapter 6), stream table (5.2), commands (4), events (7). */
#ifndef HV_IOMMU_SMMUV3_REGS_H
#define HV_IOMMU_SMMUV3_REGS_H

#include "types.h"

/* Register page 0. 64 bits wide where said. */
#define SMMU_IDR0 0x00
#define SMMU_IDR1 0x04
#define SMMU_IDR3 0x0c
#define SMMU_IDR5 0x14
#define SMMU_IIDR 0x18
#define SMMU_AIDR 0x1c
#define SMMU_CR0 0x20
#define SMMU_CR0ACK 0x24
#define SMMU_CR1 0x28
#define SMMU_CR2 0x2c
#define SMMU_GBPA 0x44
#define SMMU_IRQ_CTRL 0x50
#define SMMU_IRQ_CTRLACK 0x54
#define SMMU_GERROR 0x60
#define SMMU_GERRORN 0x64
#define SMMU_GERROR_IRQ_CFG0 0x68 /* 64 */
#define SMMU_STRTAB_BASE 0x80     /* 64 */
#define SMMU_STRTAB_BASE_CFG 0x88
#define SMMU_CMDQ_BASE 0x90 /* 64 */
#define SMMU_CMDQ_PROD 0x98
#define SMMU_CMDQ_CONS 0x9c
#define SMMU_EVTQ_BASE 0xa0     /* 64 */
#define SMMU_EVTQ_IRQ_CFG0 0xb0 /* 64 */
/* Register page 1. */
#define SMMU_EVTQ_PROD 0x100a8
#define SMMU_EVTQ_CONS 0x100ac

#define IDR0_S2P BIT32(0)
#define IDR0_S1P BIT32(1)
#define IDR0_TTF GENMASK64(3, 2)
#define IDR0_TTF_AARCH64 2u /* a bit of the field */
#define IDR0_COHACC BIT32(4)
#define IDR0_HYP BIT32(9)
#define IDR0_ATS BIT32(10)
#define IDR0_ASID16 BIT32(12)
#define IDR0_MSI BIT32(13)
#define IDR0_CD2L BIT32(19)
#define IDR0_TTENDIAN GENMASK64(22, 21)
#define IDR0_TTENDIAN_LITTLE 2u
#define IDR0_TTENDIAN_BIG 3u
#define IDR0_STALL_MODEL GENMASK64(25, 24)
#define IDR0_STALL_OFFERED 0u
#define IDR0_STALL_NONE 1u
#define IDR0_STALL_FORCED 2u
#define IDR0_TERM_MODEL BIT32(26)
#define IDR0_ST_LEVEL GENMASK64(28, 27)
#define IDR0_ST_TWO_LEVEL 1u

#define IDR1_SIDSIZE GENMASK64(5, 0)
#define IDR1_SSIDSIZE GENMASK64(10, 6)
#define IDR1_EVTQS GENMASK64(20, 16)
#define IDR1_CMDQS GENMASK64(25, 21)
#define IDR1_QUEUES_PRESET BIT32(29)
#define IDR1_TABLES_PRESET BIT32(30)

#define IDR3_HAD BIT32(2)
#define IDR3_RIL BIT32(10)
#define IDR3_BBML GENMASK64(12, 11)

#define IDR5_OAS GENMASK64(2, 0)
#define OAS_48 5u
#define IDR5_GRAN4K BIT32(4)

#define AIDR_MINOR GENMASK64(3, 0)

#define CR0_SMMUEN BIT32(0)
#define CR0_EVTQEN BIT32(2)
#define CR0_CMDQEN BIT32(3)
#define CR0_ATSCHK BIT32(4)

/* How the SMMU itself reaches its queues and tables. 0: non-cacheable. */
#define CR1_QUEUE_IC GENMASK64(1, 0)
#define CR1_QUEUE_OC GENMASK64(3, 2)
#define CR1_QUEUE_SH GENMASK64(5, 4)
#define CR1_TABLE_IC GENMASK64(7, 6)
#define CR1_TABLE_OC GENMASK64(9, 8)
#define CR1_TABLE_SH GENMASK64(11, 10)
#define CR1_WRITE_BACK 1u
#define CR1_INNER 3u

#define CR2_RECINVSID BIT32(1)
#define CR2_PTM BIT32(2)

#define GBPA_ABORT BIT32(20)
#define GBPA_UPDATE BIT32(31)

#define IRQ_GERROR BIT32(0)
#define IRQ_EVTQ BIT32(2)

#define GERROR_CMDQ BIT32(0)
#define GERROR_EVTQ_ABT BIT32(2)
#define GERROR_SFM BIT32(8)

#define STRTAB_ADDR GENMASK64(51, 6)
#define STRTAB_CFG_LOG2SIZE GENMASK64(5, 0)
#define STRTAB_CFG_SPLIT GENMASK64(10, 6)
#define STRTAB_CFG_FMT GENMASK64(17, 16)
#define STRTAB_FMT_TWO_LEVEL 1u

#define QUEUE_LOG2SIZE GENMASK64(4, 0)
#define QUEUE_ADDR GENMASK64(51, 5)
#define QUEUE_ALLOCATE BIT64(62) /* hint: CMDQ_BASE.RA, EVTQ_BASE.WA */

#define CMDQ_CONS_ERR GENMASK64(30, 24)
#define CERROR_NONE 0u
#define CERROR_ILL 1u
#define CERROR_ABT 2u
#define CERROR_ATC_INV_SYNC 3u

/* EVTQ_PROD.OVFLG and EVTQ_CONS.OVACKFLG: events were lost while they differ. */
#define EVTQ_OVERFLOW BIT32(31)

/* Level-1 stream table descriptor: 2^(SPAN-1) STEs at L2PTR; SPAN 0: none. */
#define L1STD_SPAN GENMASK64(4, 0)
#define L1STD_L2PTR GENMASK64(51, 6)

/* Stream table entry: 8 words. */
#define STE_WORDS 8u
#define STE0_V BIT64(0)
#define STE0_CONFIG GENMASK64(3, 1)
#define STE_CONFIG_ABORT 0u /* without an event */
#define STE_CONFIG_S2 6u

/* Commands: 2 words. */
#define CMD_WORDS 2u
#define CMD0_OP GENMASK64(7, 0)
#define CMD_CFGI_ALL 0x04u /* CFGI_STE_RANGE over all stream IDs */
#define CMD_TLBI_EL2_ALL 0x20u
#define CMD_TLBI_S12_VMALL 0x28u
#define CMD_TLBI_NSNH_ALL 0x30u
#define CMD_SYNC 0x46u
#define CMD0_VMID GENMASK64(47, 32)
#define CMD1_RANGE GENMASK64(4, 0)
#define CMD_RANGE_ALL 31u

/* Event records: 4 words. */
#define EVT_WORDS 4u
#define EVT0_ID GENMASK64(7, 0)
#define EVT0_SID GENMASK64(63, 32)
#define EVT1_IND BIT64(34)
#define EVT1_RNW BIT64(35)
#define EVT1_S2 BIT64(39)
#define EVT1_CLASS GENMASK64(41, 40)
#define EVT_CLASS_CD 0u /* what was accessed: a context descriptor */
#define EVT_CLASS_TT 1u /* a translation table */
#define EVT_CLASS_IN 2u /* what the device asked for */
#define EVT3_FETCH GENMASK64(51, 3)
#define EVT3_IPA GENMASK64(51, 12)

/* 7.3 */
enum smmu_event {
	EVT_F_UUT = 0x01,
	EVT_C_BAD_STREAMID = 0x02,
	EVT_F_STE_FETCH = 0x03,
	EVT_C_BAD_STE = 0x04,
	EVT_F_BAD_ATS_TREQ = 0x05,
	EVT_F_STREAM_DISABLED = 0x06,
	EVT_F_TRANSL_FORBIDDEN = 0x07,
	EVT_C_BAD_SUBSTREAMID = 0x08,
	EVT_F_CD_FETCH = 0x09,
	EVT_C_BAD_CD = 0x0a,
	EVT_F_WALK_EABT = 0x0b,
	EVT_F_TRANSLATION = 0x10,
	EVT_F_ADDR_SIZE = 0x11,
	EVT_F_ACCESS = 0x12,
	EVT_F_PERMISSION = 0x13,
	EVT_F_TLB_CONFLICT = 0x20,
	EVT_F_CFG_CONFLICT = 0x21,
	EVT_E_PAGE_REQUEST = 0x24,
	EVT_F_VMS_FETCH = 0x25,
};

/* As the architecture's register summaries print them. */
_Static_assert(SMMU_EVTQ_PROD - 0x10000 == SMMU_EVTQ_BASE + 8, "EVTQ_PROD");
_Static_assert(SMMU_EVTQ_CONS - 0x10000 == SMMU_EVTQ_BASE + 12, "EVTQ_CONS");
_Static_assert(SMMU_CMDQ_PROD == SMMU_CMDQ_BASE + 8 && SMMU_CMDQ_CONS == SMMU_CMDQ_BASE + 12, "CMDQ");
_Static_assert(SMMU_STRTAB_BASE % 8 == 0 && SMMU_CMDQ_BASE % 8 == 0 && SMMU_EVTQ_BASE % 8 == 0 &&
	       SMMU_GERROR_IRQ_CFG0 % 8 == 0 && SMMU_EVTQ_IRQ_CFG0 % 8 == 0, "64-bit registers");
_Static_assert(IDR0_TTF == 0xc && IDR0_TTENDIAN == 0x600000 && IDR0_STALL_MODEL == 0x3000000 &&
	       IDR0_ST_LEVEL == 0x18000000, "IDR0");
_Static_assert(IDR1_SIDSIZE == 0x3f && IDR1_EVTQS == 0x1f0000 && IDR1_CMDQS == 0x3e00000, "IDR1");
_Static_assert(STRTAB_CFG_SPLIT == 0x7c0 && STRTAB_CFG_FMT == 0x30000, "STRTAB_BASE_CFG");
_Static_assert(CMDQ_CONS_ERR == 0x7f000000, "CMDQ_CONS");
_Static_assert(STE_WORDS * sizeof(uint64_t) == 64 && CMD_WORDS * sizeof(uint64_t) == 16 &&
	       EVT_WORDS * sizeof(uint64_t) == 32, "what the SMMU reads and writes");

#endif
