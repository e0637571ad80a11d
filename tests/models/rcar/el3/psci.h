/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI 1.0 (DEN 0022) with SMCCC 1.1: CPUs on and off, the machine off and reset. */
#ifndef TESTS_MODELS_RCAR_EL3_PSCI_H
#define TESTS_MODELS_RCAR_EL3_PSCI_H

#include "models/rcar/el3/cpu.h"

/* CPU 0 is to start here. */
void psci_start(uint64_t entry);
/* The CPU sleeps until it is turned on; its next return goes to EL2, as out of reset. */
void psci_wait(struct regs *regs);
/* An SMC. */
void psci_call(struct regs *regs);

#endif
