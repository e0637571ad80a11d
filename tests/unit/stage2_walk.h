/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stage-2 walk as the architecture's pseudocode does it (DDI 0487,
 * AArch64.S2Walk), from nothing but VTTBR_EL2, VTCR_EL2 and memory. It shares no
 * code and no constant with the builder it judges.
 */
#ifndef TESTS_UNIT_STAGE2_WALK_H
#define TESTS_UNIT_STAGE2_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* The memory that tables lie in. */
static struct {
	uint64_t (*pages)[512];
	uint64_t base;
	uint64_t count;
	bool prepared; /* invalid descriptors may have other bits */
} walk_memory;

struct translation {
	bool valid;
	uint64_t pa;
	uint64_t desc;
	uint64_t extent;
};

/* An assertion that costs nothing while it holds: the walks are hot. */
#define CHECK(x)                                                                                  \
	do {                                                                                      \
		if (!(x)) {                                                                       \
			fail_msg("%s", #x);                                                       \
		}                                                                                 \
	} while (0)

static uint64_t memory_read(uint64_t pa)
{
	uint64_t offset = pa - walk_memory.base;

	CHECK(pa >= walk_memory.base && offset / 4096 < walk_memory.count);
	CHECK(pa % 8 == 0);
	return walk_memory.pages[offset / 4096][offset / 8 % 512];
}

/* AArch64.S2Walk, 4 KiB granule. Fails the test on what hardware would call a
 * reserved encoding or a misconfiguration. */
static struct translation arch_walk(uint64_t vttbr, uint64_t vtcr, uint64_t ipa)
{
	struct translation t = {false, 0, 0, 4096};
	unsigned int t0sz = vtcr & 63;
	unsigned int inputsize = 64 - t0sz;
	unsigned int sl0 = (unsigned int)(vtcr >> 6) & 3;
	unsigned int level = 2 - sl0;
	uint64_t base = vttbr & UINT64_C(0x0000fffffffffffe);

	CHECK(sl0 <= 2);
	CHECK((vtcr >> 14 & 3) == 0);
	/* startsizecheck: 1..16 tables at the start level. */
	unsigned int below = 12 + 9 * (3 - level);
	CHECK(inputsize > below && inputsize <= below + 9 + 4);
	unsigned int top = inputsize - 1;
	uint64_t root_size = UINT64_C(8) << (inputsize - below);
	CHECK(base % (root_size < 4096 ? 4096 : root_size) == 0);
	if (inputsize < 64 && ipa >> inputsize != 0) {
		return t;
	}
	for (;; level++) {
		unsigned int low = 12 + 9 * (3 - level);
		uint64_t index = ipa >> low & ((UINT64_C(1) << (top - low + 1)) - 1);
		uint64_t desc = memory_read(base + index * 8);
		t.extent = UINT64_C(1) << low;
		if ((desc & 1) == 0) {
			CHECK(desc == 0 || walk_memory.prepared);
			t.desc = desc;
			return t;
		}
		if ((desc & 2) == 2 && level < 3) {
			CHECK((desc & ~UINT64_C(0x0000fffffffff003)) == 0);
			base = desc & UINT64_C(0x0000fffffffff000);
			top = low - 1;
			continue;
		}
		/* A block (levels 1 and 2) or a page. */
		CHECK(level == 3 ? (desc & 2) == 2 : level != 0);
		uint64_t out = desc & UINT64_C(0x0000ffffffffffff) & ~(t.extent - 1);
		CHECK((desc & (t.extent - 1) & UINT64_C(0x0000fffffffff000)) == 0);
		CHECK((desc & UINT64_C(0xffbf000000000800)) == 0);
		t.valid = true;
		t.pa = out | (ipa & (t.extent - 1));
		t.desc = desc;
		return t;
	}
}

#endif
