/* SPDX-License-Identifier: Apache-2.0 */
/* vCPUs and domains going on and off. A vCPU that is off is a CPU that is off. */
#ifndef HV_GUEST_POWER_H
#define HV_GUEST_POWER_H

#include "domain/domain.h"

/* Turns on a vCPU that the caller has claimed (vcpu_claim), to start at `entry`
 * with `context` in x0. PSCI result; the vCPU is VCPU_OFF again if it failed. */
int32_t power_vcpu_on(struct vcpu *vcpu, ipa_t entry, uint64_t context);

/* The calling CPU has been powered on for its vCPU, or resumed, and its EL2 and GIC
 * are set up: run the guest, or go off again if the domain has stopped. */
_Noreturn void power_vcpu_run(struct vcpu *vcpu);

/* Turns off the calling CPU's vCPU. The domain stops with its last one. */
_Noreturn void power_vcpu_off(struct vcpu *vcpu);

/* Stops the domain of the calling CPU's vCPU: all its CPUs go off. `why` is told.
 * The machine goes off with the last domain. */
_Noreturn void power_domain_off(struct vcpu *vcpu, const char *why);

/* The calling CPU cannot run its vCPU: `why`. Before power_vcpu_run() only. */
_Noreturn void power_vcpu_failed(struct vcpu *vcpu, const char *why);

/* The domain cannot be started: `why`. Its on_fault says what follows. */
void power_domain_failed(struct domain *d, const char *why);

/* HV_SGI_STOP arrived: goes off if the domain has stopped, else returns. */
void power_handle_stop(struct vcpu *vcpu);

/* Turns the machine off or resets it after every console is flushed. */
_Noreturn void power_machine_off(void);
_Noreturn void power_machine_reset(void);

/* Resets the machine in a way of firmware's (PSCI SYSTEM_RESET2), as the domain asks.
 * Returns its result if it refuses: so that nothing is lost then, only the domain's own
 * console is flushed before. */
int64_t power_machine_reset2(struct domain *d, uint32_t function, uint64_t type, uint64_t cookie);

/* The SPIs of the machine's UART and IOMMUs go to some CPU that is on: claims them for
 * the calling one if nobody has them. */
void power_take_spis(struct cpu *cpu);

#endif
