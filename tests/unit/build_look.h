/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up machine, and what was made of it as hardware would look at it. */
#ifndef TESTS_UNIT_BUILD_LOOK_H
#define TESTS_UNIT_BUILD_LOOK_H

#include "build/machine.h"
#include "stage2_walk.h"

static struct build_machine_state s;

static inline void walk_setup(void)
{
	walk_memory.pages = (uint64_t (*)[512])(void *)s.b.bytes;
	walk_memory.base = s.b.home.base;
	walk_memory.count = s.b.size / 4096;
	walk_memory.prepared = true;
}

static inline struct translation walk(uint64_t ipa)
{
	return arch_walk(s.domain.vttbr, s.domain.vtcr, ipa);
}

static inline void assert_nothing(uint64_t pa)
{
	assert_int_equal(walk(pa).desc, 0);
}

/* EL2's own walk, 48 bits from level 0: the leaf, or 0. */
static inline uint64_t el2_leaf(uint64_t va)
{
	uint64_t table = s.board.el2_ttbr;

	for (uint32_t level = 0;; level++) {
		uint64_t desc = memory_read(table + 8 * (va >> (39 - 9 * level) & 511));

		if (level == 3 || (desc & 1) == 0) {
			return desc;
		}
		assert_int_equal(desc & 3, 3);
		table = desc & UINT64_C(0xfffffffff000);
	}
}

static inline void assert_own(uint64_t va, uint64_t pa, bool write, bool exec)
{
	uint64_t desc = el2_leaf(va);

	assert_int_equal(desc & 3, 3);
	assert_int_equal(desc & UINT64_C(0xfffffffff000), pa);
	assert_int_equal(desc >> 7 & 1, !write);
	assert_int_equal(desc >> 54 & 1, !exec);
}

static inline void made(void)
{
	bool good = build_all(&s.b);

	if (!good) {
		print_message("%s 0x%llx\n", s.b.why, (unsigned long long)s.b.value);
	}
	assert_true(good);
	walk_setup();
}

/* The entry of level `last` for an address. */
static inline uint64_t *slot(uint64_t root, uint32_t level, uint64_t at, uint32_t last)
{
	uint64_t *table = build_at(&s.b, root);
	uint64_t index = at >> (39 - 9 * level);

	for (; level < last && (table[index] & 3) == 3; level++) {
		table = build_at(&s.b, table[index] & UINT64_C(0xfffffffff000));
		index = at >> (39 - 9 * (level + 1)) & 511;
	}
	return &table[index];
}

static inline uint64_t *stage2_slot(uint64_t at, uint32_t last)
{
	return slot(s.domain.vttbr & UINT64_C(0xfffffffff000), 2 - (uint32_t)(s.domain.vtcr >> 6 & 3), at, last);
}

#endif
