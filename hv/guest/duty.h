/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose CPUs do what the IOMMUs want done. Work that a domain causes is done on its own
 * CPUs, so that it makes no other domain late. An IOMMU's interrupt goes to the CPU that
 * did the last of its work. Where that was another domain's, the CPU only sees whose this
 * is, which takes a fixed number of steps, and wakes one of that domain's, which has the
 * interrupt from then on. Where a domain has no CPU on, one of the hardware domain's does
 * its work, or else any, little at each of its interrupts. Boards without an IOMMU link
 * duty_none.c instead, systems with but one domain duty_one.c.
 */
#ifndef HV_GUEST_DUTY_H
#define HV_GUEST_DUTY_H

#include "domain/domain.h"

/* SPI `intid` has come to the CPU of `vcpu`. False: it is no IOMMU's. */
bool duty_handle_irq(struct vcpu *vcpu, uint32_t intid);

/* To be called on the vCPU's CPU when it has come on, and after each interrupt if
 * iommu_has_work(cpu->duties). */
void duty_catch_up(struct vcpu *vcpu);

/* The CPU takes interrupts and can be woken from now on, or no more: from its own side,
 * before and behind all others of these. */
void duty_cpu_on(struct cpu *cpu);
void duty_cpu_off(struct cpu *cpu);

#endif
