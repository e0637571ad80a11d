/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that tries by chance what badguest tries in order, and at last makes itself unable
 * to run. Options:
 *   calls=N jumps=N storm=N  how many, 0: none
 *   registers=0 no register is written
 *   seed=N
 *   lockup=1    at the end: an exception whose vector is in a hole
 *   lockup=2    at the end: a jump there, with no vectors either
 */
#ifndef PAYLOAD_HOSTILE_H
#define PAYLOAD_HOSTILE_H

#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/machine.h"
#include "rt/psci.h"
#include "rt/trap.h"

#define HOLE UINT64_C(0x0bff0000) /* where nothing is on any machine of the tests */

uint64_t hostile_random(void);
/* A number from a few sorts that matter: small, an edge of the RAM, an affinity, any. */
uint64_t hostile_argument(void);

void hostile_calls(uint64_t count);
void hostile_jumps(uint64_t count);
void hostile_registers(void);
void hostile_storm(uint64_t count);

#endif
