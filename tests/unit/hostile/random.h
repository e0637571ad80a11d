/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers for tests that play a hostile guest, the same in each run. HOSTILE_CALLS=N in
 * the environment says how many of its acts there are, HOSTILE_SEED=N which.
 */
#ifndef TESTS_UNIT_HOSTILE_RANDOM_H
#define TESTS_UNIT_HOSTILE_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

static uint64_t hostile_state = 1;

static inline uint64_t hostile_number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 0) : otherwise;
}

/* How many acts, `few` unless it is said; begins anew. */
static inline uint64_t hostile_start(uint64_t few)
{
	hostile_state = hostile_number("HOSTILE_SEED", 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	return hostile_number("HOSTILE_CALLS", few);
}

static inline uint64_t hostile_random(void)
{
	hostile_state ^= hostile_state << 13;
	hostile_state ^= hostile_state >> 7;
	hostile_state ^= hostile_state << 17;
	return hostile_state;
}

/* One of `count` numbers, give or take a little; a power of two or what is left above it; few
 * bits; any. */
static inline uint64_t hostile_argument(const uint64_t *edges, uint64_t count)
{
	uint64_t r = hostile_random();

	switch (r >> 8 & 7) {
	case 0:
	case 1:
		return edges[(r >> 16) % count];
	case 2:
		return edges[(r >> 16) % count] + (r & 15) - 8;
	case 3:
		return r >> 16 & 15;
	case 4:
		return (UINT64_C(1) << (r >> 16 & 63)) - (r & 1);
	case 5:
		return ~UINT64_C(0) << (r >> 16 & 63);
	case 6:
		return hostile_random() & hostile_random() & hostile_random();
	default:
		return hostile_random();
	}
}

#endif
