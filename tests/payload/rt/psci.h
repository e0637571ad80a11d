/* SPDX-License-Identifier: Apache-2.0 */
/* SMC Calling Convention (ARM DEN 0028) and PSCI (ARM DEN 0022) calls. */
#ifndef PAYLOAD_RT_PSCI_H
#define PAYLOAD_RT_PSCI_H

#include "arch.h"

#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_SUSPEND 0xc4000001u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0xc4000003u
#define PSCI_AFFINITY_INFO 0xc4000004u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES 0x8400000au
#define SMCCC_VERSION 0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u

#define PSCI_SUCCESS 0
#define PSCI_NOT_SUPPORTED (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED (-3)
#define PSCI_ALREADY_ON (-4)
#define PSCI_ON_PENDING (-5)
#define PSCI_INVALID_ADDRESS (-9)

/* x0..x17 in and out of one call. */
struct smccc_regs {
	uint64_t x[18];
};

void smccc_hvc(struct smccc_regs *regs);
void smccc_smc(struct smccc_regs *regs);

/* By the conduit that the device tree names; PSCI results are 32-bit and signed. */
int32_t psci_call(uint32_t function, uint64_t a1, uint64_t a2, uint64_t a3);

/* Start CPU `index` of the tree at secondary_start. */
int32_t psci_start_cpu(uint32_t index);

void psci_system_off(void) __attribute__((noreturn));

extern const char secondary_start[];

#endif
