// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c tests/unit/acpi/*.c
/* Firmware's tables against a board file that says every address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "acpi/firmware.h"

static struct acpi_machine m;
static struct acpi_difference d;
static struct cpu_desc cpus[4];
static const uint64_t itses[] = {0x08080000, 0x080a0000};
static struct acpi_expect_smmu smmus[2];
static struct acpi_expect e;
static struct board_tables b;

/* The board that fw_make()'s tables are of. */
static void make_board(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(cpus); i++) {
		cpus[i] = (struct cpu_desc){.mpidr = i};
	}
	smmus[0] = (struct acpi_expect_smmu){0x09050000, 106, 107, 109, 108};
	smmus[1] = (struct acpi_expect_smmu){0x09080000, 0, 0, 0, 0};
	e = (struct acpi_expect){
		.timer_secure = 29, .timer_physical = 30, .timer_virtual = 27, .timer_hyp = 26,
		.its = itses, .its_count = 1, .smmus = smmus, .smmu_count = 1,
	};
	b = (struct board_tables){
		.cpus = cpus,
		.cpu_count = ARRAY_SIZE(cpus),
		.gic = {.version = GIC_V3, .maintenance = 25, .gicd = {0x08000000, 0x10000},
			.gicr = {0x080a0000, 4 * 0x20000}},
		.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x09000000, 0x1000}},
	};
	fw_make();
	fw_put("FACP", 129, 1, 2); /* QEMU's with EL2: by SMC */
}

static void read_tables(void)
{
	struct acpi_trouble t;

	fw_sum();
	assert_true(acpi_read(&m, FW_RSDP, &t));
}

static void the_board_matches(void **state)
{
	(void)state;
	make_board();
	read_tables();
	assert_true(acpi_match(&m, &b, &e, &d));
}

/* A machine with more CPUs than the board file: those stay off. */
static void fewer_cpus_match(void **state)
{
	(void)state;
	make_board();
	read_tables();
	b.cpu_count = 1;
	b.gic.gicr.size = 0x20000;
	assert_true(acpi_match(&m, &b, &e, &d));
}

/* What the tables do not say, or say of the same thing with more to it. */
static void what_is_not_said(void **state)
{
	static const struct {
		const char *table;
		uint32_t offset;
		uint32_t value;
		uint32_t size;
	} good[] = {
		{"APIC", 44 + 20, 4, 1}, {"APIC", 44 + 20, 0, 1}, {"APIC", 44 + 24 + 80 + 56, 0, 4}, {"GTDT", 48, 0, 4},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(good); i++) {
		make_board();
		fw_put(good[i].table, good[i].offset, good[i].value, good[i].size);
		read_tables();
		assert_true(acpi_match(&m, &b, &e, &d));
	}
}

/* One thing in firmware's tables is not as the board file has it. */
static const struct {
	const char *table; /* that is changed, and said to be otherwise */
	uint32_t offset;
	uint64_t value;
	uint32_t size;
	enum acpi_how how;
	const char *what;
	uint64_t found, wanted;
} changes[] = {
	{"FACP", 129, 0, 2, ACPI_OTHER_VALUE, "PSCI", 0, 1},
	{"FACP", 129, 3, 2, ACPI_OTHER_VALUE, "PSCI by HVC", 1, 0},
	{"APIC", 44 + 24 + 80 + 68, 0x101, 8, ACPI_ABSENT, "CPU with MPIDR", 0, 1},
	{"APIC", 44 + 24 + 80 + 12, 0, 4, ACPI_ABSENT, "CPU with MPIDR", 0, 1},
	{"APIC", 44 + 24 + 56, 24, 4, ACPI_OTHER_VALUE, "the GIC's maintenance interrupt", 24, 25},
	{"APIC", 44 + 8, 0x08010000, 8, ACPI_OTHER_VALUE, "the GIC's distributor", 0x08010000, 0x08000000},
	{"APIC", 44 + 20, 2, 1, ACPI_OTHER_VALUE, "the GIC's version", 2, 3},
	{"APIC", 44 + 24 + 320 + 4, 0x080c0000, 8, ACPI_ABSENT, "redistributor at", 0, 0x080a0000},
	{"APIC", 44 + 24 + 320 + 12, 0x60000, 4, ACPI_ABSENT, "redistributor at", 0, 0x08100000},
	{"APIC", 44 + 24 + 320 + 16 + 8, 0x08090000, 8, ACPI_ABSENT, "ITS at", 0, 0x08080000},
	{"IORT", 72 + 16, 0x09060000, 8, ACPI_ABSENT, "SMMUv3 at", 0, 0x09050000},
	{"IORT", 72 + 44, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's event interrupt", 105, 106},
	{"IORT", 72 + 48, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's PRI interrupt", 105, 107},
	{"IORT", 72 + 52, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's global error interrupt", 105, 109},
	{"IORT", 72 + 56, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's sync interrupt", 105, 108},
	{"GTDT", 48, 28, 4, ACPI_OTHER_VALUE, "the secure timer's interrupt", 28, 29},
	{"GTDT", 56, 28, 4, ACPI_OTHER_VALUE, "the physical timer's interrupt", 28, 30},
	{"GTDT", 64, 28, 4, ACPI_OTHER_VALUE, "the virtual timer's interrupt", 28, 27},
	{"GTDT", 72, 28, 4, ACPI_OTHER_VALUE, "the EL2 timer's interrupt", 28, 26},
	{"SPCR", 44, 0x09040000, 8, ACPI_OTHER_VALUE, "the UART", 0x09040000, 0x09000000},
	{"SPCR", 44, 0, 8, ACPI_OTHER_VALUE, "the UART", 0, 0x09000000},
	{"SPCR", 54, 40, 4, ACPI_OTHER_VALUE, "the UART's interrupt", 40, 33},
};

static void assert_differs(const char *table, enum acpi_how how, const char *what, uint64_t found,
			   uint64_t wanted)
{
	assert_false(acpi_match(&m, &b, &e, &d));
	assert_string_equal(d.table, table);
	assert_string_equal(d.what, what);
	assert_int_equal(d.how, how);
	assert_int_equal(d.found, found);
	assert_int_equal(d.wanted, wanted);
}

static void each_difference_is_named(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(changes); i++) {
		make_board();
		fw_put(changes[i].table, changes[i].offset, changes[i].value, changes[i].size);
		read_tables();
		assert_differs(changes[i].table, changes[i].how, changes[i].what, changes[i].found, changes[i].wanted);
	}
}

/* What the board file does not name must not be there: nobody would confine it. */
static void what_is_not_in_the_file(void **state)
{
	(void)state;
	make_board();
	read_tables();
	e.smmu_count = 0;
	assert_differs("IORT", ACPI_OTHER_VALUE, "the number of SMMUv3s", 1, 0);
	make_board();
	e.its_count = 0;
	assert_differs("APIC", ACPI_OTHER_VALUE, "the number of ITSs", 1, 0);
}

static void what_only_the_file_has(void **state)
{
	(void)state;
	make_board();
	read_tables();
	e.smmu_count = 2;
	assert_differs("IORT", ACPI_ABSENT, "SMMUv3 at", 0, 0x09080000);
	make_board();
	e.its_count = 2;
	assert_differs("APIC", ACPI_ABSENT, "ITS at", 0, 0x080a0000);
}

/* A console that the hypervisor has no driver or no interrupt for is nobody's promise. */
static void without_a_console(void **state)
{
	(void)state;
	make_board();
	fw_put("SPCR", 54, 40, 4);
	read_tables();
	b.uart.intid = 0;
	assert_true(acpi_match(&m, &b, &e, &d));
	b.uart = (struct uart_desc){.kind = UART_NONE};
	assert_true(acpi_match(&m, &b, &e, &d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_board_matches),	    cmocka_unit_test(fewer_cpus_match),
		cmocka_unit_test(each_difference_is_named), cmocka_unit_test(what_is_not_in_the_file),
		cmocka_unit_test(what_only_the_file_has),   cmocka_unit_test(without_a_console),
		cmocka_unit_test(what_is_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
