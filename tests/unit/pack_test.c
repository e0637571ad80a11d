// SPDX-License-Identifier: Apache-2.0
// sources: gen/emit/pack.c gen/util/arena.c hv/mm/unpack.c
/* Page tables through the packer and the hypervisor's own unpacker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emit/pack.h"
#include "mm/unpack.h"

#define WORDS 2048u

static uint64_t words[WORDS], again[WORDS + 1];

static void round_trip(size_t expected_runs)
{
	size_t count;
	struct packed_run *runs = pack_words(words, WORDS, &count);

	assert_int_equal(pack_count(words, WORDS) + 1, count);
	if (expected_runs != SIZE_MAX) {
		assert_int_equal(count, expected_runs + 1);
	}
	assert_int_equal(runs[count - 1].count, 0);
	memset(again, 0xa5, sizeof(again));
	assert_true(unpack_runs(runs, count, again, WORDS));
	assert_memory_equal(words, again, sizeof(words));
	assert_int_equal(again[WORDS], UINT64_C(0xa5a5a5a5a5a5a5a5));
	memset(again, 0xa5, sizeof(again));
	assert_true(pack_unpack(runs, count, again, WORDS));
	assert_memory_equal(words, again, sizeof(words));

	/* Cut short, the stream has no end; in too small a place, it has no room. */
	assert_false(unpack_runs(runs, count - 1, again, WORDS));
	assert_false(pack_unpack(runs, count - 1, again, WORDS));
	if (count > 1 && words[WORDS - 1] != 0) {
		assert_false(unpack_runs(runs, count, again, WORDS - 1));
		assert_false(pack_unpack(runs, count, again, WORDS - 1));
	}
	free(runs);
}

static void shapes(void **state)
{
	(void)state;
	memset(words, 0, sizeof(words));
	round_trip(0);
	words[0] = 7;
	round_trip(1);
	words[WORDS - 1] = 9;
	round_trip(2);
	memset(words, 0, sizeof(words));
	for (size_t i = 0; i < 512; i++) {
		words[512 + i] = 0x40000000 + i * 0x1000 + 0x7ff;
	}
	round_trip(1);
	for (size_t i = 0; i < WORDS; i++) {
		words[i] = 5; /* step 0, all full */
	}
	round_trip(1);
	/* A step that wraps through zero: the zero is not part of a run. */
	memset(words, 0, sizeof(words));
	words[10] = UINT64_MAX - 1;
	words[11] = UINT64_MAX;
	words[13] = 1;
	words[14] = 2;
	round_trip(2);
	/* A stream table: entries that are alike cost one copy. */
	memset(words, 0, sizeof(words));
	for (size_t i = 512; i < 1536; i += 8) {
		words[i] = 0xd;
		words[i + 1] = UINT64_C(1) << 44;
		words[i + 2] = UINT64_C(0x0448355800000001);
		words[i + 3] = 0x40280000;
	}
	round_trip(3);
	for (size_t i = 1024; i < 1152; i++) {
		words[i] = 0;
	}
	round_trip(SIZE_MAX);
}

static uint64_t random_state = 7;

static uint64_t random_next(uint64_t below)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static void random_tables(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 2000; n++) {
		memset(words, 0, sizeof(words));
		for (size_t at = random_next(40); at < WORDS; at += random_next(40)) {
			uint64_t first = random_next(4) == 0 ? random_next(UINT64_MAX) : 0x80000003;
			uint64_t step = random_next(3) * 0x1000;
			for (uint64_t i = random_next(200); i > 0 && at < WORDS; i--) {
				words[at++] = first;
				first += step;
			}
		}
		round_trip(SIZE_MAX);
	}
}

/* Pages of some colours: groups in steps, the first and the last cut short. */
static void groups(void **state)
{
	(void)state;
	for (uint64_t group = 1; group < 12; group++) {
		memset(words, 0, sizeof(words));
		for (uint64_t i = 0; i < 1000; i++) {
			words[100 + i] = 0x7ff + ((i / group) << 16) + (i % group << 12);
		}
		round_trip(group == 1 ? 1 : 2);
		words[100] = 0;
		round_trip(group == 1 ? 1 : group == 2 ? 2 : 3);
	}
	/* Three groups take no less as runs. */
	memset(words, 0, sizeof(words));
	for (uint64_t i = 0; i < 24; i++) {
		words[i] = 0x7ff + ((i / 8) << 16) + (i % 8 << 12);
	}
	round_trip(3);
}

static void hostile_runs(void **state)
{
	(void)state;
	static const struct packed_run bad[][2] = {
		{{.skip = UINT32_MAX, .count = 1}, {0}},
		{{.count = UINT32_MAX}, {0}},
		{{.skip = UINT32_MAX, .count = UINT32_MAX}, {0}},
		{{.skip = WORDS, .count = 1}, {0}},
		{{.skip = WORDS - 1, .count = 1}, {.skip = 0, .count = 1}},
		{{.skip = 8, .count = PACKED_COPY | 1, .first = 0}, {0}},
		{{.skip = 8, .count = PACKED_COPY | 1, .first = 9}, {0}},
		{{.count = PACKED_COPY | 1, .first = UINT64_MAX}, {0}},
		{{.skip = 8, .count = PACKED_COPY | WORDS, .first = 8}, {0}},
		{{.count = UINT32_MAX, .first = 8}, {0}},
		{{.count = PACKED_GROUPS | 8}, {.skip = 0}},
		{{.count = PACKED_GROUPS | (WORDS + 1)}, {.skip = 8}},
		{{.skip = WORDS - 8, .count = PACKED_GROUPS | 9}, {.skip = 8}},
		{{.count = PACKED_GROUPS | 8}, {.skip = 8}}, /* and no end */
		{{.skip = 8, .count = PACKED_GROUPS | PACKED_COPY | 8, .first = 8}, {.skip = 8}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		again[WORDS] = 1;
		assert_false(unpack_runs(bad[i], 2, again, WORDS));
		assert_false(pack_unpack(bad[i], 2, again, WORDS));
		assert_int_equal(again[WORDS], 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),
		cmocka_unit_test(random_tables),
		cmocka_unit_test(groups),
		cmocka_unit_test(hostile_runs),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
