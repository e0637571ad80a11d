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
 * more. They are the caller's to enable and route: to any CPU that is on. */
uint32_t iommu_irq(uint32_t n, bool *edge);

/* Handles SPI `intid`. False: it is none of theirs. */
bool iommu_handle_irq(uint32_t intid);

/* To be called after each interrupt of a CPU, whatever it was, if anything has been put
 * off: because there was too much of it, because it is not told by an interrupt, or because
 * guests are to hear of it (IOMMU_FOR_GUESTS, iommu/nested.h). */
extern uint32_t iommu_put_off;
void iommu_catch_up(void);

static inline bool iommu_has_put_off(void)
{
	return __builtin_expect(__atomic_load_n(&iommu_put_off, __ATOMIC_RELAXED) != 0, 0);
}

/*
 * Aborts all DMA of a domain (index into board.domains), and lets it through again.
 * When iommu_domain_block() returns true no DMA of the domain is under way any more,
 * and none will be. `cpu` is the caller's. False: some IOMMU does not do what it is
 * told, and has been given up: the domain's memory may still be written to.
 */
bool iommu_domain_block(uint32_t domain, uint32_t cpu);
bool iommu_domain_unblock(uint32_t domain, uint32_t cpu);

#endif
