// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/fdt.c tests/models/model.c
/* The hypervisor's command line in firmware's device tree, as libfdt makes one, and damaged. */
#include <libfdt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firmware/fdt.h"
#include "mm/window.h"
#include "tables.h"

#define RAM UINT64_C(0x40000000)
#define RAM_SIZE 0x4000
#define AT 0xfe8u /* the tree begins at the end of a page */

static const struct mem_range ram = {RAM, RAM_SIZE};
static const struct domain_desc desc = {.ram = &ram, .ram_count = 1};
const struct board_tables board = {.domain_count = 1, .domains = &desc};

static _Alignas(4096) uint8_t memory[RAM_SIZE];
static bool open;

void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	assert_true(cpu == 0 && slot == 0 && !open && pa.pa - RAM < RAM_SIZE);
	open = true;
	return memory + (pa.pa - RAM);
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	assert_true(cpu == 0 && slot == 0 && open);
	open = false;
}

static void tree(const char *node, const char *property, const char *value)
{
	void *f = memory + AT;

	memset(memory, 0, sizeof(memory));
	assert_int_equal(fdt_create(f, 0x2000), 0);
	assert_int_equal(fdt_finish_reservemap(f), 0);
	assert_int_equal(fdt_begin_node(f, ""), 0);
	assert_int_equal(fdt_property_string(f, "bootargs", "of the root"), 0);
	assert_int_equal(fdt_begin_node(f, "other"), 0);
	assert_int_equal(fdt_property_string(f, "bootargs", "of another"), 0);
	assert_int_equal(fdt_begin_node(f, "chosen"), 0);
	assert_int_equal(fdt_property_string(f, "bootargs", "deeper"), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_begin_node(f, node), 0);
	assert_int_equal(fdt_property_u32(f, "linux,initrd-start", 1), 0);
	assert_int_equal(fdt_property(f, property, value, (int)strlen(value) + 1), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_finish(f), 0);
}

static void bootargs_are_found(void **state)
{
	char text[32];

	(void)state;
	tree("chosen", "bootargs", "xen-dma.dom0=direct-mapped");
	assert_true(fdt_bootargs(0, PA(RAM + AT), text, sizeof(text)));
	assert_string_equal(text, "xen-dma.dom0=direct-mapped");
	assert_true(fdt_bootargs(0, PA(RAM + AT), text, 8));
	assert_string_equal(text, "xen-dma");
	tree("chosen", "bootargs", "");
	assert_true(fdt_bootargs(0, PA(RAM + AT), text, sizeof(text)));
	assert_string_equal(text, "");
}

static void without_them(void **state)
{
	char text[32];

	(void)state;
	tree("chosen", "stdout-path", "bootargs");
	assert_false(fdt_bootargs(0, PA(RAM + AT), text, sizeof(text)));
	tree("chosen0", "bootargs", "x");
	assert_false(fdt_bootargs(0, PA(RAM + AT), text, sizeof(text)));
}

/* What is in x0 may be anything. */
static void no_tree(void **state)
{
	const uint64_t at[] = {0, 1, RAM + AT + 4, RAM + 8, RAM + RAM_SIZE, RAM + RAM_SIZE - 8, UINT64_MAX - 7,
			       UINT64_C(0x09000000)};
	char text[32];

	(void)state;
	tree("chosen", "bootargs", "x");
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		assert_false(fdt_bootargs(0, PA(at[i]), text, sizeof(text)));
	}
	/* Its end is in no RAM. */
	memmove(memory + RAM_SIZE - 64, memory + AT, 64);
	assert_false(fdt_bootargs(0, PA(RAM + RAM_SIZE - 64), text, sizeof(text)));
}

static void trouble_is(uint64_t at, const char *what)
{
	const char *why = fdt_trouble(0, PA(at));

	assert_int_equal(why == NULL, what == NULL);
	if (why != NULL) {
		assert_string_equal(why, what);
	}
}

/* Why nothing is read, for the console. */
static void trouble(void **state)
{
	uint32_t large = __builtin_bswap32(RAM_SIZE), size;

	(void)state;
	tree("chosen", "bootargs", "x");
	trouble_is(RAM + AT, NULL);
	trouble_is(RAM + AT + 8, "is none");
	trouble_is(RAM + AT + 4, "is none");
	trouble_is(UINT64_C(0x09000000), "is not in a domain's RAM");
	trouble_is(RAM - 8, "is not in a domain's RAM");
	trouble_is(RAM + RAM_SIZE - 8, "is not in a domain's RAM");
	trouble_is(UINT64_MAX - 7, "is not in a domain's RAM");
	memcpy(memory + AT + 4, &large, sizeof(large));
	trouble_is(RAM + AT, "is not in a domain's RAM, not all of it");
	size = 0;
	memcpy(memory + AT + 4, &size, sizeof(size));
	trouble_is(RAM + AT, "is damaged");
	size = UINT32_MAX;
	memcpy(memory + AT + 4, &size, sizeof(size));
	trouble_is(RAM + AT, "is damaged");
}

/* Every word of it changed: it comes to an end, in RAM. */
static void damaged(void **state)
{
	static const uint32_t values[] = {0, 1, 2, 3, 9, 0x10, 0xffff, 0x7fffffff, 0xfffffffc, 0xffffffff};
	uint8_t text[34];
	uint32_t size;

	(void)state;
	tree("chosen", "bootargs", "xen-dma.dom0=direct-mapped");
	size = fdt_totalsize(memory + AT);
	for (uint32_t i = 0; i < size; i += 4) {
		for (size_t n = 0; n < ARRAY_SIZE(values); n++) {
			uint32_t value = __builtin_bswap32(values[n]), was;

			memcpy(&was, memory + AT + i, 4);
			memcpy(memory + AT + i, &value, 4);
			memset(text, 0x5a, sizeof(text));
			(void)fdt_bootargs(0, PA(RAM + AT), (char *)text, 32);
			assert_true(text[32] == 0x5a && text[33] == 0x5a && !open);
			memcpy(memory + AT + i, &was, 4);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bootargs_are_found),
		cmocka_unit_test(without_them),
		cmocka_unit_test(no_tree),
		cmocka_unit_test(trouble),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
