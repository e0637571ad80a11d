// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/ranges.c gen/util/arena.c gen/util/search.c
/* Sets of addresses against a bitmap of pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/ranges.h"
#include "types.h"

#define PAGES 96u

static uint64_t random_state = 3;

static uint64_t random_next(uint64_t below)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static void map_check(const struct ranges *r, const bool map[PAGES])
{
	for (size_t i = 0; i < r->count; i++) {
		assert_true(r->list[i].base < r->list[i].end);
		assert_true(i == 0 || r->list[i - 1].end < r->list[i].base);
	}
	for (uint64_t p = 0; p < PAGES; p++) {
		assert_int_equal(ranges_cover(r, p * PAGE_SIZE, PAGE_SIZE), map[p]);
	}
}

/* The highest place by trying all. */
static bool map_find(const bool map[PAGES], uint64_t pages, uint64_t align, uint64_t *at)
{
	for (uint64_t p = PAGES - pages + 1; p > 0; p--) {
		uint64_t n = 0;
		while ((p - 1) % align == 0 && n < pages && map[p - 1 + n]) {
			n++;
		}
		if (n == pages) {
			*at = p - 1;
			return true;
		}
	}
	return false;
}

static void against_bitmap(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 500; n++) {
		struct ranges r = {0};
		bool map[PAGES] = {false};
		for (unsigned int step = 0; step < 30; step++) {
			uint64_t at = random_next(PAGES), size = random_next(PAGES - at + 1);
			bool add = random_next(2) == 0;
			if (add) {
				ranges_add(&r, at * PAGE_SIZE, size * PAGE_SIZE);
			} else {
				ranges_remove(&r, at * PAGE_SIZE, size * PAGE_SIZE);
			}
			for (uint64_t i = 0; i < size; i++) {
				map[at + i] = add;
			}
			map_check(&r, map);
		}
		for (uint64_t pages = 1; pages < 20; pages++) {
			uint64_t align = UINT64_C(1) << random_next(4), want = 0, got = 0;
			bool found = map_find(map, pages, align, &want);
			assert_int_equal(ranges_find_top(&r, pages * PAGE_SIZE, align * PAGE_SIZE, &got), found);
			assert_int_equal(got, found ? want * PAGE_SIZE : 0);
		}
		ranges_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(against_bitmap)};

	return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
