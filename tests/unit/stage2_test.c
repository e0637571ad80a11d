// SPDX-License-Identifier: Apache-2.0
// sources: hv/mm/stage2.c
/*
 * The stage-2 builder against a walker of its own (stage2_walk.h). Properties P1
 * and P2: 10,000 random configurations, no disagreement.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mm/stage2.h"
#include "unit/stage2_walk.h"

#define POOL_PAGES 1000u
#define POOL_BASE UINT64_C(0x480000000)
#define CONFIGS 10000u
#define DOMAINS 3u
#define REGIONS 6u

static uint64_t pages[POOL_PAGES][512] __attribute__((aligned(4096)));

static struct stage2_pool pool_make(void)
{
	/* Rubbish in fresh pages: the builder must clear what it takes. */
	memset(pages, 0xa5, sizeof(pages));
	return (struct stage2_pool){.pages = pages, .base = VA(POOL_BASE), .count = POOL_PAGES};
}

static const struct stage2_attr ram = {STAGE2_NORMAL_WB, true, true};

struct region {
	uint64_t ipa;
	uint64_t pa;
	uint64_t size;
	struct stage2_attr attr;
};

static void attr_check(uint64_t desc, struct stage2_attr attr)
{
	static const unsigned int memattr[] = {0x0, 0x1, 0x2, 0x3, 0x5, 0xa, 0xf};

	assert_int_equal(desc >> 2 & 0xf, memattr[attr.type]);
	assert_int_equal(desc >> 6 & 3, attr.write ? 3 : 1);
	assert_int_equal(desc >> 10 & 1, 1);
	assert_int_equal(desc >> 54 & 1, !attr.exec);
	assert_int_equal(desc >> 8 & 3, attr.type >= STAGE2_NORMAL_NC ? 3 : 0);
}

/* One address: hardware's view must be the list's. */
static void address_check(const struct stage2 *s, const struct region *list, size_t count, uint64_t ipa)
{
	uint64_t vttbr = stage2_vttbr(s, 7);
	struct translation t = arch_walk(vttbr, stage2_vtcr(s, 48), ipa);
	const struct region *r = NULL;
	uint64_t extent;

	for (size_t i = 0; i < count; i++) {
		if (ipa >= list[i].ipa && ipa - list[i].ipa < list[i].size) {
			r = &list[i];
		}
	}
	assert_int_equal(t.valid, r != NULL);
	assert_int_equal(stage2_lookup(s, IPA(ipa), &extent), t.desc);
	assert_int_equal(extent, t.extent);
	if (r != NULL) {
		assert_int_equal(t.pa, r->pa + (ipa - r->ipa));
		attr_check(t.desc, r->attr);
	}
}

static void edges_check(const struct stage2 *s, const struct region *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t end = list[i].ipa + list[i].size;
		uint64_t probes[] = {list[i].ipa - 4096, list[i].ipa - 1, list[i].ipa, list[i].ipa + 4096,
				     end - 4096, end - 1, end, end + 4096};
		for (size_t p = 0; p < ARRAY_SIZE(probes); p++) {
			address_check(s, list, count, probes[p]);
		}
	}
}

static uint64_t random_state = 1;

static uint64_t random_next(uint64_t below)
{
	/* splitmix64 */
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

/* Sizes from a page to several GiB, at alignments from a page to 1 GiB. */
static uint64_t random_size(void)
{
	static const unsigned int grain[] = {12, 12, 16, 21, 21, 30};
	unsigned int g = grain[random_next(ARRAY_SIZE(grain))];

	return (1 + random_next(g == 30 ? 3 : 600)) << g;
}

/* Disjoint in PA over all domains, disjoint in IPA within one. */
static size_t regions_make(struct region *list, unsigned int ipa_bits, uint64_t *next_pa)
{
	uint64_t next_ipa = random_next(3) << (12 + 9 * random_next(3));
	size_t count = 0;

	for (size_t i = 0; i < REGIONS; i++) {
		uint64_t size = random_size();
		uint64_t align = UINT64_C(1) << (12 + 9 * random_next(3));
		/* Gigabytes of single pages would need more tables than the pool has. */
		align = size > MIB(64) && align < MIB(2) ? MIB(2) : align;
		uint64_t ipa = ALIGN_UP(next_ipa, align);
		if (ipa + size > UINT64_C(1) << ipa_bits) {
			continue;
		}
		uint64_t pa = ALIGN_UP(*next_pa, align) + (size <= MIB(64) && random_next(4) == 0 ? 4096 : 0);
		list[count++] = (struct region){ipa, pa, size,
						{(enum stage2_type)random_next(7), random_next(2) == 0,
						 random_next(2) == 0}};
		*next_pa = pa + size;
		next_ipa = ipa + size + (random_next(2) << (12 + 9 * random_next(3)));
	}
	return count;
}

/* Every leaf of the tables, found by walking from end to end. */
static uint64_t leaves_sum(const struct stage2 *s, struct region *leaves, size_t *count, size_t max)
{
	uint64_t vttbr = stage2_vttbr(s, 7);
	uint64_t vtcr = stage2_vtcr(s, 48);
	uint64_t sum = 0;

	for (uint64_t ipa = 0; ipa >> s->ipa_bits == 0;) {
		struct translation t = arch_walk(vttbr, vtcr, ipa);
		if (t.valid) {
			struct region *last = *count > 0 ? &leaves[*count - 1] : NULL;
			sum += t.extent;
			if (last != NULL && last->pa + last->size == t.pa) {
				last->size += t.extent;
			} else {
				assert_true(*count < max);
				leaves[(*count)++] = (struct region){ipa, t.pa, t.extent, {0}};
			}
		}
		ipa += t.extent;
	}
	return sum;
}

static int region_compare(const void *a, const void *b)
{
	const struct region *x = a, *y = b;

	return x->pa < y->pa ? -1 : x->pa > y->pa;
}

static void random_configurations(void **state)
{
	(void)state;
	static struct region leaves[DOMAINS * REGIONS * 4];

	for (unsigned int n = 0; n < CONFIGS; n++) {
		struct stage2_pool pool = {.pages = pages, .base = VA(POOL_BASE), .count = POOL_PAGES};
		struct stage2 s[DOMAINS];
		struct region list[DOMAINS][REGIONS];
		size_t count[DOMAINS], leaf_count = 0;
		uint64_t next_pa = UINT64_C(1) << 36, mapped = 0, found = 0;

		for (size_t d = 0; d < DOMAINS; d++) {
			/* Walking a big space end to end is slow: mostly small ones. */
			unsigned int bits = (unsigned int)(random_next(50) == 0 ? 32 + random_next(17)
									       : 32 + random_next(8));
			assert_int_equal(stage2_init(&s[d], &pool, bits), STAGE2_OK);
			count[d] = regions_make(list[d], bits, &next_pa);
			for (size_t i = 0; i < count[d]; i++) {
				const struct region *r = &list[d][i];
				assert_int_equal(stage2_map(&s[d], IPA(r->ipa), PA(r->pa), r->size, r->attr),
						 STAGE2_OK);
				mapped += r->size;
			}
		}
		for (size_t d = 0; d < DOMAINS; d++) {
			edges_check(&s[d], list[d], count[d]);
			for (unsigned int i = 0; i < 20; i++) {
				address_check(&s[d], list[d], count[d],
					      random_next(UINT64_C(1) << s[d].ipa_bits));
			}
			if (s[d].ipa_bits <= 39) {
				found += leaves_sum(&s[d], leaves, &leaf_count, ARRAY_SIZE(leaves));
			} else {
				for (size_t i = 0; i < count[d]; i++) {
					leaves[leaf_count++] = list[d][i];
					found += list[d][i].size;
				}
			}
		}
		/* One owner for each page, and nothing but what was asked for. */
		assert_int_equal(found, mapped);
		qsort(leaves, leaf_count, sizeof(leaves[0]), region_compare);
		for (size_t i = 1; i < leaf_count; i++) {
			assert_true(leaves[i - 1].pa + leaves[i - 1].size <= leaves[i].pa);
		}
	}
}

static void geometry(void **state)
{
	(void)state;
	static const struct {
		unsigned int bits, level, pages;
	} expect[] = {{32, 2, 4}, {33, 2, 8}, {34, 2, 16}, {35, 1, 1}, {36, 1, 1}, {37, 1, 1}, {38, 1, 1},
		      {39, 1, 1}, {40, 1, 2}, {41, 1, 4}, {42, 1, 8}, {43, 1, 16}, {44, 0, 1}, {45, 0, 1},
		      {46, 0, 1}, {47, 0, 1}, {48, 0, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(expect); i++) {
		struct stage2_pool pool = pool_make();
		struct stage2 s;
		pool.used = 1;
		assert_int_equal(stage2_root_pages(expect[i].bits), expect[i].pages);
		assert_int_equal(stage2_init(&s, &pool, expect[i].bits), STAGE2_OK);
		assert_int_equal(s.root, expect[i].pages);
		assert_int_equal(pool.used, 2 * expect[i].pages);
		uint64_t vtcr = stage2_vtcr(&s, 40);
		assert_int_equal(2 - (vtcr >> 6 & 3), expect[i].level);
		assert_int_equal(vtcr & 63, 64 - expect[i].bits);

		/* First and last page, and not one byte beyond. */
		uint64_t last = (UINT64_C(1) << expect[i].bits) - 4096;
		struct region list[] = {{0, 0x5000, 4096, ram}, {last, 0x7000, 4096, ram}};
		for (size_t r = 0; r < 2; r++) {
			assert_int_equal(stage2_map(&s, IPA(list[r].ipa), PA(list[r].pa), 4096, ram), STAGE2_OK);
		}
		address_check(&s, list, 2, 0);
		address_check(&s, list, 2, 4096);
		address_check(&s, list, 2, last);
		address_check(&s, list, 2, last - 1);
		address_check(&s, list, 2, last + 4096);
		assert_int_equal(stage2_map(&s, IPA(last + 4096), PA(0), 4096, ram), STAGE2_BAD_RANGE);
		assert_int_equal(stage2_map(&s, IPA(last), PA(0), 8192, ram), STAGE2_BAD_RANGE);
	}
	struct stage2_pool pool = pool_make();
	struct stage2 s;
	assert_int_equal(stage2_init(&s, &pool, 31), STAGE2_BAD_RANGE);
	assert_int_equal(stage2_init(&s, &pool, 49), STAGE2_BAD_RANGE);
	assert_int_equal(pool.used, 0);
}

static void registers(void **state)
{
	(void)state;
	struct stage2_pool pool = pool_make();
	struct stage2 s;

	assert_int_equal(stage2_init(&s, &pool, 40), STAGE2_OK);
	/* RES1 | PS 40 | SH inner | WB WA | SL0 1 | T0SZ 24: what R-Car's IPMMU shares. */
	assert_int_equal(stage2_vtcr(&s, 40), UINT64_C(0x80023558));
	static const unsigned int ps[][2] = {{32, 0}, {35, 0}, {36, 1}, {40, 2}, {42, 3}, {44, 4}, {48, 5}, {52, 5}};
	for (size_t i = 0; i < ARRAY_SIZE(ps); i++) {
		assert_int_equal(stage2_vtcr(&s, ps[i][0]) >> 16 & 7, ps[i][1]);
	}
	assert_int_equal(stage2_vttbr(&s, 255), UINT64_C(255) << 48 | POOL_BASE);
}

/* The size of each leaf follows from the alignment of both addresses. */
static void blocks(void **state)
{
	(void)state;
	static const struct {
		uint64_t ipa, pa, size, probe, extent;
		unsigned int tables;
	} cases[] = {
		{GIB(1), GIB(4), GIB(2), GIB(2), GIB(1), 0},
		{GIB(1), GIB(4) + MIB(2), GIB(1), GIB(1), MIB(2), 1},
		{GIB(1) + MIB(2), GIB(4), GIB(1), GIB(1) + MIB(2), MIB(2), 2},
		{GIB(1), GIB(4) + KIB(4), MIB(4), GIB(1), KIB(4), 3},
		{MIB(2) - KIB(4), MIB(2) - KIB(4), MIB(4) + KIB(8), MIB(2), MIB(2), 3},
		{MIB(2) - KIB(4), MIB(2) - KIB(4), MIB(4) + KIB(8), MIB(6), KIB(4), 3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct stage2_pool pool = pool_make();
		struct stage2 s;
		uint64_t extent;
		assert_int_equal(stage2_init(&s, &pool, 39), STAGE2_OK);
		assert_int_equal(stage2_map(&s, IPA(cases[i].ipa), PA(cases[i].pa), cases[i].size, ram), STAGE2_OK);
		assert_int_not_equal(stage2_lookup(&s, IPA(cases[i].probe), &extent), 0);
		assert_int_equal(extent, cases[i].extent);
		assert_int_equal(pool.used, 1 + cases[i].tables);
		struct region list = {cases[i].ipa, cases[i].pa, cases[i].size, ram};
		edges_check(&s, &list, 1);
	}
	/* Level 0 has no blocks; with a level-2 start there are no 1 GiB ones. */
	static const unsigned int bits[][2] = {{48, 30}, {34, 21}};
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		struct stage2_pool pool = pool_make();
		struct stage2 s;
		uint64_t extent;
		uint64_t size = bits[i][0] == 48 ? GIB(1024) : GIB(8);
		assert_int_equal(stage2_init(&s, &pool, bits[i][0]), STAGE2_OK);
		assert_int_equal(stage2_map(&s, IPA(0), PA(0), size, ram), STAGE2_OK);
		assert_int_not_equal(stage2_lookup(&s, IPA(GIB(3)), &extent), 0);
		assert_int_equal(extent, UINT64_C(1) << bits[i][1]);
	}
}

static void refusals(void **state)
{
	(void)state;
	struct stage2_pool pool = pool_make();
	struct stage2 s;
	static const struct {
		uint64_t ipa, pa, size;
	} bad[] = {
		{0x1001, 0x1000, 0x1000}, {0x1000, 0x1800, 0x1000}, {0x1000, 0x1000, 0x1800},
		{0x1000, 0x1000, 0}, {GIB(512), 0, 0x1000}, {GIB(511), 0, GIB(2)},
		{0x1000, UINT64_C(1) << 48, 0x1000}, {0x1000, (UINT64_C(1) << 48) - 0x1000, 0x2000},
		{UINT64_C(0xfffffffffffff000), 0, 0x1000}, {0x1000, UINT64_C(0xfffffffffffff000), 0x2000},
		{0x1000, 0x1000, UINT64_C(0xfffffffffffff000)},
	};

	assert_int_equal(stage2_init(&s, &pool, 39), STAGE2_OK);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(stage2_map(&s, IPA(bad[i].ipa), PA(bad[i].pa), bad[i].size, ram), STAGE2_BAD_RANGE);
	}
	assert_int_equal(pool.used, 1);

	/* An overlap anywhere in the range changes nothing, not even the tables. */
	struct region list = {MIB(6), GIB(3), KIB(4), ram};
	assert_int_equal(stage2_map(&s, IPA(list.ipa), PA(list.pa), list.size, ram), STAGE2_OK);
	uint32_t used = pool.used;
	static const uint64_t over[][2] = {{MIB(6), KIB(4)}, {0, MIB(8)}, {0, MIB(6) + KIB(4)}, {0, GIB(8)},
					   {MIB(6) - KIB(4), KIB(12)}};
	for (size_t i = 0; i < ARRAY_SIZE(over); i++) {
		assert_int_equal(stage2_map(&s, IPA(over[i][0]), PA(GIB(64)), over[i][1], ram), STAGE2_MAPPED);
		assert_int_equal(pool.used, used);
	}
	edges_check(&s, &list, 1);
	assert_int_equal(stage2_map(&s, IPA(0), PA(GIB(64)), MIB(6), ram), STAGE2_OK);
	assert_int_equal(stage2_map(&s, IPA(MIB(6) + KIB(4)), PA(GIB(65)), KIB(4), ram), STAGE2_OK);
}

static void pool_exhausted(void **state)
{
	(void)state;
	for (uint32_t count = 0; count < 4; count++) {
		struct stage2_pool pool = pool_make();
		struct stage2 s;
		pool.count = count;
		enum stage2_result made = stage2_init(&s, &pool, 39);
		assert_int_equal(made, count == 0 ? STAGE2_NO_PAGES : STAGE2_OK);
		if (made == STAGE2_OK) {
			assert_int_equal(stage2_map(&s, IPA(0x1000), PA(0x1000), 0x1000, ram),
					 count < 3 ? STAGE2_NO_PAGES : STAGE2_OK);
			assert_true(pool.used <= count);
		}
	}
	/* A root that would only fit misaligned. */
	struct stage2_pool pool = pool_make();
	struct stage2 s;
	pool.count = 3;
	pool.used = 1;
	assert_int_equal(stage2_init(&s, &pool, 40), STAGE2_NO_PAGES);
	assert_int_equal(pool.used, 1);
	pool.count = 4;
	assert_int_equal(stage2_init(&s, &pool, 40), STAGE2_OK);
	assert_int_equal(s.root, 2);
}

static void attributes(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 7 * 4; n++) {
		struct stage2_pool pool = pool_make();
		struct stage2 s;
		struct stage2_attr attr = {(enum stage2_type)(n / 4), (n & 1) != 0, (n & 2) != 0};
		struct region list = {MIB(2) - KIB(4), MIB(2) - KIB(4), GIB(1) + MIB(2), attr};
		assert_int_equal(stage2_init(&s, &pool, 39), STAGE2_OK);
		assert_int_equal(stage2_map(&s, IPA(list.ipa), PA(list.pa), list.size, attr), STAGE2_OK);
		edges_check(&s, &list, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(geometry), cmocka_unit_test(registers), cmocka_unit_test(blocks),
		cmocka_unit_test(refusals), cmocka_unit_test(pool_exhausted), cmocka_unit_test(attributes),
		cmocka_unit_test(random_configurations),
	};

	walk_memory.pages = pages;
	walk_memory.base = POOL_BASE;
	walk_memory.count = POOL_PAGES;
	return cmocka_run_group_tests_name("stage2", tests, NULL, NULL);
}
