// SPDX-License-Identifier: Apache-2.0
// sources: hv/mm/window.c tests/models/model.c
/*
 * The window onto guests' memory, on a machine whose memory appears where the window's
 * descriptors say, from the TLB maintenance on that makes them count.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/cpu.h"
#include "mm/window.h"
#include "tables.h"

#define VA_BASE UINT64_C(0x200000000000) /* a 1 GiB slot of the host's addresses */
#define RAM UINT64_C(0x80000000)
#define RAM_PAGES 64
#define RAM_SIZE (RAM_PAGES * PAGE_SIZE)
#define BIG_PAGES 2048 /* so much is only zeroed */
#define BIG_SIZE (BIG_PAGES * PAGE_SIZE)

#define DESC_ADDR GENMASK64(47, 12)
#define DESC_NORMAL (BIT64(54) | BIT64(10) | FIELD_PREP(GENMASK64(9, 8), 3) | BIT64(6) | BIT64(2) | 3)
#define DESC_DEVICE (BIT64(54) | BIT64(10) | BIT64(6) | 3)

static uint64_t level2[512];
const struct board_tables board = {.window = {.va = VA_BASE, .table = level2}};

static int memory;              /* the machine's, from RAM on */
static uint8_t *ram;            /* the same for the test */
static bool touched[BIG_PAGES]; /* was mapped for EL2 */
static uint64_t expected;       /* descriptor without address */
static uint32_t mapped;         /* pages now */
static uint8_t cleaned[RAM_SIZE], flushed[RAM_SIZE];

static void show(void *at, uint64_t pa, uint64_t size)
{
	assert_in_range(pa, RAM, RAM + BIG_SIZE - size);
	for (uint64_t i = 0; i < size / PAGE_SIZE; i++) {
		touched[(pa - RAM) / PAGE_SIZE + i] = true;
	}
	mapped++;
	if (mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, memory,
		 (off_t)(pa - RAM)) != at) {
		fail_msg("the slot was not empty");
	}
}

static void hide(void *at, uint64_t size)
{
	if (munmap(at, size) != 0) {
		fail();
	}
	mapped -= mapped != 0;
}

/* A block of 2 MiB, for zeroes alone. */
static void walk_block(va_t va)
{
	uint64_t entry = level2[(va.va - VA_BASE) >> 21];

	assert_int_equal(va.va % MIB(2), 0);
	if (entry == 0) {
		hide((void *)(uintptr_t)va.va, MIB(2));
		return;
	}
	assert_int_equal(entry & ~DESC_ADDR, DESC_NORMAL & ~UINT64_C(2));
	assert_int_equal(entry & DESC_ADDR & (MIB(2) - 1), 0);
	show((void *)(uintptr_t)va.va, entry & DESC_ADDR, MIB(2));
}

/* The walk that the MMU makes after the flush. */
void arch_tlb_flush_el2(va_t va)
{
	const uint64_t *level3 = (const uint64_t *)(uintptr_t)(level2[(va.va - VA_BASE) >> 21] & DESC_ADDR);
	uint64_t entry;
	void *page = (void *)(uintptr_t)va.va;

	if (va.va - VA_BASE >= MIB(2)) {
		walk_block(va);
		return;
	}
	assert_int_equal(va.va % PAGE_SIZE, 0);
	assert_int_equal(level2[0] & ~DESC_ADDR, 3);
	entry = level3[(va.va >> 12) % 512];
	if (entry == 0) {
		hide(page, PAGE_SIZE);
		return;
	}
	assert_int_equal(entry & ~DESC_ADDR, expected);
	show(page, entry & DESC_ADDR, PAGE_SIZE);
}

/* Where of the machine's memory EL2 is with p. */
static uint64_t offset_of(const void *p, uint64_t size)
{
	const uint64_t *level3 = (const uint64_t *)(uintptr_t)(level2[0] & DESC_ADDR);
	uint64_t va = (uint64_t)(uintptr_t)p;

	assert_true(va % PAGE_SIZE + size <= PAGE_SIZE);
	return (level3[(va >> 12) % 512] & DESC_ADDR) - RAM + va % PAGE_SIZE;
}

void arch_dcache_clean(const void *p, uint64_t size)
{
	memset(&cleaned[offset_of(p, size)], 1, size);
}

void arch_dcache_flush(const void *p, uint64_t size)
{
	memset(&flushed[offset_of(p, size)], 1, size);
}

void arch_zero(void *p, uint64_t size)
{
	assert_int_equal((uint64_t)(uintptr_t)p % size, 0);
	memset(p, 0, size);
}

static void start(uint64_t desc)
{
	if (ram == NULL) {
		memory = memfd_create("ram", 0);
		assert_int_equal(ftruncate(memory, (off_t)BIG_SIZE), 0);
		ram = mmap(NULL, BIG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
		assert_ptr_not_equal(ram, MAP_FAILED);
	}
	memset(level2, 0, sizeof(level2));
	memset(touched, 0, sizeof(touched));
	memset(cleaned, 0, sizeof(cleaned));
	memset(flushed, 0, sizeof(flushed));
	for (uint64_t i = 0; i < RAM_SIZE; i++) {
		ram[i] = (uint8_t)(i * 7 + i / 256);
	}
	expected = desc;
	mapped = 0;
	window_init();
}

/* All of [from, from + size) and nothing else: pages mapped, bytes marked. */
static void only(const bool *pages, const uint8_t *bytes, uint64_t from, uint64_t size)
{
	for (uint64_t i = 0; i < RAM_SIZE && bytes != NULL; i++) {
		assert_int_equal(bytes[i], i - from < size);
	}
	for (uint64_t i = 0; i < RAM_PAGES && pages != NULL; i++) {
		assert_int_equal(pages[i], size != 0 && i >= from / PAGE_SIZE && i <= (from + size - 1) / PAGE_SIZE);
	}
	assert_int_equal(mapped, 0);
}

static void writes(void **state)
{
	static const struct {
		uint64_t at, size;
	} cases[] = {{0, 1}, {PAGE_SIZE - 1, 2}, {100, 3 * PAGE_SIZE}, {PAGE_SIZE, PAGE_SIZE}, {8191, 1},
		     {5 * PAGE_SIZE + 1, 2 * PAGE_SIZE - 1}, {RAM_SIZE - 1, 1}, {7, 0}};
	static uint8_t text[4 * PAGE_SIZE];

	(void)state;
	memset(text, 0xee, sizeof(text));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		start(DESC_NORMAL);
		window_write(63, PA(RAM + cases[i].at), text, cases[i].size);
		for (uint64_t n = 0; n < RAM_SIZE; n++) {
			bool in = n - cases[i].at < cases[i].size;

			assert_int_equal(ram[n], in ? 0xee : (uint8_t)(n * 7 + n / 256));
		}
		only(touched, cleaned, cases[i].at, cases[i].size);
	}
}

static void copies(void **state)
{
	const uint64_t to = 40 * PAGE_SIZE + 1000, from = 3 * PAGE_SIZE + 3000, size = 5 * PAGE_SIZE + 17;

	(void)state;
	start(DESC_NORMAL);
	window_copy(0, PA(RAM + to), PA(RAM + from), size);
	assert_memory_equal(ram + to, ram + from, size);
	only(NULL, cleaned, to, size);
	for (uint64_t i = 0; i < RAM_PAGES; i++) {
		bool source = i >= from / PAGE_SIZE && i <= (from + size - 1) / PAGE_SIZE;
		bool target = i >= to / PAGE_SIZE && i <= (to + size - 1) / PAGE_SIZE;

		assert_int_equal(touched[i], source || target);
	}
}

static void flushes(void **state)
{
	(void)state;
	start(DESC_DEVICE);
	window_flush(5, PA(RAM + PAGE_SIZE - 64), 2 * PAGE_SIZE);
	only(touched, flushed, PAGE_SIZE - 64, 2 * PAGE_SIZE);
}

/* By 2 MiB where all of that is to be zeroed; never anything beside it. */
static void zeroes(void **state)
{
	static const struct {
		uint64_t at, count;
	} cases[] = {{0, 512}, {511, 514}, {3, 1}, {0, BIG_PAGES}, {513, 1100}, {512, 1023}, {5, 0}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		start(DESC_NORMAL);
		memset(ram, 0xee, BIG_SIZE);
		window_zero(i % 2 == 0 ? 0 : 63, PA(RAM + cases[i].at * PAGE_SIZE), cases[i].count * PAGE_SIZE);
		for (uint64_t n = 0; n < BIG_PAGES; n++) {
			bool in = n - cases[i].at < cases[i].count;

			assert_int_equal(touched[n], in);
			for (uint64_t k = 0; k < PAGE_SIZE; k += 8) {
				uint64_t word;

				memcpy(&word, ram + n * PAGE_SIZE + k, sizeof(word));
				assert_true(word == (in ? 0 : UINT64_C(0xeeeeeeeeeeeeeeee)));
			}
		}
		assert_int_equal(mapped, 0);
	}
}

/* Each CPU has slots of its own. */
static void slots(void **state)
{
	void *seen[CPUS_MAX][WINDOW_SLOTS];

	(void)state;
	start(DESC_NORMAL);
	for (uint32_t c = 0; c < CPUS_MAX; c++) {
		for (uint32_t n = 0; n < WINDOW_SLOTS; n++) {
			uint64_t at = c % RAM_PAGES * PAGE_SIZE + 8 * n;

			seen[c][n] = window_map(c, n, PA(RAM + at));
			assert_in_range((uint64_t)(uintptr_t)seen[c][n], VA_BASE, VA_BASE + GIB(1) - 1);
			assert_memory_equal(seen[c][n], ram + at, 8);
		}
	}
	assert_int_equal(mapped, CPUS_MAX * WINDOW_SLOTS);
	for (uint32_t c = 0; c < CPUS_MAX; c++) {
		for (uint32_t n = 0; n < WINDOW_SLOTS; n++) {
			window_unmap(c, n);
		}
	}
	assert_int_equal(mapped, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(copies),
		cmocka_unit_test(flushes),
		cmocka_unit_test(slots),
		cmocka_unit_test(zeroes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
