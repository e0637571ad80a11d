// SPDX-License-Identifier: Apache-2.0
// sources: hv/mm/shared.c tests/models/model.c
/* Memory that domains share is zeroed, in memory and not in a cache alone, before anybody
 * may have it: on a machine whose cache keeps what is written until it is cleaned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mm/shared.h"
#include "mm/window.h"
#include "tables.h"

#define RAM UINT64_C(0x80000000)
#define PAGES 16

static const struct mem_range shared[] = {{RAM + PAGE_SIZE, 3 * PAGE_SIZE}, {RAM + 7 * PAGE_SIZE, PAGE_SIZE}};
const struct board_tables board = {.shared = shared, .shared_count = ARRAY_SIZE(shared)};

static uint8_t memory[PAGES][PAGE_SIZE]; /* what is in RAM */
static uint8_t cache[PAGES][PAGE_SIZE];  /* what the hypervisor sees */
static bool dirty[PAGES], cached[PAGES];

/* To the point of coherency; that the lines stay in the cache is what window_flush() is for. */
void window_zero(uint32_t cpu, pa_t pa, uint64_t size)
{
	assert_int_equal(cpu, 5);
	assert_int_equal(pa.pa % PAGE_SIZE, 0);
	assert_int_equal(size % PAGE_SIZE, 0);
	assert_in_range(pa.pa, RAM, RAM + (PAGES - 1) * PAGE_SIZE);
	for (uint64_t i = (pa.pa - RAM) / PAGE_SIZE; size > 0; i++, size -= PAGE_SIZE) {
		memset(cache[i], 0, PAGE_SIZE);
		memcpy(memory[i], cache[i], PAGE_SIZE);
		dirty[i] = false;
		cached[i] = true;
	}
}

void window_flush(uint32_t cpu, pa_t pa, uint64_t size)
{
	assert_int_equal(cpu, 5);
	for (uint64_t i = (pa.pa - RAM) / PAGE_SIZE; size > 0; i++, size -= PAGE_SIZE) {
		if (dirty[i]) {
			memcpy(memory[i], cache[i], PAGE_SIZE);
		}
		dirty[i] = false;
		cached[i] = false;
	}
}

static bool is_shared(uint32_t page)
{
	return (page >= 1 && page < 4) || page == 7;
}

static void zeroed(void **state)
{
	(void)state;
	memset(memory, 0xa5, sizeof(memory));
	memset(cache, 0x5a, sizeof(cache));
	for (uint32_t i = 0; i < PAGES; i++) {
		dirty[i] = is_shared(i); /* as firmware left it */
		cached[i] = is_shared(i);
	}
	shared_init(5);
	for (uint32_t i = 0; i < PAGES; i++) {
		for (uint32_t n = 0; n < PAGE_SIZE; n++) {
			assert_int_equal(memory[i][n], is_shared(i) ? 0 : 0xa5);
		}
		assert_false(dirty[i]);
		assert_false(cached[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
