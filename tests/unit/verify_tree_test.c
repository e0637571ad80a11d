// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/* The verifier on the domains' device trees: addresses that are not where the domain finds the thing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/fdt.h"
#include "verify/subject.h"

struct fixture {
	struct good good;
	struct mem mem;
	struct board board;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	good_build(&f.good);
	assert_true(board_read(&f.board, &f.mem, "tests/unit/verify", "system", 0));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	good_free(&f->good);
	mem_free(&f->mem);
	return 0;
}

static struct report *verify(struct fixture *f)
{
	static struct elf elf;
	static struct subject subject;
	struct report *r = mem_alloc(&f->mem, 1, sizeof(*r));
	char error[ELF_ERROR_MAX];

	report_init(r, &f->mem);
	assert_true(elf_open(&elf, f->good.file, f->good.size, error));
	assert_true(subject_verify(&subject, &f->mem, &elf, &f->board, r, error));
	return r;
}

/* All of a tree's addresses: word `word` of the reg of the node with this compatible, in the tree of a
 * domain, becomes `value`. */
static const struct {
	const char *name;
	int domain;
	const char *compatible;
	size_t word; /* of 64 bits */
	uint64_t value;
	enum property property;
} breaks[] = {
	{"the distributor elsewhere", 0, "arm,gic-v3", 0, 0x08010000, PROPERTY_INTERRUPTS},
	{"the distributor smaller", 0, "arm,gic-v3", 1, 0x1000, PROPERTY_INTERRUPTS},
	{"redistributors elsewhere", 1, "arm,gic-v3", 2, 0x080c0000, PROPERTY_INTERRUPTS},
	{"too few redistributors", 1, "arm,gic-v3", 3, 0x10000, PROPERTY_INTERRUPTS},
	{"the console elsewhere", 1, "arm,pl011", 0, 0x09010000, PROPERTY_INTERRUPTS},
	{"the SMMU elsewhere", 1, "arm,smmu-v3", 0, 0x0f010000, PROPERTY_INTERRUPTS},
	{"the SMMU smaller", 1, "arm,smmu-v3", 1, 0x10000, PROPERTY_INTERRUPTS},
	{"the control interface elsewhere", 1, "bulkhead,control", 0, 0x0f101000, PROPERTY_INTERRUPTS},
	{"the watchdog's control frame elsewhere", 1, "arm,sbsa-gwdt", 0, 0x0f121000, PROPERTY_INTERRUPTS},
	{"the watchdog's refresh frame elsewhere", 1, "arm,sbsa-gwdt", 2, 0x0f131000, PROPERTY_INTERRUPTS},
	{"the doorbell at the other's place", 1, "arm,pl061", 0, 0x0f180000, PROPERTY_INTERRUPTS},
	{"a device elsewhere", 1, "acme,device", 0, 0x0a001000, PROPERTY_OWNERS},
	{"a device too large", 1, "acme,device", 1, 0x1001, PROPERTY_OWNERS},
	{"a device that goes round", 1, "acme,device", 1, UINT64_MAX, PROPERTY_OWNERS},
};

static void test_good(void **state)
{
	assert_true(report_holds(verify(*state)));
}

static void test_breaks(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(breaks); i++) {
		void *fdt = f->good.rodata->dtb[breaks[i].domain];
		int node = fdt_node_offset_by_compatible(fdt, -1, breaks[i].compatible);
		fdt64_t old, now = cpu_to_fdt64(breaks[i].value);
		uint8_t *reg;

		assert_true(node >= 0);
		reg = fdt_getprop_w(fdt, node, "reg", NULL);
		memcpy(&old, reg + 8 * breaks[i].word, 8);
		memcpy(reg + 8 * breaks[i].word, &now, 8);
		if (verify(f)->results[breaks[i].property].failed == 0) {
			fail_msg("not seen: %s", breaks[i].name);
		}
		memcpy(reg + 8 * breaks[i].word, &old, 8);
	}
	assert_true(report_holds(verify(f)));
}

/* Memory that is not there. */
static void test_memory(void **state)
{
	struct fixture *f = *state;
	void *fdt = f->good.rodata->dtb[1];
	int node = fdt_path_offset(fdt, "/memory");
	fdt64_t *reg = fdt_getprop_w(fdt, node, "reg", NULL);

	reg[1] = cpu_to_fdt64(GOOD_GUEST_SIZE + 0x1000);
	assert_int_not_equal(verify(f)->results[PROPERTY_OWNERS].failed, 0);
	reg[1] = cpu_to_fdt64(GOOD_GUEST_SIZE);
	assert_true(report_holds(verify(f)));
}

/* Whatever the bytes are, they are read within their bounds and judged. */
static void test_damage(void **state)
{
	struct fixture *f = *state;
	uint8_t *fdt = f->good.rodata->dtb[1];
	uint32_t size = fdt_totalsize(fdt);
	uint8_t *copy = malloc(size);
	uint64_t random = 0x9e3779b97f4a7c15;

	for (int i = 0; i < 200000; i++) {
		struct fdt_ranges ranges;
		struct mem mem = {NULL};

		memcpy(copy, fdt, size);
		for (int k = 0; k < 1 + i % 3; k++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			copy[(random >> 33) % size] ^= (uint8_t)(random >> 20);
		}
		(void)fdt_read(&mem, copy, i % 16 == 0 ? random % (size + 1) : size, &ranges);
		mem_free(&mem);
	}
	free(copy);
	memset(fdt, 0, 4);
	assert_int_not_equal(verify(f)->results[PROPERTY_OWNERS].failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_breaks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
	};

	return cmocka_run_group_tests_name("verify_tree", tests, NULL, NULL);
}
