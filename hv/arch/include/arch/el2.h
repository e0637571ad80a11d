/* SPDX-License-Identifier: Apache-2.0 */
/* EL2's registers on the calling CPU. */
#ifndef ARCH_EL2_H
#define ARCH_EL2_H

#include "types.h"

/* Gives every EL2 control register its value: guests get all that the CPU has. At
 * each power-on, before the first guest instruction. */
void el2_init(void);

/* The stage-2 map of the guest that this CPU runs: VTTBR_EL2 and VTCR_EL2. */
void el2_set_stage2(uint64_t vttbr, uint64_t vtcr);

/* Puts EL1's registers into the state after reset: MMU off, timers off, nothing
 * left of what ran here before. */
void el2_reset_guest(void);

/* Takes away what else of the registers that a guest can read tells of what ran here before:
 * floating point, keys, debug, performance counters. Linked where a domain may start again. */
void el2_forget_guest(void);

#endif
