/* SPDX-License-Identifier: Apache-2.0 */
/* A load or a store to what is no RAM. */
#ifndef TESTS_MODELS_RCAR_EL3_ACCESS_H
#define TESTS_MODELS_RCAR_EL3_ACCESS_H

#include "models/rcar/el3/cpu.h"

/* Does what the instruction at ELR_EL3 wanted, for which the exception now at hand was taken.
 * What is no plain load or store of AArch64 gets an external abort. */
void access_do(struct regs *regs);

#endif
