/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the domains. */
#ifndef HV_CORE_START_H
#define HV_CORE_START_H

#include "domain/domain.h"

/* Loads and starts every domain, the hardware domain last, then runs the calling
 * CPU's own vCPU if it is the one that its domain boots on; else the CPU goes off. */
_Noreturn void start_domains(struct cpu *cpu);

#endif
