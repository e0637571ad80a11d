/* SPDX-License-Identifier: Apache-2.0 */
/* Called by arch/boot.S with the MMU on and the CPU's own stack. */
#ifndef HV_CORE_INIT_H
#define HV_CORE_INIT_H

#include "domain/domain.h"

/* The boot CPU: sets up the machine and starts the domains. */
_Noreturn void core_init(void);

/* A CPU that was off: sets it up and runs its vCPU. */
_Noreturn void core_cpu_init(struct cpu *cpu);

#endif
