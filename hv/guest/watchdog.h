/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A domain's watchdog: an Arm generic watchdog (BSA, DEN 0094, appendix "Generic Watchdog";
 * architecture version 1). The first time that the domain is late it raises an interrupt,
 * the second time the domain has a fault.
 */
#ifndef HV_GUEST_WATCHDOG_H
#define HV_GUEST_WATCHDOG_H

#include "guest/mmio.h"

/* State after reset, off: when the domain starts. */
void watchdog_reset(struct domain *d);

/* Trapped access. False: not 4 bytes wide, or not aligned. */
bool watchdog_access(struct mmio_access *a);

/* The calling CPU's alarm has gone off, or another's that is off now; or the CPU has just
 * come on. May end in lifecycle_fault() for its domain. */
void watchdog_alarm(struct vcpu *vcpu);

/* The calling CPU goes off: its alarm goes to the others. */
void watchdog_cpu_off(struct vcpu *vcpu);

#endif
