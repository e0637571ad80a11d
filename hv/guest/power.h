/* SPDX-License-Identifier: Apache-2.0 */
/* vCPUs and the machine going on and off. A vCPU that is off is a CPU that is off. */
#ifndef HV_GUEST_POWER_H
#define HV_GUEST_POWER_H

#include "domain/domain.h"

/* Where a vCPU that the caller has claimed (vcpu_claim) is to start, with `context` in x0. */
void power_vcpu_set(struct vcpu *vcpu, ipa_t entry, uint64_t context);

/* Turns it on; it then has a second to come. PSCI result; the vCPU is VCPU_OFF again if it
 * failed. */
int32_t power_vcpu_on(struct vcpu *vcpu);

/* Firmware has turned the calling CPU on for its vCPU, or resumed it: sets up its EL2 and
 * GIC and runs the guest, or goes off again if the domain is to stop. */
_Noreturn void power_cpu_run(struct cpu *cpu);

/* Turns off the calling CPU's vCPU. The domain stops with its last one. */
_Noreturn void power_vcpu_off(struct vcpu *vcpu);

/* HV_SGI_STOP arrived: goes off if the domain is to stop, else returns. */
void power_handle_stop(struct vcpu *vcpu);

/* Turns the machine off or resets it after every console is flushed. */
_Noreturn void power_machine_off(void);
_Noreturn void power_machine_reset(void);

/* Resets the machine in a way of firmware's (PSCI SYSTEM_RESET2), as the domain asks.
 * Returns its result if it refuses: so that nothing is lost then, only the domain's own
 * console is flushed before. */
int64_t power_machine_reset2(struct domain *d, uint32_t function, uint64_t type, uint64_t cookie);

/* The SPI of the machine's UART goes to some CPU that is on: claims it for the calling one
 * if nobody has it. */
void power_take_spis(struct cpu *cpu);

#endif
