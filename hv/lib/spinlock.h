/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket lock: CPUs get it in the order they asked, so no CPU waits for longer
 * than every other CPU's (bounded) critical section. Traps do not nest and
 * EL2 runs with interrupts masked: nothing to save. A zeroed lock is free.
 */
#ifndef HV_LIB_SPINLOCK_H
#define HV_LIB_SPINLOCK_H

#include "types.h"

struct spinlock {
	uint32_t next;
	uint32_t owner;
};

void spin_lock(struct spinlock *l);

/* Takes the lock if nobody has it or waits for it. */
static inline bool spin_trylock(struct spinlock *l)
{
	uint32_t ticket = __atomic_load_n(&l->owner, __ATOMIC_SEQ_CST);

	return __atomic_compare_exchange_n(&l->next, &ticket, ticket + 1, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_RELAXED);
}

static inline void spin_unlock(struct spinlock *l)
{
	__atomic_store_n(&l->owner, l->owner + 1, __ATOMIC_RELEASE);
}

#endif
