// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/* The verifier on shared memory and doorbells: each deliberate break is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

#define ALL UINT64_MAX
#define XN BIT64(54)
#define FIELD(f) offsetof(struct good_rodata, f)
#define WRITE UINT64_C(0x80)
#define PAGE_S2(pa) ((pa) | ATTR_S2_RAM | 2)

/* What a break changes: (old & ~clear) | set, in `bytes` bytes of the descriptor of an IPA, or
 * of struct good_rodata. */
enum where { DOM0, GUEST1, STRUCT };

static const struct {
	const char *name;
	enum where where;
	uint64_t at;
	unsigned int bytes;
	uint64_t clear;
	uint64_t set;
	enum property property;
} breaks[] = {
	{"shared memory that is others', too", DOM0, GOOD_STORE + 0x2000, 8, ALL, PAGE_S2(GOOD_RING),
	 PROPERTY_OWNERS},
	{"shared memory missing", GUEST1, 0x10100000, 8, ALL, 0, PROPERTY_OWNERS},
	{"shared memory in another order", GUEST1, 0x10100000, 8, 0, 0x1000, PROPERTY_OWNERS},
	{"one side's shared memory elsewhere", GUEST1, 0x10100000, 8, 0x800000, 0, PROPERTY_OWNERS},
	{"shared memory twice", GUEST1, 0x40200000, 8, ALL, GOOD_RING | ATTR_S2_RAM | 2, PROPERTY_OWNERS},
	{"RAM scrubbed as shared memory", STRUCT, FIELD(shared.base), 8, ALL, GOOD_GUEST_RAM, PROPERTY_OWNERS},
	{"shared memory not all scrubbed", STRUCT, FIELD(shared.size), 8, ALL, 0x1000, PROPERTY_OWNERS},
	{"shared memory not scrubbed", STRUCT, FIELD(board.shared_count), 8, ALL, 0, PROPERTY_OWNERS},
	{"shared memory in a domain's RAM", STRUCT, FIELD(ram[0][2].size), 8, ALL, 0x700000, PROPERTY_OWNERS},
	{"shared memory written by who reads it", GUEST1, 0x10100000, 8, 0, WRITE, PROPERTY_ATTRIBUTES},
	{"shared memory cached", DOM0, 0x10000000, 8, 0, 0x328, PROPERTY_ATTRIBUTES},
	{"shared memory executable", DOM0, 0x10001000, 8, XN, 0, PROPERTY_ATTRIBUTES},
	{"a doorbell of one domain alone", STRUCT, FIELD(doorbell.end[1].domain), 4, ALL, 0,
	 PROPERTY_INTERRUPTS},
	{"a doorbell of no domain", STRUCT, FIELD(doorbell.end[0].domain), 4, 0, 2, PROPERTY_INTERRUPTS},
	{"a doorbell that rings the console", STRUCT, FIELD(doorbell.end[1].intid), 4, ALL, 52,
	 PROPERTY_INTERRUPTS},
	{"a doorbell less", STRUCT, FIELD(board.doorbell_count), 8, ALL, 0, PROPERTY_INTERRUPTS},
	{"a doorbell's other end", STRUCT, FIELD(windows[1][6].index), 2, ALL, 0, PROPERTY_INTERRUPTS},
	{"a doorbell of others", STRUCT, FIELD(windows[0][3].index), 2, ALL, 2, PROPERTY_INTERRUPTS},
	{"a doorbell's interrupt missing", STRUCT, FIELD(domains[1].virq_mask[2]), 4, BIT32(9), 0,
	 PROPERTY_INTERRUPTS},
	{"a doorbell's interrupt by edge", STRUCT, FIELD(domains[0].irq_edge[2]), 4, 0, BIT32(8),
	 PROPERTY_INTERRUPTS},
};

static struct mem board_mem;
static struct board board_yaml;

static void apply(struct good *g, size_t i)
{
	uint64_t value = 0;
	void *p = breaks[i].where == STRUCT ? (uint8_t *)g->rodata + breaks[i].at
					    : (void *)good_leaf(g, breaks[i].where == GUEST1, breaks[i].at);

	memcpy(&value, p, breaks[i].bytes);
	value = (value & ~breaks[i].clear) | breaks[i].set;
	memcpy(p, &value, breaks[i].bytes);
}

static void test_breaks(void **state)
{
	static struct subject s;
	static struct report report;
	static struct elf elf;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(breaks); i++) {
		char error[ELF_ERROR_MAX];
		struct mem m = {NULL};
		struct good g;

		good_build(&g);
		apply(&g, i);
		report_init(&report, &m);
		assert_true(elf_open(&elf, g.file, g.size, error));
		assert_true(subject_verify(&s, &m, &elf, &board_yaml, &report, error));
		if (report.results[breaks[i].property].failed == 0) {
			report_print_text(&report, stderr, breaks[i].name);
			fail_msg("not caught: %s", breaks[i].name);
		}
		mem_free(&m);
		good_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_breaks),
	};
	int status;

	if (!board_read(&board_yaml, &board_mem, "tests/unit/verify", "system", 0)) {
		return 1;
	}
	status = cmocka_run_group_tests_name("verify_shared", tests, NULL, NULL);
	mem_free(&board_mem);
	return status;
}
