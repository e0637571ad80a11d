// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c tests/unit/acpi/*.c
/* ACPI's static tables: a machine read from good ones, and each way to be bad by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acpi/firmware.h"

static struct acpi_machine m;
static struct acpi_trouble trouble;

static bool read_tables(void)
{
	return acpi_read(&m, FW_RSDP, &trouble) && acpi_read_dsdt(&m, &trouble);
}

static void a_machine_is_read(void **state)
{
	(void)state;
	fw_make();
	assert_true(read_tables());
	assert_string_equal(m.oem_id, "BOCHS ");
	assert_string_equal(m.oem_table, "BXPC    ");
	assert_true(m.psci && m.psci_hvc);
	assert_int_equal(m.cpu_count, 4);
	assert_int_equal(m.cpus[3].mpidr, 3);
	assert_int_equal(m.cpus[3].maintenance, 25);
	assert_int_equal(m.gicd, 0x08000000);
	assert_int_equal(m.gic_version, 3);
	assert_int_equal(m.gicr_count, 1);
	assert_int_equal(m.gicr[0].base, 0x080a0000);
	assert_int_equal(m.gicr[0].size, 0xf60000);
	assert_int_equal(m.its_count, 1);
	assert_int_equal(m.its[0].base, 0x08080000);
	assert_int_equal(m.timer_secure, 29);
	assert_int_equal(m.timer_physical, 30);
	assert_int_equal(m.timer_virtual, 27);
	assert_int_equal(m.timer_hyp, 26);
	assert_int_equal(m.watchdog_count, 1);
	assert_int_equal(m.watchdogs[0].control, 0x0a110000);
	assert_int_equal(m.uart.base, 0x09000000);
	assert_int_equal(m.uart.intid, 33);
	assert_int_equal(m.uart.kind, ACPI_UART_PL011);
	assert_int_equal(m.segment_count, 1);
	assert_int_equal(m.segments[0].ecam, 0x4010000000);
	assert_int_equal(m.segments[0].last_bus, 255);
	assert_int_equal(m.smmu_count, 1);
	assert_int_equal(m.smmus[0].base, 0x09050000);
	assert_true(m.smmus[0].coherent);
	assert_int_equal(m.smmus[0].evtq, 106);
	assert_int_equal(m.smmus[0].gerror, 109);
	assert_false(m.iort_counts);
	assert_int_equal(m.cpus[3].performance, 0);
	assert_false(m.cpus[3].performance_edge || m.cpus[3].maintenance_edge);
	assert_int_equal(m.timer_flags[3], 0);
	assert_int_equal(m.map_count, 3);
	assert_int_equal(m.maps[0].source, ACPI_SMMU);
	assert_int_equal(m.maps[0].smmu, ACPI_ITS);
	assert_int_equal(m.maps[0].group, 48);
	assert_int_equal(m.maps[1].source, ACPI_SEGMENT);
	assert_int_equal(m.maps[1].smmu, 0);
	assert_int_equal(m.maps[1].last, 0xfeff);
	assert_int_equal(m.maps[2].source, ACPI_NAMED);
	assert_int_equal(m.maps[2].from, 216);
	assert_int_equal(m.maps[2].first, 0);
	assert_int_equal(m.maps[2].last, 0);
	assert_int_equal(m.maps[2].out, 0xff00);
}

/* How interrupts of a CPU's own are triggered. */
static void triggers_are_read(void **state)
{
	(void)state;
	fw_make();
	fw_put("APIC", 68 + 80 + 12, 3, 4);
	fw_put("APIC", 68 + 80 + 20, 23, 4);
	fw_put("APIC", 68 + 160 + 12, 5, 4);
	fw_put("GTDT", 60, 1, 4);
	fw_put("GTDT", 76, 0xfe, 4);
	fw_sum();
	assert_true(read_tables());
	assert_int_equal(m.cpus[1].performance, 23);
	assert_true(m.cpus[1].performance_edge && !m.cpus[1].maintenance_edge);
	assert_true(m.cpus[2].maintenance_edge && !m.cpus[2].performance_edge);
	assert_int_equal(m.timer_flags[0], 0);
	assert_int_equal(m.timer_flags[1], ACPI_TIMER_EDGE);
	assert_int_equal(m.timer_flags[2], 0);
	assert_int_equal(m.timer_flags[3], ACPI_TIMER_LOW);
}

/* One value put into good tables, and what is said of it. */
static const struct {
	const char *table;
	uint32_t offset;
	uint64_t value;
	uint32_t size;
	const char *in; /* the table that is complained of */
	uint32_t at;
	const char *what;
} bad[] = {
	{"RSDP", 15, 0, 1, "RSDP", 15, "ACPI 1.0"},
	{"RSDP", 0, 'X', 1, "RSDP", 0, "signature"},
	{"RSDP", 20, 35, 4, "RSDP", 20, "no length"},
	{"RSDP", 20, 0x1000, 4, "RSDP", 20, "beyond firmware's memory"},
	{"RSDP", 24, 0x1000, 8, "RSDP", 0, "not in firmware's memory"},
	{"XSDT", 0, 'Y', 1, "YSDT", 0, "stands where the XSDT should"},
	{"XSDT", 0, 0x0a540000, 4, "??T?", 0, "stands where the XSDT should"},
	{"XSDT", 4, 36 + 8 * 6 - 1, 4, "XSDT", 4, "no length of an XSDT"},
	{"XSDT", 4, 35, 4, "XSDT", 4, "no length of a table"},
	{"XSDT", 4, 0x10000, 4, "XSDT", 4, "beyond firmware's memory"},
	{"XSDT", 36, 0x1000, 8, "XSDT", 36, "leads out of firmware's memory"},
	{"APIC", 0, 'B', 1, "APIC", 0, "is not there"},
	{"FACP", 0, 'B', 1, "FACP", 0, "is not there"},
	{"GTDT", 0, 'B', 1, "GTDT", 0, "is not there"},
	{"APIC", 4, 43, 4, "APIC", 0, "beyond the table's end"},
	{"APIC", 45, 0, 1, "APIC", 45, "no length of an entry"},
	{"APIC", 45, 23, 1, "APIC", 45, "too short"},
	{"APIC", 52, 0, 8, "APIC", 52, "no address"},
	{"APIC", 52, 0x08000010, 8, "APIC", 52, "not aligned"},
	{"APIC", 44, 0x99, 1, "APIC", 44, "without a distributor"},
	{"APIC", 68 + 80 + 68, 0, 8, "APIC", 148, "named before"},
	{"APIC", 68 + 80 + 8, 0, 4, "APIC", 148, "named before"},
	{"APIC", 68 + 68, BIT64(31), 8, "APIC", 136, "more than an MPIDR's affinity"},
	{"APIC", 68 + 56, 32, 4, "APIC", 124, "no interrupt of a CPU's own"},
	{"APIC", 388 + 12, 0x30000, 4, "APIC", 392, "no whole number"},
	{"APIC", 388 + 4, UINT64_C(0xfffffffffff00000), 8, "APIC", 392, "no address"},
	{"APIC", 404 + 8, 0x08090000 + 0x1000, 8, "APIC", 412, "not aligned"},
	{"GTDT", 4, 95, 4, "GTDT", 0, "beyond the table's end"},
	{"GTDT", 56, 15, 4, "GTDT", 56, "no interrupt of a CPU's own"},
	{"GTDT", 64, 32, 4, "GTDT", 64, "no interrupt of a CPU's own"},
	{"GTDT", 72, 0, 4, "GTDT", 72, "no interrupt of a CPU's own"},
	{"GTDT", 88, 2, 4, "GTDT", 132, "beyond the table's end"},
	{"GTDT", 88, UINT32_MAX, 4, "GTDT", 132, "beyond the table's end"},
	{"GTDT", 92, 0, 4, "GTDT", 92, "lies before"},
	{"GTDT", 92, UINT32_MAX, 4, "GTDT", UINT32_MAX, "beyond the table's end"},
	{"GTDT", 105, 2, 2, "GTDT", 105, "no length of a platform timer"},
	{"GTDT", 105, 27, 2, "GTDT", 105, "too short for a watchdog"},
	{"GTDT", 105, 29, 2, "GTDT", 104, "beyond the table's end"},
	{"GTDT", 108, 0, 8, "GTDT", 108, "no address"},
	{"FACP", 112, 0, 4, "FACP", 112, "HW_REDUCED_ACPI"},
	{"FACP", 4, 131, 4, "FACP", 0, "beyond the table's end"},
	{"FACP", 140, FW_BASE + 1, 8, "DSDT", 0, "not what the FADT leads to"},
	{"FACP", 140, 0x1000, 8, "DSDT", 0, "not what the FADT leads to"},
	{"FACP", 140, 0, 8, "DSDT", 0, "not what the FADT leads to"},
	{"FACP", 4, 140, 4, "DSDT", 0, "not what the FADT leads to"},
	{"DSDT", 0, 'E', 1, "DSDT", 0, "not what the FADT leads to"},
	{"DSDT", 4, 35, 4, "DSDT", 4, "no length of a table"},
	{"DSDT", 4, 0x10000, 4, "DSDT", 4, "beyond firmware's memory"},
	{"MCFG", 4, 59, 4, "MCFG", 4, "whole entries"},
	{"MCFG", 54, 0x00ff, 2, "MCFG", 54, "begins behind"},
	{"MCFG", 44, 0, 8, "MCFG", 44, "no address"},
	{"MCFG", 44, UINT64_C(0xfffffffff0100000), 8, "MCFG", 44, "no address"},
	{"SPCR", 4, 57, 4, "SPCR", 0, "beyond the table's end"},
	{"SPCR", 40, 1, 1, "SPCR", 40, "not in memory"},
	{"SPCR", 44, 0x09000008, 8, "SPCR", 44, "not aligned"},
	{"SPCR", 54, 1020, 4, "SPCR", 54, "no shared interrupt"},
	{"IORT", 4, 47, 4, "IORT", 0, "beyond the table's end"},
	{"IORT", 36, 5, 4, "IORT", 276, "beyond the table's end"},
	{"IORT", 36, UINT32_MAX, 4, "IORT", 36, "more nodes"},
	{"IORT", 40, 40, 4, "IORT", 40, "lies before"},
	{"IORT", 40, UINT32_MAX, 4, "IORT", UINT32_MAX, "beyond the table's end"},
	{"IORT", 49, 0, 2, "IORT", 49, "no length of a node"},
	{"IORT", 73, UINT16_MAX, 2, "IORT", 72, "beyond the table's end"},
	{"IORT", 72 + 8, 2, 4, "IORT", 80, "more ID mappings"},
	{"IORT", 72 + 8, UINT32_MAX, 4, "IORT", 80, "more ID mappings"},
	{"IORT", 72 + 12, 15, 4, "IORT", 80, "more ID mappings"},
	{"IORT", 72 + 12, UINT32_MAX, 4, "IORT", 80, "more ID mappings"},
	{"IORT", 72 + 16, 0x09051000, 8, "IORT", 88, "not aligned"},
	{"IORT", 72 + 44, 31, 4, "IORT", 116, "no shared interrupt"},
	{"IORT", 72 + 68 + 12, 49, 4, "IORT", 152, "leads to no node"},
	{"IORT", 72 + 68 + 12, 72, 4, "IORT", 152, "one SMMU to another"},
	{"IORT", 160 + 36 + 12, 216, 4, "IORT", 208, "no IDs go to"},
	{"IORT", 160 + 36 + 4, UINT32_MAX, 4, "IORT", 200, "more requester IDs"},
	{"IORT", 160 + 36 + 8, 0xffff8000, 4, "IORT", 200, "more IDs than there are"},
	{"IORT", 72, 3, 1, "IORT", 208, "version 1 or 2"},
};

static void one_thing_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		fw_make();
		fw_put(bad[i].table, bad[i].offset, bad[i].value, bad[i].size);
		fw_sum();
		if (read_tables() || strcmp(trouble.table, bad[i].in) != 0 || trouble.offset != bad[i].at ||
		    strstr(trouble.what, bad[i].what) == NULL) {
			fail_msg("case %zu: %s+%u %s", i, trouble.table, trouble.offset,
				 trouble.what == NULL ? "good" : trouble.what);
		}
	}
}

/* A bit that no checksum agrees with. */
static void checksums_count(void **state)
{
	static const char *const names[] = {"RSDP", "XSDT", "DSDT", "APIC", "GTDT", "FACP", "MCFG", "SPCR", "IORT"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		uint32_t size;

		fw_make();
		fw_table(names[i], &size)[size - 1] ^= 1;
		assert_false(read_tables());
		assert_string_equal(trouble.table, names[i]);
		assert_non_null(strstr(trouble.what, "checksum"));
	}
}

/* Firmware that writes how many IDs there are, not one less. */
static void counts_from_one_are_mended(void **state)
{
	const uint32_t node = 276;

	(void)state;
	fw_make();
	fw_extend(36 + 2 * 20);
	fw_put("IORT", 36, 5, 4);
	fw_put("IORT", node, 2, 1);
	fw_put("IORT", node + 1, 36 + 2 * 20, 2);
	fw_put("IORT", node + 8, 2, 4);
	fw_put("IORT", node + 12, 36, 4);
	fw_put("IORT", node + 28, 1, 4);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t map = node + 36 + 20 * i;

		fw_put("IORT", map, 0x100 * i, 4);
		fw_put("IORT", map + 4, 0x100, 4);
		fw_put("IORT", map + 8, 0x40000 + 0x1000 * i, 4);
		fw_put("IORT", map + 12, 72, 4);
	}
	fw_sum();
	assert_true(read_tables());
	assert_true(m.iort_counts);
	assert_int_equal(m.map_count, 5);
	assert_int_equal(m.maps[3].last, 0xff);
	assert_int_equal(m.maps[4].first, 0x100);
	/* Two IDs are no such mistake. */
	fw_put("IORT", node + 36 + 4, 0x101, 4);
	fw_sum();
	assert_false(read_tables());
	assert_non_null(strstr(trouble.what, "mapped before"));
}

/* A CPU that is there but not enabled, no console, no PCI, no IORT: fine. */
static void what_may_be_absent(void **state)
{
	static const char *const optional[] = {"MCFG", "SPCR", "IORT"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(optional); i++) {
		fw_make();
		fw_put(optional[i], 0, 'Z', 1);
		fw_sum();
		assert_true(read_tables());
	}
	fw_make();
	fw_put("APIC", 68 + 12, 8, 4);
	fw_put("SPCR", 44, 0, 8);
	fw_sum();
	assert_true(read_tables());
	assert_int_equal(m.cpu_count, 3);
	assert_int_equal(m.uart.base, 0);
}

static void assert_hidden(uint32_t i, uint64_t base, uint64_t size)
{
	assert_true(i < m.hidden_count);
	assert_int_equal(m.hidden[i].base, base);
	assert_int_equal(m.hidden[i].size, size);
}

/* Registers that are neither the hypervisor's nor a domain's. */
static void what_nobody_may_find(void **state)
{
	const uint32_t gicc = 68, node = 276;

	(void)state;
	fw_make();
	assert_true(read_tables());
	assert_int_equal(m.hidden_count, 0);
	/* Two CPUs are off; each has a redistributor of its own, the second's follows. */
	fw_put("APIC", gicc + 80 + 12, 0, 4);
	fw_put("APIC", gicc + 80 + 60, 0x0a000000, 8);
	fw_put("APIC", gicc + 160 + 12, 0, 4);
	fw_put("APIC", gicc + 160 + 60, 0x0a020000, 8);
	/* A GICv2's CPU interface, virtual ones, and control of these: the same for two. */
	fw_put("APIC", gicc + 32, 0x0b000000, 8);
	fw_put("APIC", gicc + 40, 0x0b010000, 8);
	fw_put("APIC", gicc + 48, 0x0b020000, 8);
	fw_put("APIC", gicc + 240 + 32, 0x0b000000, 8);
	/* Counters of an SMMU: on two pages. */
	fw_extend(40);
	fw_put("IORT", 36, 5, 4);
	fw_put("IORT", node, 5, 1);
	fw_put("IORT", node + 1, 40, 2);
	fw_put("IORT", node + 16, 0x09052000, 8);
	fw_put("IORT", node + 32, 0x0c000000, 8);
	fw_sum();
	assert_true(read_tables());
	assert_int_equal(m.cpu_count, 2);
	assert_int_equal(m.gicr_count, 1);
	assert_int_equal(m.hidden_count, 6);
	assert_hidden(0, 0x0b010000, 0x2000);
	assert_hidden(1, 0x0b020000, 0x2000);
	assert_hidden(2, 0x0a000000, 0x40000);
	assert_hidden(3, 0x0b000000, 0x2000);
	assert_hidden(4, 0x09052000, 0x1000);
	assert_hidden(5, 0x0c000000, 0x1000);
	/* What is no address is nowhere; older tables have one page of counters. */
	fw_put("APIC", gicc + 80 + 60, UINT64_MAX, 8);
	fw_put("IORT", node + 1, 32, 2);
	fw_put("IORT", node + 16, 0, 8);
	fw_sum();
	assert_true(read_tables());
	assert_int_equal(m.hidden_count, 4);
}

static void the_board_is_known(void **state)
{
	struct acpi_expect e = {.oem_id = "BOCHS", .oem_tables = {"OTHER", "BXPC"}, .tables = {"APIC", "IORT"}};
	uint32_t table;

	(void)state;
	fw_make();
	assert_true(read_tables());
	assert_int_equal(acpi_compare(&m, &e, &table), ACPI_AS_EXPECTED);
	memcpy(e.tables[2], "PPTT", 4);
	assert_int_equal(acpi_compare(&m, &e, &table), ACPI_NO_TABLE);
	assert_int_equal(table, 2);
	memcpy(e.oem_tables[1], "BXPCX", 6);
	assert_int_equal(acpi_compare(&m, &e, &table), ACPI_OTHER_TABLE);
	memcpy(e.oem_id, "BOCHSX", 6);
	assert_int_equal(acpi_compare(&m, &e, &table), ACPI_OTHER_OEM);
	/* What is not expected may be anything. */
	memset(&e, 0, sizeof(e));
	assert_int_equal(acpi_compare(&m, &e, &table), ACPI_AS_EXPECTED);
}

/* Whatever is in the tables, reading them ends, within their bounds (the sanitizers), and
 * what is found obeys the bounds of what is promised. */
static void damage_is_survived(void **state)
{
	static const char *const names[] = {"RSDP", "XSDT", "DSDT", "APIC", "GTDT", "FACP", "MCFG", "SPCR", "IORT"};
	uint32_t good = 0;

	(void)state;
	srand(1);
	for (uint32_t round = 0; round < 20000; round++) {
		uint32_t changes = 1 + (uint32_t)rand() % 6;

		fw_make();
		while (changes-- > 0) {
			static const uint32_t odd[] = {0, 1, 2, 3, 0x7fffffff, 0x80000000, UINT32_MAX - 7, UINT32_MAX};
			uint32_t size;
			uint8_t *t = fw_table(names[(uint32_t)rand() % ARRAY_SIZE(names)], &size);
			uint32_t at = (uint32_t)rand() % (size - 3);
			uint32_t value = rand() % 2 == 0 ? (uint32_t)rand() : odd[(uint32_t)rand() % ARRAY_SIZE(odd)];

			memcpy(t + at, &value, 1 + (size_t)rand() % 4);
		}
		if (rand() % 8 != 0) {
			fw_sum();
		}
		if (!read_tables()) {
			assert_non_null(trouble.what);
			continue;
		}
		good++;
		assert_true(m.cpu_count >= 1 && m.cpu_count <= CPUS_MAX && m.gicd != 0);
		for (uint32_t i = 0; i < m.map_count; i++) {
			assert_true(m.maps[i].first <= m.maps[i].last);
			assert_true(m.maps[i].smmu == ACPI_ITS || m.maps[i].smmu < m.smmu_count);
			assert_true(m.maps[i].out + (m.maps[i].last - m.maps[i].first) >= m.maps[i].out);
		}
	}
	assert_true(good > 1000 && good < 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_is_read),
		cmocka_unit_test(triggers_are_read),
		cmocka_unit_test(one_thing_is_wrong),
		cmocka_unit_test(checksums_count),
		cmocka_unit_test(counts_from_one_are_mended),
		cmocka_unit_test(what_may_be_absent),
		cmocka_unit_test(what_nobody_may_find),
		cmocka_unit_test(the_board_is_known),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
