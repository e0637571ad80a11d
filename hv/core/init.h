/* SPDX-License-Identifier: Apache-2.0 */
/* Called by arch/boot.S with the MMU on and the CPU's own stack. */
#ifndef HV_CORE_INIT_H
#define HV_CORE_INIT_H

#include "domain/domain.h"

/* The boot CPU: sets up the machine and starts the domains. `fdt`: what firmware handed over in
 * x0, its device tree if it has one. */
_Noreturn void core_init(uint64_t fdt);

/* A CPU that was off: sets it up and runs its vCPU. */
_Noreturn void core_cpu_init(struct cpu *cpu);

#endif
