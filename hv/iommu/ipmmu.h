/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the IPMMU driver share. Callers hold the lock, but in ipmmu_init(). */
#ifndef HV_IOMMU_IPMMU_H
#define HV_IOMMU_IPMMU_H

#include "arch/mmio.h"
#include "iommu/ipmmu_regs.h"
#include "lib/spinlock.h"
#include "lib/time.h"
#include "tables.h"

/* Longest wait for a flush: ten times what drivers of this hardware allow. */
#define IPMMU_FLUSH_US 1000
/* Longest wait for a power domain. */
#define IPMMU_POWER_US 10000
/* From the end of a flush until DMA that was translated before has arrived. */
#define IPMMU_DRAIN_US 100

/* Faults of a context that are looked at in a period; with more, its interrupt is off for
 * the rest of it. */
#define IPMMU_PERIOD_US 100000
#define IPMMU_PERIOD_FAULTS 16
/* Of a context, a line on the console is told at the most so often. */
#define IPMMU_LINE_US 2000000

#define IPMMU_BLOCKS 0u /* the context that maps nothing */

struct ipmmu_faults {
	uint64_t period_end;
	uint64_t line_end; /* no line before */
	uint32_t count;    /* in this period */
	uint32_t untold;
	bool muted;        /* until period_end */
};

struct ipmmu {
	struct spinlock lock;
	bool dead;        /* it did not do what it was told: all DMA is blocked, as far as it obeys */
	uint32_t off;     /* units without power, a bit each: they are left alone */
	uint32_t blocked; /* contexts whose micro-TLBs follow IPMMU_BLOCKS */
	uint32_t broken;  /* of these, those that stay so */
	struct ipmmu_faults faults[IPMMU_CONTEXTS_MAX];
};

extern struct ipmmu ipmmu;

static inline bool ipmmu_is_off(uint32_t unit)
{
	return (ipmmu.off & BIT32(unit)) != 0;
}

/* IMCTR of a context that is on. */
static inline uint32_t ipmmu_on(uint32_t context)
{
	return IMCTR_VA64 | IMCTR_MMUEN | (ipmmu.faults[context].muted ? 0 : IMCTR_INTEN);
}

/* ipmmu_init.c */

/* From whatever firmware left to what the tables say. NULL, or what is wrong. */
const char *ipmmu_init(void);

/* ipmmu.c */

uint32_t ipmmu_read(uint32_t unit, uint32_t reg);
void ipmmu_write(uint32_t unit, uint32_t reg, uint32_t value);
/* Writes a context's registers: to be done while no micro-TLB follows it. False: given up. */
bool ipmmu_context_set(uint32_t context);
/* Makes all units forget what they know of a context. False: given up. */
bool ipmmu_flush(uint32_t context);
/* Points micro-TLBs to a context; `named`: by the board file, so that they are there. False:
 * given up. */
bool ipmmu_follow(uint32_t unit, uint32_t first, uint32_t count, uint32_t context, bool named);
/* Points those of a context's domain to it, or to IPMMU_BLOCKS. False: given up. */
bool ipmmu_context_follow(uint32_t context, bool blocked);
/* The same, and what was translated before has arrived. */
bool ipmmu_context_block(uint32_t context);
/* The context of a domain; IPMMU_BLOCKS: it has none. */
uint32_t ipmmu_context_of(uint32_t domain);
/* Gives the IPMMUs up: says why, and points every micro-TLB to IPMMU_BLOCKS. Returns false. */
bool ipmmu_give_up(const char *why);

/* ipmmu_fault.c */

/* Looks after the faults of a context. True: something is left for later. */
bool ipmmu_take_faults(uint32_t context);

#endif
