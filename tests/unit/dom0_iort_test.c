// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* IORT for a domain that has not all of the machine's SMMUs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dom0/machine.h"

#define SMMU 72u /* in the IORT of acpi/firmware.c; behind it its mapping */
#define SMMU_MAP (SMMU + 68u)
#define ROOT_MAP (160u + 36u)
#define END 276u

static struct dom0_machine m;
static struct acpi_machine seen;

static void handed(void)
{
	struct acpi_trouble trouble;

	fw_sum();
	if (!dom0_make_all(&m)) {
		fail_msg("%s+%u %s", m.trouble.table, m.trouble.offset, m.trouble.what);
	}
	const char *wrong = dom0_check(&m);
	if (wrong != NULL) {
		fail_msg("%s", wrong);
	}
	fw_also(m.out.pa, m.out.bytes, m.out.size);
	assert_true(acpi_read(&seen, m.out.rsdp, &trouble));
	dom0_forget(&m);
}

static void map_is(uint32_t i, uint32_t source, uint32_t first, uint32_t last, uint32_t out, uint32_t smmu)
{
	assert_true(i < seen.map_count);
	assert_int_equal(seen.maps[i].source, source);
	assert_int_equal(seen.maps[i].first, first);
	assert_int_equal(seen.maps[i].last, last);
	assert_int_equal(seen.maps[i].out, out);
	assert_int_equal(seen.maps[i].smmu, smmu);
}

static void start(void)
{
	dom0_machine(&m);
	dom0_without(&m, WINDOW_VSMMUV3);
}

/* IDs go to the ITS as if the SMMU had been passed. */
static void none_of_one(void **state)
{
	(void)state;
	start();
	handed();
	assert_int_equal(seen.smmu_count, 0);
	assert_int_equal(seen.map_count, 2);
	map_is(0, ACPI_NAMED, 0, 0, 0xff00, ACPI_ITS);
	map_is(1, ACPI_SEGMENT, 0, 0xfeff, 0, ACPI_ITS);
}

/* What the SMMU lets through is less, and moved. */
static void a_part(void **state)
{
	(void)state;
	start();
	fw_put("IORT", ROOT_MAP + 8, 0x100, 4);
	fw_put("IORT", SMMU_MAP, 0x1000, 4);
	fw_put("IORT", SMMU_MAP + 4, 0x6fff, 4);
	fw_put("IORT", SMMU_MAP + 8, 0x20000, 4);
	handed();
	assert_int_equal(seen.map_count, 1);
	map_is(0, ACPI_SEGMENT, 0xf00, 0x7eff, 0x20000, ACPI_ITS);
	/* And nothing at all */
	start();
	fw_put("IORT", SMMU + 8, 0, 4);
	handed();
	assert_int_equal(seen.map_count, 0);
}

/* A second SMMU with a root complex of its own, which comes before it in the table. */
static void second_smmu(void)
{
	const uint32_t root = END, smmu = END + 56;

	fw_extend(56 + 108);
	fw_put("IORT", 36, 6, 4);
	fw_put("IORT", root, 2, 1);
	fw_put("IORT", root + 1, 56, 2);
	fw_put("IORT", root + 8, 1, 4);
	fw_put("IORT", root + 12, 36, 4);
	fw_put("IORT", root + 28, 1, 4);
	fw_put("IORT", root + 36 + 4, 0xff, 4);
	fw_put("IORT", root + 36 + 8, 0x500, 4);
	fw_put("IORT", root + 36 + 12, smmu, 4);
	fw_put("IORT", smmu, 4, 1);
	fw_put("IORT", smmu + 1, 108, 2);
	fw_put("IORT", smmu + 8, 2, 4);
	fw_put("IORT", smmu + 12, 68, 4);
	fw_put("IORT", smmu + 16, 0x09090000, 8);
	fw_put("IORT", smmu + 68 + 4, 0xffff, 4);
	fw_put("IORT", smmu + 68 + 8, 0x10000, 4);
	fw_put("IORT", smmu + 68 + 12, 48, 4);
	fw_put("IORT", smmu + 88 + 8, 0x77, 4); /* what it sends itself */
	fw_put("IORT", smmu + 88 + 12, 48, 4);
	fw_put("IORT", smmu + 88 + 16, 1, 4);
}

static void one_of_two(void **state)
{
	(void)state;
	start();
	second_smmu();
	m.windows[4] = (struct trap_window){.ipa = 0x09090000, .size = 0x20000, .kind = WINDOW_VSMMUV3};
	handed();
	assert_int_equal(seen.smmu_count, 1);
	assert_int_equal(seen.smmus[0].base, 0x09090000);
	assert_int_equal(seen.map_count, 4);
	map_is(0, ACPI_SMMU, 0, 0xffff, 0x10000, ACPI_ITS);
	map_is(1, ACPI_NAMED, 0, 0, 0xff00, ACPI_ITS);
	map_is(2, ACPI_SEGMENT, 0, 0xfeff, 0, ACPI_ITS);
	map_is(3, ACPI_SEGMENT, 0, 0xff, 0x500, 0);
	/* The first one only, and none */
	start();
	second_smmu();
	m.windows[4].kind = WINDOW_VSMMUV3;
	handed();
	assert_int_equal(seen.smmus[0].base, 0x09050000);
	map_is(3, ACPI_SEGMENT, 0, 0xff, 0x10500, ACPI_ITS);
	start();
	second_smmu();
	handed();
	assert_int_equal(seen.smmu_count, 0);
	assert_int_equal(seen.map_count, 3);
}

/* Firmware that counts IDs from 1: what was mended stays so. */
static void counts_from_one(void **state)
{
	(void)state;
	start();
	second_smmu();
	fw_put("IORT", END + 56 + 88 + 16, 0, 4);
	fw_put("IORT", END + 56 + 68 + 4, 0x580, 4);
	fw_put("IORT", END + 56 + 88, 0x580, 4);
	fw_put("IORT", END + 56 + 88 + 4, 0x100, 4);
	fw_put("IORT", END + 56 + 88 + 8, 0x90000, 4);
	handed();
	assert_true(m.found.iort_counts);
	assert_int_equal(seen.map_count, 4);
	map_is(2, ACPI_SEGMENT, 0, 0x7f, 0x10500, ACPI_ITS);
	map_is(3, ACPI_SEGMENT, 0x80, 0xff, 0x90000, ACPI_ITS);
}

static void what_is_refused(void **state)
{
	static const struct {
		uint32_t at, value;
		const char *what;
	} bad[] = {
		{END + 56 + 88 + 12, 49, "leads to no node"},  /* unread till now */
		{END + 56 + 88 + 12, 0xfffffff0, "leads to no node"},
		{END + 56 + 12, 56, "what is something else"}, /* mappings in the node itself */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		start();
		second_smmu();
		m.windows[4] = (struct trap_window){.ipa = 0x09090000, .size = 0x20000, .kind = WINDOW_VSMMUV3};
		if (i == 2) {
			/* Zeroes but for where it leads: a mapping of ID 0. */
			fw_put("IORT", END + 56 + 8, 1, 4);
			fw_put("IORT", END + 56 + 68, 48, 4);
		}
		fw_put("IORT", bad[i].at, bad[i].value, 4);
		fw_sum();
		assert_false(dom0_make_all(&m));
		assert_string_equal(m.trouble.table, "IORT");
		assert_non_null(strstr(m.trouble.what, bad[i].what));
		dom0_forget(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_of_one),
		cmocka_unit_test(a_part),
		cmocka_unit_test(one_of_two),
		cmocka_unit_test(counts_from_one),
		cmocka_unit_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
