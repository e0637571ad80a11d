/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that tries by chance what badguest tries in order, and at last makes itself unable
 * to run. Options:
 *   calls=N jumps=N storm=N insns=N  how many, 0: none
 *   registers=0 no register is written, and no system instruction tried
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
/* op0, op1, CRn, CRm, op2 of a register, as they are in MRS and MSR. */
#define HOSTILE_REG(op0, op1, crn, crm, op2) \
	((op0) << 19 | (op1) << 16 | (crn) << 12 | (crm) << 8 | (op2) << 5)
#define HOSTILE_VBAR HOSTILE_REG(3u, 0, 12, 0, 0)

/* With a wrong value there, not even the next instruction is the guest's own any more. */
bool hostile_is_fatal(uint32_t reg);
/* A number from a few sorts that matter: small, an edge of the RAM, an affinity, any. */
uint64_t hostile_argument(void);

void hostile_calls(uint64_t count);
void hostile_jumps(uint64_t count);
void hostile_registers(void);
void hostile_instructions(uint64_t count);
void hostile_storm(uint64_t count);

#endif
