/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SYS-DMAC0 and SYS-DMAC1 behind the IPMMUs of tests/unit/ipmmu/machine.h: domain a has the
 * one, by ipmmu_ds0's micro-TLBs 0 to 15, domain b the other, by ipmmu_ds1's.
 */
#ifndef TESTS_UNIT_RCAR_DMACS_H
#define TESTS_UNIT_RCAR_DMACS_H

#include "models/rcar/dmac.h"
#include "unit/ipmmu/machine.h"

#define DMACS 2

/* Registers, written anew, as the model's may be wrong. */
#define DMAISTA 0x20u
#define DMASEC 0x30u
#define DMAOR 0x60u
#define DMACHCLR 0x80u
#define CHANNEL(n) (0x8000u + 0x80u * (n))
#define SAR 0x00u
#define DAR 0x04u
#define TCR 0x08u
#define CHCR 0x0cu
#define FIXSAR 0x10u
#define FIXDAR 0x14u
#define TCRB 0x18u
#define CHCRB 0x1cu
#define DMARS 0x40u
#define DPBASE 0x50u
#define DPCR 0x54u
#define FIXDPBASE 0x60u

#define CAE BIT32(31)
#define CAIE BIT32(30)
#define DPM_ONCE (1u << 28)
#define DPM_REPEAT (2u << 28)
#define DPM_FOREVER (3u << 28)
#define RPT_ALL (7u << 25)
#define DPB BIT32(22)
#define DSE BIT32(19)
#define DSIE BIT32(18)
#define DM_UP (1u << 14)
#define DM_DOWN (2u << 14)
#define SM_UP (1u << 12)
#define SM_DOWN (2u << 12)
#define AUTO (4u << 8)
#define BY_DMARS (8u << 8)
#define IE BIT32(2)
#define TE BIT32(1)
#define DE BIT32(0)
#define TS_4 (2u << 3)
#define TS_64 (1u << 20 | 1u << 3)
#define COPY (AUTO | DM_UP | SM_UP | IE | DE)

#define DME 1u
#define AE 4u
#define DRST BIT32(15)

extern struct dmac dmacs[DMACS];
extern uint32_t dmacs_high[DMACS]; /* interrupts by the model's word, a bit each */

/* Out of reset, enabled, behind IPMMUs that the driver has set up. */
void dmacs_boot(void);

uint32_t dmacs_read(uint32_t dmac, uint32_t channel, uint32_t reg);
void dmacs_write(uint32_t dmac, uint32_t channel, uint32_t reg, uint32_t value);
/* Sets a channel to copy `units`; `chcr` has the rest. */
void dmacs_start(uint32_t dmac, uint32_t channel, uint64_t from, uint64_t to, uint32_t units, uint32_t chcr);
/* Lets time pass until nothing moves. */
void dmacs_finish(uint32_t dmac);
/* The same, and what DMACHCR has become. */
uint32_t dmacs_copy(uint32_t dmac, uint32_t channel, uint64_t from, uint64_t to, uint32_t units,
		    uint32_t chcr);

/* All of domain a's memory has bit 7 of its bytes clear, all of b's set; what else there is has
 * not changed since dmacs_boot(). */
void dmacs_check_memory(void);

#endif
