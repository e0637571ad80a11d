// SPDX-License-Identifier: Apache-2.0
/*
 * Bits in pages of the guest's, which its CPUs change at the same time. A CPU that writes
 * there without end could keep an exclusive access from ever succeeding: the tries are
 * counted, and a guest that does that loses the event.
 */
#include "guest/xen/priv.h"

/* Each fails only if another CPU writes to the line within a dozen instructions. */
#define TRIES 1000u

static bool shared_change(uint64_t *word, uint64_t clear, uint64_t set, uint64_t *before)
{
	uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED);

	for (uint32_t i = 0; i < TRIES; i++) {
		if (__atomic_compare_exchange_n(word, &old, (old & ~clear) | set, true, __ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED)) {
			*before = old;
			return true;
		}
	}
	return false;
}

bool xen_shared_set(uint64_t *word, uint64_t bits, uint64_t *before)
{
	return shared_change(word, 0, bits, before);
}

bool xen_shared_clear(uint64_t *word, uint64_t bits)
{
	uint64_t before;

	return shared_change(word, bits, 0, &before);
}
