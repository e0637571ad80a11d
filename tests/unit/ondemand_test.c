// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/ondemand.c hv/domain/domain.c hv/domain/leaf.c hv/mm/stage2.c tests/models/model.c
/*
 * MMIO on demand against a walker that knows nothing of it (stage2_walk.h): what has not been
 * touched does not translate, what has been does, by the block and as it was prepared.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "arch/cpu.h"
#include "drivers/console.h"
#include "guest/ondemand.h"
#include "mm/stage2.h"
#include "mm/stage2_desc.h"
#include "mm/window.h"
#include "unit/stage2_walk.h"

#define PAGES 16
#define BITS 40
#define BLOCK MIB(2)
#define LOW UINT64_C(0x10000000) /* 16 blocks and 3 pages: range 1 */
#define LOW_SIZE (16 * BLOCK + 3 * PAGE_SIZE)
#define EXACT UINT64_C(0x20000000) /* 512 pages: range 2 */
#define DEVICE UINT64_C(0x09010000) /* a page: range 0 */
#define RAM UINT64_C(0x40000000)
#define STEPS 20000

extern uint64_t __tables_start[][512];
_Alignas(65536) uint64_t __tables_start[PAGES][512];
uint8_t cpu_stacks[1][CPU_STACK_SIZE];

static struct domain_desc descs[2] = {{.name = "dom0"}, {.name = "domu"}};
const struct board_tables board = {.domain_count = 2, .domains = descs};
#define VAST (UINT64_C(1) << 39) /* size 0 unless a test says otherwise */
static struct ondemand_range ranges[] = {
	{DEVICE, PAGE_SIZE, "rtc"}, {LOW, LOW_SIZE, "low"}, {EXACT, BLOCK, "exact"}, {VAST, 0, "vast"}};
const struct ondemand_list domain_ondemand[2] = {{ranges, ARRAY_SIZE(ranges)}, {NULL, 0}};

static struct stage2_pool pool;
static struct stage2 maps[2];
static uint32_t lines, cleans;
static const void *cleaned;
static char line[4][200];

void log_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(line[lines++ % 4], sizeof(line[0]), fmt, args);
	va_end(args);
}

void arch_dcache_clean(const void *p, uint64_t size)
{
	assert_int_equal(size, 8);
	__atomic_store_n(&cleaned, p, __ATOMIC_RELAXED);
	__atomic_add_fetch(&cleans, 1, __ATOMIC_RELAXED);
}

void window_write(uint32_t cpu, pa_t to, const void *from, uint64_t size)
{
	(void)cpu;
	(void)to;
	(void)from;
	(void)size;
	fail();
}

void window_copy(uint32_t cpu, pa_t to, pa_t from, uint64_t size)
{
	(void)cpu;
	(void)to;
	(void)from;
	(void)size;
	fail();
}

void window_zero(uint32_t cpu, pa_t pa, uint64_t size)
{
	(void)cpu;
	(void)pa;
	(void)size;
	fail();
}

static void prepare(uint64_t base, uint64_t size, uint64_t block)
{
	static const struct stage2_attr attr = {STAGE2_DEVICE_NGNRE, true, false};

	for (uint64_t at = base; at < base + size; at += block) {
		uint64_t n = base + size - at < block ? base + size - at : block;
		assert_int_equal(stage2_prepare(&maps[0], IPA(at), PA(at), n, attr), STAGE2_OK);
	}
}

static int setup(void **state)
{
	static const struct stage2_attr ram = {STAGE2_NORMAL_WB, true, true};

	(void)state;
	model_reset();
	memset(__tables_start, 0, sizeof(__tables_start));
	pool = (struct stage2_pool){
		.pages = __tables_start, .base = VA((uint64_t)(uintptr_t)__tables_start), .count = PAGES};
	walk_memory.pages = __tables_start;
	walk_memory.base = pool.base.va;
	walk_memory.count = PAGES;
	walk_memory.prepared = true;
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(stage2_init(&maps[i], &pool, BITS), STAGE2_OK);
		assert_int_equal(stage2_map(&maps[i], IPA(RAM), PA(RAM + i * BLOCK), BLOCK, ram), STAGE2_OK);
		descs[i].vttbr = stage2_vttbr(&maps[i], i + 1);
		descs[i].vtcr = stage2_vtcr(&maps[i], BITS);
		domains[i] = (struct domain){.desc = &descs[i]};
	}
	prepare(DEVICE, PAGE_SIZE, BLOCK);
	prepare(LOW, LOW_SIZE, BLOCK);
	prepare(EXACT, BLOCK, PAGE_SIZE);
	lines = cleans = 0;
	return 0;
}

static struct translation walk(uint64_t ipa)
{
	return arch_walk(descs[0].vttbr, descs[0].vtcr, ipa);
}

static void first_access(void **state)
{
	(void)state;
	assert_false(walk(LOW + 5).valid);
	assert_true(ondemand_map(&domains[0], IPA(LOW + 5 * BLOCK + 0x1234)));
	assert_true(walk(LOW + 5 * BLOCK).valid);
	assert_true(walk(LOW + 6 * BLOCK - 1).valid);
	assert_int_equal(walk(LOW + 5 * BLOCK + 8).pa, LOW + 5 * BLOCK + 8);
	assert_int_equal(FIELD_GET(S2_MEMATTR, walk(LOW + 5 * BLOCK).desc), S2_MEMATTR_NGNRE);
	assert_true((walk(LOW + 5 * BLOCK).desc & S2_XN) != 0);
	assert_false(walk(LOW + 5 * BLOCK - 1).valid);
	assert_false(walk(LOW + 6 * BLOCK).valid);
	/* An IOMMU may read tables past the caches. */
	assert_int_equal(cleans, 1);
	assert_int_equal(*(const uint64_t *)cleaned, walk(LOW + 5 * BLOCK).desc);
	/* Again: another CPU has been quicker. */
	assert_true(ondemand_map(&domains[0], IPA(LOW + 5 * BLOCK)));
	assert_int_equal(cleans, 1);
	assert_int_equal(lines, 1);
	assert_string_equal(line[0], "dom0: on demand: low 0x10000000..0x12002fff, at 0x10a01234 first");
	assert_true(ondemand_map(&domains[0], IPA(LOW + 16 * BLOCK)));
	assert_int_equal(lines, 1);
	assert_true(ondemand_map(&domains[0], IPA(DEVICE)));
	assert_int_equal(lines, 2);
}

static void nothing_there(void **state)
{
	static const uint64_t nothing[] = {0, DEVICE - 1, DEVICE + PAGE_SIZE, LOW - 1, LOW + LOW_SIZE, EXACT - 1,
					   EXACT + BLOCK, RAM - 1, RAM + BLOCK, UINT64_C(1) << BITS, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nothing); i++) {
		assert_false(ondemand_map(&domains[0], IPA(nothing[i])));
	}
	/* Another domain has none at all. */
	assert_false(ondemand_map(&domains[1], IPA(LOW)));
	assert_false(ondemand_map(&domains[1], IPA(RAM)));
	assert_int_equal(cleans + lines, 0);
}

static bool touched[16 + 3 + 512];

/* Blocks 0..15 of LOW, its three pages, the pages of EXACT. */
static uint64_t unit(uint32_t i, uint64_t *size)
{
	*size = i < 16 ? BLOCK : PAGE_SIZE;
	return i < 16 ? LOW + i * BLOCK : i < 19 ? LOW + 16 * BLOCK + (i - 16) * PAGE_SIZE
						  : EXACT + (i - 19) * PAGE_SIZE;
}

static void at_random(void **state)
{
	uint64_t size;

	(void)state;
	memset(touched, 0, sizeof(touched));
	srand(7);
	for (uint32_t n = 0; n < STEPS; n++) {
		uint32_t i = (uint32_t)rand() % ARRAY_SIZE(touched), k = (uint32_t)rand() % ARRAY_SIZE(touched);
		uint64_t at = unit(i, &size) + (uint64_t)rand() % PAGE_SIZE;

		if (n % 64 == 0) {
			assert_true(ondemand_map(&domains[0], IPA(at)));
			touched[i] = true;
		}
		at = unit(k, &size);
		assert_int_equal(walk(at).valid, touched[k]);
		assert_int_equal(walk(at + size - 1).valid, touched[k]);
	}
}

/* What is told in the end is what was touched, each run once. */
static void told(void **state)
{
	(void)state;
	ondemand_tell();
	assert_int_equal(lines, 0);
	(void)ondemand_map(&domains[0], IPA(LOW + 2 * BLOCK));
	(void)ondemand_map(&domains[0], IPA(LOW + 3 * BLOCK));
	(void)ondemand_map(&domains[0], IPA(LOW + 16 * BLOCK + 2 * PAGE_SIZE));
	(void)ondemand_map(&domains[0], IPA(EXACT));
	(void)ondemand_map(&domains[0], IPA(EXACT + BLOCK - 1));
	lines = 0;
	ondemand_tell();
	assert_int_equal(lines, 4);
	assert_string_equal(line[0], "dom0: was mapped on demand: low 0x10400000..0x107fffff");
	assert_string_equal(line[1], "dom0: was mapped on demand: low 0x12002000..0x12002fff");
	assert_string_equal(line[2], "dom0: was mapped on demand: exact 0x20000000..0x20000fff");
	assert_string_equal(line[3], "dom0: was mapped on demand: exact 0x201ff000..0x201fffff");
	/* A guest that touches every second page fills no console. */
	for (uint64_t at = EXACT; at < EXACT + BLOCK; at += 2 * PAGE_SIZE) {
		(void)ondemand_map(&domains[0], IPA(at));
	}
	lines = 0;
	ondemand_tell();
	assert_int_equal(lines, 257);
	assert_string_equal(line[256 % 4], "what else was mapped on demand is left out");
}

/* At power-off nobody waits until all pages of all windows were looked at. */
static void told_in_time(void **state)
{
	(void)state;
	/* One table of pages, which all of the next level's entries lead to, and so on. */
	uint64_t *root = __tables_start[maps[0].root] + VAST / GIB(1);

	(void)ondemand_map(&domains[0], IPA(EXACT));
	prepare(VAST, PAGE_SIZE, PAGE_SIZE);
	for (uint32_t i = 1; i < 512; i++) {
		__tables_start[pool.used - 2][i] = __tables_start[pool.used - 2][0];
		__tables_start[pool.used - 1][i] = __tables_start[pool.used - 1][0];
		root[i] = root[0];
	}
	lines = 0;
	ranges[3].size = VAST;
	ondemand_tell();
	ranges[3].size = 0;
	assert_int_equal(lines, 2);
	assert_string_equal(line[0], "dom0: was mapped on demand: exact 0x20000000..0x20000fff");
	assert_string_equal(line[1], "what else was mapped on demand is left out");
}

static void *race(void *arg)
{
	for (uint64_t at = EXACT; at < EXACT + BLOCK; at += PAGE_SIZE) {
		*(uint32_t *)arg += ondemand_map(&domains[0], IPA(at));
	}
	return NULL;
}

/* By two CPUs at once each page is mapped and cleaned once. */
static void two_at_once(void **state)
{
	uint32_t counts[2] = {0, 0};
	pthread_t other;

	(void)state;
	(void)ondemand_map(&domains[0], IPA(EXACT));
	for (uint32_t round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < 512; i++) {
			*stage2_leaf(&maps[0], IPA(EXACT + i * PAGE_SIZE), &(uint64_t){0}) &= ~S2_VALID;
		}
		counts[0] = counts[1] = 0;
		assert_int_equal(pthread_create(&other, NULL, race, &counts[1]), 0);
		race(&counts[0]);
		pthread_join(other, NULL);
		assert_int_equal(cleans, 1 + (round + 1) * 512);
		assert_int_equal(counts[0], 512);
		assert_int_equal(counts[1], 512);
		for (uint32_t i = 0; i < 512; i++) {
			assert_true(walk(EXACT + i * PAGE_SIZE).valid);
		}
	}
}

/* As EL2 has it: a table without a leaf that comes later is read-only, and a guest may ask for
 * what is in it all the same (Xen's dev_mmio). */
static void mapped_is_not_written(void **state)
{
	uint64_t size;
	uint64_t *leaf = stage2_leaf(&maps[0], IPA(RAM), &size);
	void *page = (void *)ALIGN_DOWN((uintptr_t)leaf, PAGE_SIZE);

	(void)state;
	assert_int_equal(mprotect(page, PAGE_SIZE, PROT_READ), 0);
	assert_true(ondemand_map(&domains[0], IPA(RAM)));
	assert_int_equal(mprotect(page, PAGE_SIZE, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(lines + cleans, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_access, setup),  cmocka_unit_test_setup(nothing_there, setup),
		cmocka_unit_test_setup(at_random, setup),     cmocka_unit_test_setup(told, setup),
		cmocka_unit_test_setup(told_in_time, setup),
		cmocka_unit_test_setup(two_at_once, setup),   cmocka_unit_test_setup(mapped_is_not_written, setup),
	};

	return cmocka_run_group_tests_name("ondemand", tests, NULL, NULL);
}
