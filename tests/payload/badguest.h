/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that does all that it should not. Whatever it does gets the
 * architecture's answer at EL1, and afterwards it still runs. Options:
 *   bare      no hypervisor: the machine's own answers are taken as they are
 *   hole=A,.. more addresses that are not ours
 */
#ifndef PAYLOAD_BADGUEST_H
#define PAYLOAD_BADGUEST_H

#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/machine.h"
#include "rt/trap.h"

/* Instructions of badguest_ops.S, in its order. */
enum op {
	OP_LOAD_FIRST, /* loads of 1, 2, 4, 8 bytes, then sign-extending ones and load-acquire */
	OP_LOAD_32 = 2,
	OP_LOAD_SIGNED_8 = 4,
	OP_LOAD_SIGNED_32 = 6,
	OP_STORE_FIRST = 8,
	OP_STORE_32 = 10,
	OP_COMPLEX_LOAD_FIRST = 14, /* pairs, write-back, vectors: no valid syndrome */
	OP_COMPLEX_STORE_FIRST = 19,
	OP_ATOMIC_FIRST = 23, /* exclusives and LSE */
	OP_LSE_FIRST = 25,
	OP_MAINTENANCE_FIRST = 29,
	OP_UNPRIVILEGED_FIRST = 38,
	OP_COUNT = 40,
};

/* Run one operation; *result is x0 after it. */
struct trap_record badguest_run(enum op op, uint64_t addr, uint64_t value, uint64_t *result);

/* A data abort as the bare machine gives it for an address where nothing
 * answers: EC, IL, no stage-2 syndrome, FSC, FAR, WnR, and from the very instruction. */
bool badguest_is_external_abort(enum op op, uint64_t addr, const struct trap_record *trap);

/* May this CPU run it? (LSE) */
bool badguest_has(enum op op);

/* The guest lives: its SGI to itself and its timer arrive. */
void badguest_prove_alive(const char *name);

static inline bool badguest_strict(void)
{
	return !machine_option("bare");
}

void badguest_mem(void);
void badguest_window(void);
void badguest_regs(void);

#endif
