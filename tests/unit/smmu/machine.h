/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine for the SMMUv3 driver: two SMMUs, two domains, RAM at the addresses that it
 * has for devices (PA = host address). What is in .tables of an image can be read only,
 * but for a block that the window shows.
 */
#ifndef TESTS_UNIT_SMMU_MACHINE_H
#define TESTS_UNIT_SMMU_MACHINE_H

#include "iommu/iommu.h"
#include "models/smmuv3.h"
#include "tables.h"

#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE MIB(16)
#define RAM_OF_A (RAM_BASE + MIB(8))  /* 2 MiB each */
#define RAM_OF_B (RAM_BASE + MIB(10))
#define RAM_OF_NOBODY (RAM_BASE + MIB(12))
#define READ_ONLY_OF_A (RAM_OF_A + MIB(1)) /* a page */

enum { DOMAIN_A, DOMAIN_B, DOMAINS };

/* smmu0: two-level. smmu1: linear. */
#define SID_A 0x8u       /* on 0: nvme of a */
#define SID_B 0x10u      /* on 0: usb of b */
#define SID_NOBODY 0x20u /* on 0: gpu, an invalid STE */
#define SID_BUSES 0x100u /* on 0: 512 of a, their two second levels are one */
#define SID_NO_TABLE 0x300u
#define SID_RANGE 0x4000u /* on 1: 0x8000 of b */

#define EVTQ_INTID(n) (106u + 4 * (n))
#define GERROR_INTID(n) (109u + 4 * (n))

extern struct smmu_desc machine_smmus[SMMUM_MAX];
extern struct smmum_config machine_config[SMMUM_MAX];

/* What the driver said, last first; machine_lines of them since machine_start(). */
#define LINES_KEPT 16
extern char machine_text[LINES_KEPT][160];
extern uint32_t machine_lines;
extern uint64_t machine_told; /* events that lines accounted for */

/* Reads of registers, and of the counter, since it was set to 0. */
extern uint32_t machine_reads;
/* Called before the SMMU answers each read of a register. */
extern void (*machine_on_read)(uint32_t n, uint32_t reg);
extern uint64_t (*machine_twist)(uint32_t n, uint32_t reg, uint64_t value);

/* SMMUs as they should be, and tables for them; change machine_config and
 * machine_smmus after it. */
void machine_prepare(bool coherent, bool qemu);
/* Gives the second bus of SID_BUSES a second level of its own. */
void machine_split_buses(void);
/* The entry of a stream of smmu0 below 0x100. */
const uint64_t *machine_ste(uint32_t sid);
/* The SMMUs come out of reset, the driver's state is forgotten. */
void machine_start(void);
/* iommu_init(), which has to go well and to do nothing that it must not. */
void machine_boot(void);
/* One interrupt, on whatever CPU: it is to be quick. Returns whom there is work for. */
uint64_t machine_interrupt(uint32_t intid);
/* The domain's CPUs, or others for it, do what they have to. */
struct iommu_turn machine_serve(uint32_t domain, bool own);
/* Interrupts arrive, and all domains do what they have to, until there is nothing left. */
void machine_settle(void);
bool machine_pending(uint32_t n, uint32_t lines);
/* An interrupt is taken, if it is pending. */
bool machine_take(uint32_t n, enum smmum_irq line);
void machine_pass_us(uint64_t us);
/* Whether any line that was kept contains the text. */
bool machine_said(const char *text);

uint32_t machine_random(uint32_t below);
void machine_seed(uint64_t seed);

#endif
