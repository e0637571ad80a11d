/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI 1.1 (Arm DEN 0022) as a domain sees it. */
#ifndef HV_GUEST_PSCI_H
#define HV_GUEST_PSCI_H

#include "domain/domain.h"

/* Function IDs 0x84000000..0x8400001f and their SMC64 forms. */
#define PSCI_ID_MASK 0xbfffffe0u
#define PSCI_ID 0x84000000u

#define PSCI_1_1 0x10001 /* the version that guests see */

/* Asks firmware once what of PSCI it has that guests may use. */
void psci_init(void);

/* A guest's call of `function` with arguments x1..x3: its result for x0, unless
 * the call turns off the CPU, the domain or the machine. */
int64_t psci_call(struct vcpu *vcpu, uint32_t function, const struct guest_regs *regs);

/* PSCI_FEATURES: flags, or PSCI_NOT_SUPPORTED. */
int64_t psci_features(uint32_t function);

#endif
