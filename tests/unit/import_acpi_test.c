// SPDX-License-Identifier: Apache-2.0
// sources: gen/import/*.c gen/yaml/*.c gen/schema/*.c gen/model/*.c gen/check/*.c gen/diag/*.c gen/util/*.c
// sources: gen/plan/*.c gen/emit/*.c hv/mm/stage2.c hv/firmware/acpi/*.c tests/unit/acpi/firmware.c
/*
 * ACPI tables to a board: what of a machine becomes what, what is refused and how, and tables
 * with anything in them, of which whatever comes keeps to the schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acpi/firmware.h"
#include "check/check.h"
#include "emit/emit.h"
#include "import/tables.h"
#include "schema/schema.h"

static const char *const names[] = {"FACP", "APIC", "GTDT", "MCFG", "SPCR", "IORT"};
#define KINDS (sizeof(names) / sizeof(names[0]))

static struct arena *a;
static struct diag *d;
static struct import im;
static struct i_table list[KINDS];
static char *board_text, *system_text, *said;
static struct i_range ram = {0x40000000, 0x40000000};

/* PSCI by SMC, as a machine of its own has it. */
static void machine_make(void)
{
	fw_make();
	fw_put("FACP", 129, 1, 2);
}

static void forget(void)
{
	for (size_t i = 0; i < KINDS; i++) {
		free((void *)(uintptr_t)list[i].bytes);
		list[i].bytes = NULL;
	}
	free(board_text);
	free(system_text);
	free(said);
	board_text = system_text = said = NULL;
	if (d != NULL) {
		diag_free(d);
		arena_free(a);
	}
	d = NULL;
}

static char *text_of(void (*write)(struct import *, FILE *))
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	write(&im, out);
	fclose(out);
	return text;
}

/* Of all tables but `without`, each in memory of its own so that a sanitizer sees its end. */
static bool import_all(const char *without)
{
	size_t count = 0, len = 0;
	bool good;

	forget();
	a = arena_new();
	d = diag_new();
	for (size_t i = 0; i < KINDS; i++) {
		uint32_t size;
		const uint8_t *t = fw_table(names[i], &size);
		uint8_t *copy = malloc(size);

		memcpy(copy, t, size);
		list[count] = (struct i_table){.path = names[i], .bytes = copy, .size = size};
		count += without == NULL || strcmp(without, names[i]) != 0;
		if (count <= i && without != NULL && strcmp(without, names[i]) == 0) {
			free(copy);
			list[count].bytes = NULL;
		}
	}
	im = (struct import){.memory = &ram, .memory_count = 1};
	good = import_tables(&im, a, d, "tables", list, count);
	if (good) {
		board_text = text_of(board_write);
		system_text = text_of(system_write);
	}
	FILE *out = open_memstream(&said, &len);
	diag_print(d, out, DIAG_TEXT);
	fclose(out);
	assert_int_equal(good, diag_errors(d) == 0);
	return good;
}

static void must_have(const char *text)
{
	if (board_text == NULL || strstr(board_text, text) == NULL) {
		fail_msg("not in the board: %s\n%s%s", text, board_text == NULL ? "" : board_text, said);
	}
}

/* The board keeps to the schema and every name is somebody's; 0: the checks take it. */
static size_t board_errors(void)
{
	struct diag *own = diag_new();
	struct yaml *y = yaml_open();
	struct node *b = yaml_parse(y, own, "board.yaml", board_text, strlen(board_text));
	struct node *s = yaml_parse(y, own, "system.yaml", system_text, strlen(system_text));
	size_t errors;

	schema_validate(own, schema_board, b, true);
	schema_validate(own, schema_system, s, true);
	struct model *m = diag_errors(own) == 0 ? model_build(own, b, s, NULL) : NULL;
	if (m == NULL || diag_errors(own) != 0) {
		diag_print(own, stderr, DIAG_TEXT);
		fail_msg("%s", board_text);
	}
	check_model(own, m);
	if (diag_errors(own) == 0) {
		cmd_try(own, m);
	}
	errors = diag_errors(own);
	if (errors != 0 && im.decisions != SIZE_MAX) {
		diag_print(own, stderr, DIAG_TEXT);
	}
	model_free(m);
	yaml_close(y);
	diag_free(own);
	return errors;
}

static void a_machine_becomes_a_board(void **state)
{
	static const char *const has[] = {
		"board: \"bochs-bxpc\"\n", "firmware: acpi\n", "  oem-id: \"BOCHS \"\n",
		"  oem-table-ids: [\"BXPC    \"]\n",
		"  tables: [\"FACP\", \"APIC\", \"GTDT\", \"SPCR\", \"IORT\", \"MCFG\"]\n",
		"  - reg: [0x40000000, 0x40000000]\n",
		"  - {name: cpu3, mpidr: 0x3}\n", "  secure: {ppi: 13}\n", "  hypervisor: {ppi: 10}\n",
		"  version: 3\n  gicd: [0x8000000, 0x10000]\n  gicr: [0x80a0000, 0xf60000]\n",
		"    its0: {reg: [0x8080000, 0x20000]}\n  maintenance: {ppi: 9}\n",
		"  # IORT, offset 0x48\n  # DECIDE: ids: 1 << IDR1.SIDSIZE, which no table says\n  smmu0:\n"
		"    type: smmuv3\n    reg: [0x9050000, 0x20000]\n    interrupts: [{spi: 74, trigger: edge-rising}",
		"    interrupt-names: [eventq, priq, cmdq-sync, gerror]\n    ids: 65536\n    coherent: true\n",
		"console: uart0\n",
		"  uart0:\n    compatible: [\"arm,pl011\", \"arm,primecell\"]\n    reg: [0x9000000, 0x1000]\n"
		"    interrupts: [{spi: 1}]\n",
		"    compatible: [\"pci-host-ecam-generic\"]\n    reg: [0x4010000000, 0x10000000]\n"
		"    iommu-map: [{rid: 0x0, iommu: smmu0, id: 0x0, count: 0xff00}]\n"
		"    msi-map: [{rid: 0x0, its: its0, id: 0x0, count: 0xff00}]\n",
		"      bus-range: [0, 255]\n",
		"  watchdog0:\n    compatible: [\"arm,sbsa-gwdt\"]\n    reg: [[0xa110000, 0x1000], [0xa100000, 0x1000]]\n"
		"    interrupts: [{spi: 48}]\n",
		"    iommus: [{iommu: smmu0, id: 65280}]\n    msi-parent: {its: its0, id: 0xff00}\n",
	};

	(void)state;
	machine_make();
	fw_sum();
	assert_true(import_all(NULL));
	for (size_t i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
		must_have(has[i]);
	}
	assert_int_equal(board_errors(), 0);
}

/* Put into good tables: the board then has this, or they are refused with it. */
struct change {
	const char *table;
	uint32_t offset;
	uint64_t value;
	uint32_t size;
	const char *text;
};

static void change_make(const struct change *c)
{
	machine_make();
	fw_put(c->table, c->offset, c->value, c->size);
	fw_sum();
}

static const struct change others[] = {
	{"APIC", 68 + 20, 23, 4, "  pmu:\n    compatible: [\"arm,armv8-pmuv3\"]\n    interrupts: [{ppi: 7}]\n"},
	{"APIC", 68 + 20, 40, 4, "    interrupts: [{spi: 8}]\n"},
	{"APIC", 68 + 56, 0, 4, "# DECIDE: maintenance: the CPUs' entries do not all say the same one; PPI 9 is"},
	{"APIC", 44 + 20, 4, 1, "  version: 3\n"},
	{"APIC", 44 + 20, 0, 1, "  version: 3\n"},
	{"GTDT", 48, 0, 4, "  secure: {ppi: 13}\n"},
	{"GTDT", 60, 1, 1, "  physical: {ppi: 14, trigger: edge-rising}\n"},
	{"GTDT", 76, 2, 1, "  hypervisor: {ppi: 10, trigger: level-low}\n"},
	{"FACP", 10, 1, 1, "# DECIDE: expect: the FADT does not say whose machine this is"},
	{"MCFG", 54, 0x1f10, 2, "    reg: [0x4011000000, 0x1000000]\n"},
	{"SPCR", 36, 0x0e, 1, "console: none\n"},
	{"SPCR", 36, 0x12, 1, "  # DECIDE: compatible: it is of kind 0x12 in SPCR\n"},
	{"SPCR", 44, 0, 8, "# DECIDE: no SPCR says where the machine's messages go"},
	{"IORT", 72 + 24, 0, 4, "  # DECIDE: coherent: true if IDR0.COHACC is 1; IORT does not say so\n"},
	{"IORT", 72 + 48, 106, 4,
	 "    interrupts: [{spi: 74, trigger: edge-rising}, {spi: 74, trigger: edge-rising}, {spi: 76, trigger"},
	{"IORT", 160 + 36 + 12, 48, 4,
	 "    dma-master: true # no IOMMU in front of it\n    msi-map: [{rid: 0x0, its: its0"},
	{"IORT", 72 + 68 + 12, 48, 4, "    msi-parent: {its: its0, id: 0xff00}\n"},
	{"IORT", 48 + 20, 7, 4, "  # messages: IORT leads to no ITS that MADT has; left out\n"},
	{"IORT", 72 + 68 + 8, 0x100, 4, "# DeviceIDs from 0x10000 on"},
};

static void what_else_there_may_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		change_make(&others[i]);
		if (!import_all(NULL)) {
			fail_msg("case %zu: %s", i, said);
		}
		if (strstr(board_text, others[i].text) == NULL) {
			fail_msg("case %zu: %s\n%s", i, others[i].text, board_text);
		}
		if (board_errors() != 0) {
			fail_msg("case %zu: %s", i, board_text);
		}
	}
}

static const struct change refused[] = {
	{"FACP", 129, 0, 2, "tables: error[HV0703]: table FACP: no firmware with PSCI\n"},
	{"FACP", 129, 3, 2, "tables: error[HV0703]: table FACP: PSCI is not called by SMC"},
	{"APIC", 44 + 20, 2, 1, "tables: error[HV0702]: table APIC: a GICv2\n"},
	{"APIC", 388, 0x7f, 1, "tables: error[HV0702]: table APIC: there are no redistributors\n"},
	{"APIC", 388 + 12, 0x20000, 4, "error[HV0702]: table APIC: redistributors for 1 CPUs, but there are 4\n"},
	{"APIC", 68 + 60, 0xa000000, 8, "table APIC: the redistributors at 0xa000000 do not follow those before\n"},
	{"APIC", 45, 0, 1, "APIC: error[HV0707]: table APIC: what is at offset 0x2d is no length of an entry\n"},
	{"GTDT", 56, 27, 4, "error[HV0704]: table GTDT: the physical and the virtual timer have the same PPI 11\n"},
	{"IORT", 49, 0, 2, "IORT: error[HV0707]: table IORT: what is at offset 0x31 is no length of a node\n"},
	{"IORT", 4, 4096, 4, "IORT: error[HV0707]: table IORT: the file is shorter than the table\n"},
};

static void what_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		change_make(&refused[i]);
		if (import_all(NULL) || strstr(said, refused[i].text) == NULL) {
			fail_msg("case %zu: %s", i, said);
		}
	}
}

static void tables_that_are_not_there(void **state)
{
	static const bool needed[KINDS] = {true, true, true, false, false, false};

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		machine_make();
		fw_sum();
		assert_int_equal(import_all(names[i]), !needed[i]);
		if (needed[i]) {
			assert_non_null(strstr(said, "is not there\n"));
			assert_non_null(strstr(said, names[i]));
		} else {
			assert_int_equal(board_errors(), 0);
		}
	}
}

/* Whatever the tables hold, it ends, within their bounds, in a board or in one error. */
static void damage_is_survived(void **state)
{
	static const uint32_t odd[] = {0, 1, 2, 3, 0x7fffffff, 0x80000000, UINT32_MAX - 7, UINT32_MAX};
	uint32_t good = 0, rounds = 1500;

	(void)state;
	srand(1);
	for (uint32_t round = 0; round < rounds; round++) {
		uint32_t changes = 1 + (uint32_t)rand() % 5;

		machine_make();
		while (changes-- > 0) {
			uint32_t size;
			uint8_t *t = fw_table(names[(uint32_t)rand() % KINDS], &size);
			uint32_t at = (uint32_t)rand() % (size - 3);
			uint32_t value = rand() % 2 == 0 ? (uint32_t)rand() : odd[(uint32_t)rand() % 8];

			memcpy(t + at, &value, 1 + (size_t)rand() % 4);
		}
		if (rand() % 16 != 0) {
			fw_sum();
		}
		if (!import_all(NULL)) {
			assert_int_equal(diag_errors(d), 1);
			continue;
		}
		good++;
		im.decisions = SIZE_MAX; /* what the checks say is not of interest */
		(void)board_errors();
	}
	assert_true(good > rounds / 20 && good < rounds * 19 / 20);
}

static int end(void **state)
{
	(void)state;
	forget();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_becomes_a_board),
		cmocka_unit_test(what_else_there_may_be),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(tables_that_are_not_there),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
