// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * GIC ranges that image and YAML agree on, and that no GIC has: too short, askew, one
 * on the other, in RAM. The verifier names them whatever else it finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

static struct mem board_mem;
static struct board board_yaml;

struct gic_case {
	const char *text; /* of the finding; NULL: none of this kind */
	uint32_t version;
	struct mem_range gicd, gicr, gicc, gich, gicv;
};

#define V3D {0x08000000, 0x10000}
#define V3R {0x080a0000, 0x40000}
#define NONE {0, 0}
#define GICC {0x08010000, 0x2000}
#define GICH {0x08030000, 0x200}
#define GICV {0x08040000, 0x2000}

static const struct gic_case cases[] = {
	{NULL, 3, V3D, V3R, NONE, NONE, NONE},
	{NULL, 3, V3D, {0x080a0000, 0xf60000}, NONE, NONE, NONE},
	{"distributor has", 3, {0x08000000, 0xf000}, V3R, NONE, NONE, NONE},
	{"distributor has", 3, {0x08000000, 0x1000}, V3R, NONE, NONE, NONE},
	{"distributor has", 3, {0x08008000, 0x10000}, V3R, NONE, NONE, NONE},
	{"redistributors has", 3, V3D, {0x080a0000, 0x3f000}, NONE, NONE, NONE},
	{"redistributors has", 3, V3D, {0x080a1000, 0x40000}, NONE, NONE, NONE},
	{"have a page in common", 3, {0x080a0000, 0x10000}, V3R, NONE, NONE, NONE},
	{"distributor is where RAM is", 3, {0x41000000, 0x10000}, V3R, NONE, NONE, NONE},
	{"redistributors is where RAM is", 3, V3D, {0x43ec0000, 0x40000}, NONE, NONE, NONE},
	{NULL, 3, {0x43f00000, 0x10000}, V3R, NONE, NONE, NONE}, /* reserved */
	{NULL, 2, {0x08000000, 0x1000}, NONE, GICC, GICH, GICV},
	{"distributor has", 2, {0x08000000, 0x800}, NONE, GICC, GICH, GICV},
	{"physical CPU interface has", 2, V3D, NONE, {0x08010000, 0x1000}, GICH, GICV},
	{"hypervisor interface has", 2, V3D, NONE, GICC, {0x08030000, 0x100}, GICV},
	{"virtual CPU interface has", 2, V3D, NONE, GICC, GICH, {0x08040000, 0x1000}},
	{"virtual CPU interface has", 2, V3D, NONE, GICC, GICH, {0x08040800, 0x2000}},
	{"virtual CPU interface has at most", 2, V3D, NONE, GICC, GICH, {0x08040000, 0x21000}},
	{"physical CPU interface has at most", 2, V3D, NONE, {0x08050000, 0x30000}, GICH, {0x08040000, 0x10000}},
	{NULL, 2, V3D, NONE, {0x08050000, 0x20000}, GICH, {0x08080000, 0x20000}},
	{"have a page in common", 2, V3D, NONE, GICC, GICH, {0x0802f000, 0x2000}},
	{"have a page in common", 2, V3D, NONE, GICC, GICH, {0x08010000, 0x2000}},
	{"virtual CPU interface is where RAM is", 2, V3D, NONE, GICC, GICH, {0x41000000, 0x2000}},
};

static struct range range_of(struct mem_range r)
{
	return (struct range){.base = r.base, .size = r.size};
}

static bool told(const struct report *r, const char *text)
{
	const struct result *result = &r->results[PROPERTY_HYPERVISOR];

	for (uint64_t i = 0; i < result->failed && i < FINDINGS_MAX; i++) {
		if (strstr(result->findings[i].text, text) != NULL) {
			return true;
		}
	}
	return false;
}

static void check(const struct gic_case *c, size_t index)
{
	static struct report report;
	static struct subject subject;
	static struct elf elf;
	struct mem mem = {NULL};
	struct board b = board_yaml;
	struct good g;
	char error[ELF_ERROR_MAX];

	good_build(&g);
	g.rodata->board.gic = (struct gic_desc){.version = c->version, .maintenance = 25, .gicd = c->gicd,
						.gicr = c->gicr, .gicc = c->gicc, .gich = c->gich,
						.gicv = c->gicv};
	b.gic.version = c->version;
	b.gic.gicd = range_of(c->gicd);
	b.gic.gicr = range_of(c->gicr);
	b.gic.gicc = range_of(c->gicc);
	b.gic.gich = range_of(c->gich);
	b.gic.gicv = range_of(c->gicv);
	report_init(&report, &mem);
	assert_true(elf_open(&elf, g.file, g.size, error));
	assert_true(subject_verify(&subject, &mem, &elf, &b, &report, error));
	if (c->text != NULL && !told(&report, c->text)) {
		report_print_text(&report, stderr, c->text);
		fail_msg("case %zu: '%s' is not told", index, c->text);
	}
	if (c->text == NULL && (told(&report, "bytes of registers") || told(&report, "where RAM is") ||
				told(&report, "have a page in common"))) {
		fail_msg("case %zu: found wrong", index);
	}
	good_free(&g);
	mem_free(&mem);
}

static void test_registers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check(&cases[i], i);
	}
}

/* The first SMMU's registers as given, in the list of SMMUs and in that of IOMMUs. */
static bool told_of_smmu(struct range reg, const char *text)
{
	static struct report report;
	static struct subject subject;
	static struct elf elf;
	struct mem mem = {NULL};
	struct board b = board_yaml;
	struct smmu smmus[2] = {board_yaml.smmus[0], board_yaml.smmus[1]};
	struct range iommus[4] = {reg, board_yaml.iommus[1], board_yaml.iommus[2], board_yaml.iommus[3]};
	struct good g;
	char error[ELF_ERROR_MAX];
	bool found;

	assert_int_equal(b.smmu_count, 2);
	assert_int_equal(b.iommu_count, 4);
	smmus[0].reg = reg;
	b.smmus = smmus;
	b.iommus = iommus;
	good_build(&g);
	report_init(&report, &mem);
	assert_true(elf_open(&elf, g.file, g.size, error));
	assert_true(subject_verify(&subject, &mem, &elf, &b, &report, error));
	found = told(&report, text);
	good_free(&g);
	mem_free(&mem);
	return found;
}

static void test_smmu(void **state)
{
	(void)state;
	assert_false(told_of_smmu(board_yaml.smmus[0].reg, "smmu0 "));
	assert_true(told_of_smmu((struct range){.base = 0x0e000000, .size = 0x10000}, "smmu0 has 0x20000 bytes"));
	assert_true(told_of_smmu((struct range){.base = 0x0e008000, .size = 0x20000}, "smmu0 has 0x20000 bytes"));
	assert_true(told_of_smmu((struct range){.base = 0x41000000, .size = 0x20000}, "smmu0 is where RAM is"));
	assert_true(told_of_smmu((struct range){.base = 0x0e000000, .size = 0x800}, "an IOMMU has 0x1000 bytes"));
}

static int setup(void **state)
{
	(void)state;
	return board_read(&board_yaml, &board_mem, "tests/unit/verify", "system", 0) ? 0 : 1;
}

static int teardown(void **state)
{
	(void)state;
	mem_free(&board_mem);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_smmu),
	};

	return cmocka_run_group_tests_name("verify_gic", tests, setup, teardown);
}
