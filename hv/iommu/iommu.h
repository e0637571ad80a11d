/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands between the machine's DMA and memory. One driver, or none, is linked
 * in; the board's tables say which devices there are and whose each stream is.
 * A stream that no domain owns is aborted from iommu_init() on.
 */
#ifndef HV_IOMMU_IOMMU_H
#define HV_IOMMU_IOMMU_H

#include "types.h"

/* Sets up every IOMMU of the board, on the boot CPU after gic_init() and before any
 * domain runs. NULL, or what is wrong (which one, and why, is on the console then):
 * no domain may run, for its DMA would not be confined. */
const char *iommu_init(void);

/* The n-th interrupt (an SPI, *edge triggered or not) of the IOMMUs, n = 0, 1, ...; 0: no
 * more, at the latest for IOMMU_IRQS. They are the caller's to enable and route: to any CPU
 * that is on. */
#define IOMMU_IRQS 16u
uint32_t iommu_irq(uint32_t n, bool *edge);

/*
 * What a domain's DMA and commands cause, events to be read and lines to be told, is work
 * for that domain's own CPUs (guest/duty.h). An interrupt may come to any CPU: there it is
 * only seen whose the work is. A bit for each domain that has some, for iommu_serve().
 */
extern uint64_t iommu_work;

/* Whether one of these domains has. */
static inline bool iommu_has_work(uint64_t mask)
{
	return __builtin_expect((__atomic_load_n(&iommu_work, __ATOMIC_RELAXED) & mask) != 0, 0);
}

/* The domain is to look after something, now or when it may: sets its bit. */
static inline void iommu_owe(uint32_t domain)
{
	__atomic_fetch_or(&iommu_work, BIT64(domain), __ATOMIC_SEQ_CST);
}

/* SPI `intid` has come: a fixed number of steps, no lock, nothing told. *wake: whom there
 * is work for now, a bit for each domain. *hold: it stays pending until that is done, and
 * is to be disabled until iommu_serve() names it, and only then are the bits of *wake to be set in
 * iommu_work, where they are set already if not *hold. False: it is none of theirs. */
bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold);

/* What comes of some work. */
struct iommu_turn {
	uint64_t wake;  /* other domains whose turn it is now: a bit for each */
	uint32_t irqs;  /* bit n: iommu_irq(n) told of work that has been done */
	bool later;     /* something is left, to be looked at again within IOMMU_LATER_US */
};

/* Does work of the domain's: on a CPU of its own (`own`), or little at a time for one that
 * has none on, and then within IOMMU_FOREIGN_US. What is nobody's counts as the hardware
 * domain's. */
#define IOMMU_LATER_US 100000
#define IOMMU_FOREIGN_US 1000
struct iommu_turn iommu_serve(uint32_t domain, bool own);

/*
 * Aborts all DMA of a domain (index into board.domains), and lets it through again.
 * When iommu_domain_block() returns true no DMA of the domain is under way any more,
 * and none will be. `cpu` is the caller's. False: some IOMMU does not do what it is
 * told, and has been given up: the domain's memory may still be written to.
 */
bool iommu_domain_block(uint32_t domain, uint32_t cpu);
bool iommu_domain_unblock(uint32_t domain, uint32_t cpu);

#endif
