// SPDX-License-Identifier: Apache-2.0
// sources: gen/verify/walk*.c gen/verify/desc.c gen/verify/runs.c gen/verify/report.c gen/verify/mem.c
/* The verifier's descriptor decoder, its walker and its sets, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"
#include "verify/walk.h"

#define PAGES 64
#define BASE UINT64_C(0x40000000)
#define RAM UINT64_C(0x7fd)
#define VTCR_FIXED UINT64_C(0x80003500) /* write-back, inner shareable walks */

struct rig {
	struct mem mem;
	struct report report;
	struct walk_pages pages;
	struct walk walk;
	uint64_t words[PAGES][512];
	uint8_t used[PAGES];
	uint8_t written[PAGES];
};

static struct rig *rig_new(uint32_t pa_bits)
{
	struct rig *r = calloc(1, sizeof(*r));

	report_init(&r->report, &r->mem);
	r->pages = (struct walk_pages){
		.bytes = (const uint8_t *)r->words, .base = BASE, .size = sizeof(r->words), .used = r->used};
	r->pages.written = r->written;
	r->walk = (struct walk){.mem = &r->mem,
				.report = &r->report,
				.pages = &r->pages,
				.domain = "d",
				.pa_bits = pa_bits,
				.watch = UINT64_MAX};
	return r;
}

static void rig_free(struct rig *r)
{
	mem_free(&r->mem);
	free(r);
}

static uint64_t rig_failed(const struct rig *r)
{
	return r->report.results[PROPERTY_FORM].failed;
}

static uint64_t table(uint64_t page)
{
	return (BASE + page * PAGE_SIZE) | 3;
}

/* Any single bit of any descriptor either changes what it means or is refused;
 * but for SH where the memory type makes it meaningless. */
static void test_every_bit_counts(void **state)
{
	static const struct {
		enum regime regime;
		int level;
		uint64_t word;
	} words[] = {
		{REGIME_STAGE2, 1, 0x80000000 | RAM},
		{REGIME_STAGE2, 2, 0x40200000 | RAM},
		{REGIME_STAGE2, 3, 0x40201000 | RAM | 2},
		{REGIME_STAGE2, 3, 0x09000000 | UINT64_C(0x00400000000004cf)},
		{REGIME_STAGE2, 1, 0x40001003},
		{REGIME_STAGE2, 0, 0x40001003},
		{REGIME_EL2, 2, 0x40200000 | UINT64_C(0x745)},
		{REGIME_EL2, 3, 0x40200000 | UINT64_C(0x7c7)},
		{REGIME_EL2, 3, 0x09000000 | UINT64_C(0x0040000000000443)},
		{REGIME_EL2, 2, 0x40001003},
		{REGIME_STAGE2, 3, 0},
		{REGIME_EL2, 1, 0},
	};
	const uint64_t mair = 0x44ff04;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct desc good = desc_decode(words[i].regime, words[i].level, words[i].word, mair);
		bool device = (good.attr & ATTR_TYPE) < MEMORY_WT;

		assert_int_not_equal(good.kind, DESC_BAD);
		for (unsigned int bit = 0; bit < 64; bit++) {
			uint64_t word = words[i].word ^ BIT64(bit);
			struct desc d = desc_decode(words[i].regime, words[i].level, word, mair);
			bool same = d.kind == good.kind && d.address == good.address && d.attr == good.attr;
			/* BTI's guarded bit gives nothing and takes nothing away. */
			bool guarded = words[i].regime == REGIME_EL2 && bit == 50;

			assert_true(same == (good.kind == DESC_LEAF && ((device && bit == 9) || guarded)));
		}
	}
}

/* A leaf that lacks its valid bit is refused, and only where things are found on demand taken for
 * what it would be; a table or rubbish is refused there too. */
static void test_on_demand(void **state)
{
	static const struct {
		uint64_t word; /* at level 2 */
		uint64_t leaf; /* at level 3 */
		bool on_demand, good;
		uint64_t runs;
	} cases[] = {
		{0x40200000 | (RAM & ~UINT64_C(1)), 0, true, true, 1},
		{0x40200000 | (RAM & ~UINT64_C(1)), 0, false, false, 0},
		{(BASE + 3 * PAGE_SIZE) | 3, (0x40201000 | RAM | 2) & ~UINT64_C(1), true, true, 1},
		{(BASE + 3 * PAGE_SIZE) | 3, (0x40201000 | RAM | 2) & ~UINT64_C(1), false, false, 0},
		{(BASE + 3 * PAGE_SIZE) | 3, 0x40201000 | (RAM & ~UINT64_C(3)), true, false, 0}, /* bits 1:0 are 0 */
		{(BASE + 3 * PAGE_SIZE) | 2, 0, true, false, 0},          /* a table that is not valid */
		{0x40200000 | (RAM & ~UINT64_C(0x401)), 0, true, false, 0}, /* no access flag */
		{0x40201000 | (RAM & ~UINT64_C(1)), 0, true, false, 0},     /* not aligned */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *r = rig_new(40);

		r->words[0][1] = table(2);
		r->words[2][0] = cases[i].word;
		r->words[3][1] = cases[i].leaf;
		r->walk.on_demand = cases[i].on_demand;
		walk_stage2(&r->walk, BASE | UINT64_C(1) << 48, VTCR_FIXED | 24 | 1 << 6 | 2 << 16);
		assert_int_equal(rig_failed(r) == 0, cases[i].good);
		assert_int_equal(r->walk.runs.count, cases[i].runs);
		if (cases[i].good) {
			assert_int_equal(r->walk.runs.v[0].attr,
					 MEMORY_WB | ATTR_READ | ATTR_WRITE | ATTR_EXEC | ATTR_INNER | ATTR_LATER);
			assert_int_equal(r->written[2], cases[i].leaf == 0);
			assert_int_equal(r->written[3], cases[i].leaf != 0);
		}
		rig_free(r);
	}
}

static void test_geometry(void **state)
{
	static const struct {
		uint32_t pa_bits;
		uint64_t t0sz;
		uint64_t sl0;
		uint64_t ps;
		bool good;
	} shapes[] = {
		{40, 24, 1, 2, true},  /* 40 bits: 2 concatenated tables at level 1 */
		{40, 25, 1, 2, true},  /* 39 bits: one table */
		{40, 32, 1, 2, true},  /* 32 bits: 4 entries */
		{36, 28, 1, 1, true},
		{32, 32, 1, 0, true},
		{42, 22, 1, 3, true},  /* 8 tables */
		{44, 21, 1, 4, true},  /* 43 bits: 16 tables */
		{44, 20, 1, 4, false}, /* 44 bits: 32 tables are too many */
		{44, 20, 2, 4, true},  /* 44 bits from level 0 */
		{48, 16, 2, 5, true},
		{48, 16, 1, 5, false},
		{40, 24, 2, 2, false}, /* level 0 needs 44 bits of PA */
		{40, 23, 1, 2, false}, /* more IPA than PA */
		{40, 24, 1, 3, false}, /* more output than the board has */
		{40, 24, 0, 2, false},
		{40, 30, 0, 2, true},  /* 34 bits from level 2: 16 tables */
		{40, 29, 0, 2, false},
		{40, 33, 1, 2, true},  /* 31 bits: 2 entries */
		{40, 34, 1, 2, false}, /* nothing left for level 1 */
		{40, 40, 0, 2, false},
		{40, 24, 3, 2, false},
		{48, 15, 2, 5, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		struct rig *r = rig_new(shapes[i].pa_bits);
		uint64_t vtcr = VTCR_FIXED | shapes[i].t0sz | shapes[i].sl0 << 6 | shapes[i].ps << 16;

		walk_stage2(&r->walk, BIT64(48) | BASE, vtcr);
		assert_true((rig_failed(r) == 0) == shapes[i].good);
		if (shapes[i].good) {
			assert_int_equal(r->walk.in_end, BIT64(64 - shapes[i].t0sz));
		}
		rig_free(r);
	}
}

/* Blocks of every size, addresses in every concatenated table, merging. */
static void test_blocks(void **state)
{
	struct rig *r = rig_new(40);
	const struct run *v;

	(void)state;
	r->words[0][1] = 0x40000000 | RAM;
	r->words[0][2] = 0x80000000 | RAM;
	r->words[0][3] = table(2);
	r->words[2][0] = 0xc0000000 | RAM;
	r->words[2][1] = table(3);
	r->words[3][0] = 0xc0200000 | RAM | 2;
	r->words[3][1] = 0xc0201000 | RAM | 2;
	r->words[3][3] = 0xc0203000 | RAM | 2;
	r->words[1][511] = 0x40000000 | UINT64_C(0x00400000000004cd);
	walk_stage2(&r->walk, BIT64(48) | BASE, VTCR_FIXED | 24 | 1 << 6 | 2 << 16);
	assert_int_equal(rig_failed(r), 0);
	assert_int_equal(r->walk.runs.count, 3);
	v = r->walk.runs.v;
	assert_int_equal(v[0].in, 0x40000000);
	assert_int_equal(v[0].out, 0x40000000);
	assert_int_equal(v[0].size, 0x80202000);
	assert_int_equal(v[0].attr, MEMORY_WB | ATTR_READ | ATTR_WRITE | ATTR_EXEC | ATTR_INNER);
	assert_int_equal(v[1].in, 0xc0203000);
	assert_int_equal(v[1].size, 0x1000);
	assert_int_equal(v[2].in, 0xffc0000000);
	assert_int_equal(v[2].size, GIB(1));
	assert_int_equal(v[2].attr, MEMORY_GRE | ATTR_READ | ATTR_WRITE);
	assert_int_equal(r->report.tables, 4);
	assert_int_equal(r->report.leaves, 7);
	rig_free(r);
}

/* A short root: what lies behind its last descriptor must be zero. */
static void test_short_root(void **state)
{
	struct rig *r = rig_new(40);

	(void)state;
	r->words[0][3] = 0x40000000 | RAM;
	walk_stage2(&r->walk, BIT64(48) | BASE, VTCR_FIXED | 32 | 1 << 6 | 2 << 16);
	assert_int_equal(rig_failed(r), 0);
	rig_free(r);
	r = rig_new(40);
	r->words[0][4] = 0x40000000 | RAM;
	walk_stage2(&r->walk, BIT64(48) | BASE, VTCR_FIXED | 32 | 1 << 6 | 2 << 16);
	assert_int_equal(rig_failed(r), 1);
	assert_int_equal(r->walk.runs.count, 0);
	rig_free(r);
}

static void test_bad_trees(void **state)
{
	struct rig *r = rig_new(40);

	(void)state;
	r->words[0][0] = table(0);         /* itself */
	r->words[0][1] = table(2);         /* fine */
	r->words[0][2] = table(2);         /* twice */
	r->words[0][3] = table(PAGES);     /* behind the section */
	r->words[0][4] = (BASE - 4096) | 3; /* before it */
	walk_stage2(&r->walk, BIT64(48) | BASE, VTCR_FIXED | 24 | 1 << 6 | 2 << 16);
	assert_int_equal(rig_failed(r), 4);
	rig_free(r);
	r = rig_new(40);
	walk_stage2(&r->walk, BIT64(48) | (BASE + sizeof(r->words) - 4096),
		    VTCR_FIXED | 24 | 1 << 6 | 2 << 16);
	assert_int_equal(rig_failed(r), 1); /* misaligned for two tables */
	rig_free(r);
}

static void test_el2(void **state)
{
	struct rig *r = rig_new(40);
	const uint64_t tcr = 0x80823500 | 25;

	(void)state;
	r->words[0][0] = table(1);
	r->words[0][2] = table(2);
	r->words[1][72] = 0x09000000 | UINT64_C(0x0040000000000441);
	r->walk.watch = GIB(2);
	walk_el2(&r->walk, BASE, tcr, 0x44ff04);
	assert_int_equal(rig_failed(r), 0);
	assert_int_equal(r->walk.watch_table, BASE + 2 * PAGE_SIZE);
	assert_int_equal(r->walk.runs.count, 1);
	assert_int_equal(r->walk.runs.v[0].attr, MEMORY_NGNRE | ATTR_READ | ATTR_WRITE);
	rig_free(r);
	for (unsigned int bit = 19; bit < 64; bit++) {
		r = rig_new(40);
		walk_el2(&r->walk, BASE, tcr ^ BIT64(bit), 0x44ff04);
		assert_int_equal(rig_failed(r), 1);
		rig_free(r);
	}
}

/* Sets against a bitmap, at random. */
static void test_spans(void **state)
{
	struct mem m = {NULL};
	struct spans s = {.count = 0};
	bool bits[64] = {false};
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t lo;
		uint64_t hi;
		struct span common = {0, 0};
		bool all = true;
		uint64_t first = 64;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		lo = seed >> 40 & 63;
		hi = lo + (seed >> 50 & 7);
		hi = hi > 64 ? 64 : hi;
		for (uint64_t b = lo; b < hi; b++) {
			all = all && bits[b];
			first = bits[b] && first == 64 ? b : first;
		}
		assert_true(spans_hold(&s, lo, hi) == all);
		assert_true(spans_meet(&s, lo, hi, &common) == (first != 64));
		if (first != 64) {
			assert_int_equal(common.lo, first);
		}
		for (uint64_t b = lo; b < hi; b++) {
			bits[b] = (seed >> 60 & 1) != 0;
		}
		if ((seed >> 60 & 1) != 0) {
			spans_add(&m, &s, lo, hi);
		} else {
			spans_remove(&m, &s, lo, hi);
		}
		for (size_t k = 1; k < s.count; k++) {
			assert_true(s.v[k - 1].hi < s.v[k].lo);
		}
	}
	mem_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_bit_counts), cmocka_unit_test(test_on_demand), cmocka_unit_test(test_geometry),
		cmocka_unit_test(test_blocks),		 cmocka_unit_test(test_short_root),
		cmocka_unit_test(test_bad_trees),	 cmocka_unit_test(test_el2),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests_name("verify_walk", tests, NULL, NULL);
}
