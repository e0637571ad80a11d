// SPDX-License-Identifier: Apache-2.0
#include "lib/spinlock.h"

#include "arch/cpu.h"

void spin_lock(struct spinlock *l)
{
	uint32_t ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&l->owner, __ATOMIC_ACQUIRE) != ticket) {
		arch_relax();
	}
}
