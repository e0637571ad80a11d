/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four CPUs, two of each domain, over the SMMUs of unit/smmu: their interrupts and SGIs
 * arrive one by one.
 */
#ifndef TESTS_UNIT_DUTY_MACHINE_H
#define TESTS_UNIT_DUTY_MACHINE_H

#include "domain/domain.h"
#include "iommu/iommu.h"
#include "unit/smmu/machine.h"

#define CPUS 4u
#define SECOND 1000000u
#define NOWHERE UINT32_MAX

extern bool on[CPUS], woken[CPUS];
/* Of each CPU, since count_from_here(): SGIs, SMMUs' interrupts, lines told. */
extern uint32_t wakes[CPUS], interrupts[CPUS], told[CPUS];
extern uint32_t route[IOMMU_IRQS]; /* of iommu_irq(n) */

void boot(bool qemu);
void turn_on(uint32_t cpu);
/* What was on its way to it is lost. */
void turn_off(uint32_t cpu);
void count_from_here(void);

/* An SMMU's interrupt, where it is routed to: a step of fixed length. */
void interrupt(uint32_t intid);
/* SGIs that have been sent; false: there was one. */
bool quiet(void);
/* All interrupts and SGIs. */
void settle(void);
/* Time passes, and then come the alarms that are set. */
void alarms(uint64_t us);

#endif
