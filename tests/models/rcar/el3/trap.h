/* SPDX-License-Identifier: Apache-2.0 */
/* What comes to EL3 while other software runs. */
#ifndef TESTS_MODELS_RCAR_EL3_TRAP_H
#define TESTS_MODELS_RCAR_EL3_TRAP_H

#include "models/rcar/el3/cpu.h"

/* Of software below EL3: an SMC, an access to what is no RAM. */
void trap_sync(struct regs *regs);
/* EL3's own interrupts, if there are any. */
void trap_fiq(struct regs *regs);
/* The model is at fault, or cannot go on: says so and turns the machine off. */
_Noreturn void trap_fatal(uint64_t vector);

#endif
