// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c tests/unit/acpi/*.c
/* Firmware's tables against a board file that says every address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "acpi/firmware.h"

/* Offsets in fw_make()'s IORT. */
#define GROUP 48
#define SMMU 72
#define SMMU_MAP (SMMU + 68)
#define ROOT 160
#define ROOT_MAP (ROOT + 36)
#define NAMED 216
#define NAMED_MAP (NAMED + 40)

static struct acpi_machine m;
static struct acpi_difference d;
static struct cpu_desc cpus[4];
static const uint64_t itses[] = {0x08080000, 0x080a0000};
static struct acpi_expect_smmu smmus[2];
static struct acpi_expect_host hosts[1];
static struct acpi_expect_ids streams[2], messages[1];
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
	hosts[0] = (struct acpi_expect_host){0x4010000000, 0, 0, 255};
	streams[0] = (struct acpi_expect_ids){0, 0, 0xfeff, 0, 0};
	streams[1] = (struct acpi_expect_ids){ACPI_NO_HOST, 0xff00, 0xff00, 0xff00, 0};
	messages[0] = (struct acpi_expect_ids){0, 0, 0xfeff, 0, 0};
	e = (struct acpi_expect){
		.timer_secure = 29, .timer_physical = 30, .timer_virtual = 27, .timer_hyp = 26,
		.its = itses, .its_count = 1, .smmus = smmus, .smmu_count = 1, .hosts = hosts, .host_count = 1,
		.streams = streams, .stream_count = 2, .messages = messages, .message_count = 1,
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
		{"SPCR", 36, 0x0e, 1},
		/* Buses that firmware has found nothing on. */
		{"IORT", ROOT_MAP + 4, 0xff, 4},
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
	uint64_t found, wanted, of;
} changes[] = {
	{"FACP", 129, 0, 2, ACPI_OTHER_VALUE, "PSCI", 0, 1, 0},
	{"FACP", 129, 3, 2, ACPI_OTHER_VALUE, "PSCI by HVC", 1, 0, 0},
	{"APIC", 44 + 24 + 80 + 68, 0x101, 8, ACPI_ABSENT, "CPU with MPIDR", 0, 1, 0},
	{"APIC", 44 + 24 + 80 + 12, 0, 4, ACPI_ABSENT, "CPU with MPIDR", 0, 1, 0},
	{"APIC", 44 + 24 + 56, 24, 4, ACPI_OTHER_VALUE, "the GIC's maintenance interrupt", 24, 25, 0},
	{"APIC", 44 + 8, 0x08010000, 8, ACPI_OTHER_VALUE, "the GIC's distributor", 0x08010000, 0x08000000, 0},
	{"APIC", 44 + 20, 2, 1, ACPI_OTHER_VALUE, "the GIC's version", 2, 3, 0},
	{"APIC", 44 + 24 + 320 + 4, 0x080c0000, 8, ACPI_ABSENT, "redistributor at", 0, 0x080a0000, 0},
	{"APIC", 44 + 24 + 320 + 12, 0x60000, 4, ACPI_ABSENT, "redistributor at", 0, 0x08100000, 0},
	{"APIC", 44 + 24 + 320 + 16 + 8, 0x08090000, 8, ACPI_ABSENT, "ITS at", 0, 0x08080000, 0},
	{"IORT", 72 + 16, 0x09060000, 8, ACPI_ABSENT, "SMMUv3 at", 0, 0x09050000, 0},
	{"IORT", 72 + 44, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's event interrupt", 105, 106, 0},
	{"IORT", 72 + 48, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's PRI interrupt", 105, 107, 0},
	{"IORT", 72 + 52, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's global error interrupt", 105, 109, 0},
	{"IORT", 72 + 56, 105, 4, ACPI_OTHER_VALUE, "an SMMUv3's sync interrupt", 105, 108, 0},
	{"GTDT", 48, 28, 4, ACPI_OTHER_VALUE, "the secure timer's interrupt", 28, 29, 0},
	{"GTDT", 56, 28, 4, ACPI_OTHER_VALUE, "the physical timer's interrupt", 28, 30, 0},
	{"GTDT", 64, 28, 4, ACPI_OTHER_VALUE, "the virtual timer's interrupt", 28, 27, 0},
	{"GTDT", 72, 28, 4, ACPI_OTHER_VALUE, "the EL2 timer's interrupt", 28, 26, 0},
	{"SPCR", 44, 0x09040000, 8, ACPI_OTHER_VALUE, "the UART", 0x09040000, 0x09000000, 0},
	{"SPCR", 44, 0, 8, ACPI_OTHER_VALUE, "the UART", 0, 0x09000000, 0},
	{"SPCR", 54, 40, 4, ACPI_OTHER_VALUE, "the UART's interrupt", 40, 33, 0},
	{"SPCR", 36, 0x12, 1, ACPI_OTHER_VALUE, "the kind of the UART", 0x12, 3, 0},
	{"MCFG", 44, 0x4020000000, 8, ACPI_OTHER_VALUE, "a PCI segment's configuration space", 0x4020000000,
	 0x4010000000, 0},
	{"MCFG", 52, 1, 2, ACPI_ABSENT, "PCI segment", 0, 0, 0},
	{"MCFG", 54, 1, 1, ACPI_OTHER_VALUE, "the first bus of a PCI segment", 1, 0, 0},
	{"MCFG", 55, 127, 1, ACPI_OTHER_VALUE, "the last bus of a PCI segment", 127, 255, 0},
	/* All of PCI past the SMMUv3; another segment's instead; some of it; some of a bus. */
	{"IORT", ROOT_MAP + 12, GROUP, 4, ACPI_ABSENT, "SMMUv3 in front of PCI requester ID", 0, 0, 0},
	{"IORT", ROOT + 28, 1, 4, ACPI_ABSENT, "SMMUv3 in front of PCI requester ID", 0, 0, 0},
	{"IORT", ROOT_MAP, 8, 4, ACPI_ABSENT, "SMMUv3 in front of PCI requester ID", 0, 0, 0},
	{"IORT", ROOT_MAP + 4, 0x107, 4, ACPI_ABSENT, "SMMUv3 in front of PCI requester ID", 0, 0x108, 0},
	{"IORT", ROOT_MAP + 8, 0x10, 4, ACPI_OTHER_OF, "the stream ID of PCI requester ID", 0x10, 0, 0},
	{"IORT", NAMED_MAP + 8, 0xff01, 4, ACPI_ABSENT, "device with stream ID", 0, 0xff00, 0},
	{"IORT", NAMED_MAP + 12, GROUP, 4, ACPI_ABSENT, "device with stream ID", 0, 0xff00, 0},
	{"IORT", SMMU_MAP + 8, 0x20, 4, ACPI_OTHER_OF, "the DeviceID of PCI requester ID", 0x20, 0, 0},
	{"IORT", SMMU_MAP, 0x10, 4, ACPI_ABSENT, "ITS for messages of PCI requester ID", 0, 0, 0},
	{"IORT", SMMU_MAP + 4, 0xf, 4, ACPI_ABSENT, "ITS for messages of PCI requester ID", 0, 0x10, 0},
	{"IORT", GROUP + 16, 0, 4, ACPI_OTHER_OF, "the ITS of PCI requester ID", 0, 0x08080000, 0},
	{"IORT", GROUP + 20, 7, 4, ACPI_OTHER_OF, "the ITS of PCI requester ID", 0, 0x08080000, 0},
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

static void assert_differs_of(uint64_t of, const char *what, uint64_t found, uint64_t wanted)
{
	assert_differs("IORT", ACPI_OTHER_OF, what, found, wanted);
	assert_int_equal(d.of, of);
}

static void each_difference_is_named(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(changes); i++) {
		make_board();
		fw_put(changes[i].table, changes[i].offset, changes[i].value, changes[i].size);
		read_tables();
		assert_differs(changes[i].table, changes[i].how, changes[i].what, changes[i].found, changes[i].wanted);
		assert_int_equal(d.of, changes[i].of);
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
	make_board();
	e.host_count = e.stream_count = e.message_count = 0;
	assert_differs("MCFG", ACPI_OTHER_VALUE, "the number of PCI hosts", 1, 0);
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

/* The node of the named component as one more of PCI segment 0: IDs first..last become `out`... of
 * the node at `to`. */
static void make_root(uint32_t first, uint32_t last, uint32_t out, uint32_t to)
{
	make_board();
	e.stream_count = 1;
	fw_put("IORT", NAMED, 2, 1);
	fw_put("IORT", NAMED + 28, 0, 4);
	fw_put("IORT", NAMED_MAP, first, 4);
	fw_put("IORT", NAMED_MAP + 4, last - first, 4);
	fw_put("IORT", NAMED_MAP + 8, out, 4);
	fw_put("IORT", NAMED_MAP + 12, to, 4);
	fw_put("IORT", NAMED_MAP + 16, 0, 4);
}

/* As QEMU's firmware has it: messages of buses that it found nothing on go to the ITS at once. */
static void buses_behind_the_last(void **state)
{
	(void)state;
	make_root(0x300, 0xfeff, 0x300, GROUP);
	fw_put("IORT", ROOT_MAP + 4, 0x2ff, 4);
	read_tables();
	assert_true(acpi_match(&m, &b, &e, &d));
	/* Nor may it lead the messages of those elsewhere. */
	make_root(0x300, 0xfeff, 0x500, GROUP);
	fw_put("IORT", ROOT_MAP + 4, 0x2ff, 4);
	read_tables();
	assert_differs_of(0x300, "the DeviceID of PCI requester ID", 0x500, 0x300);
}

/* What is before the last bus behind the SMMUv3 is all behind it. */
static void buses_before_the_last(void **state)
{
	(void)state;
	make_root(0x100, 0x1ff, 0x100, GROUP);
	fw_put("IORT", ROOT_MAP + 4, 0xff, 4);
	fw_extend(56);
	fw_put("IORT", 36, 5, 4);
	fw_put("IORT", 276, 2, 1);
	fw_put("IORT", 276 + 1, 56, 2);
	fw_put("IORT", 276 + 8, 1, 4);
	fw_put("IORT", 276 + 12, 36, 4);
	fw_put("IORT", 276 + 36, 0x200, 4);
	fw_put("IORT", 276 + 36 + 4, 0xfcff, 4);
	fw_put("IORT", 276 + 36 + 8, 0x200, 4);
	fw_put("IORT", 276 + 36 + 12, SMMU, 4);
	read_tables();
	assert_differs("IORT", ACPI_ABSENT, "SMMUv3 in front of PCI requester ID", 0, 0x100);
	/* What it says of two pieces is one. */
	fw_put("IORT", NAMED_MAP + 12, SMMU, 4);
	read_tables();
	assert_true(acpi_match(&m, &b, &e, &d));
	fw_put("IORT", 276 + 36 + 8, 0x300, 4);
	read_tables();
	assert_differs_of(0x200, "the stream ID of PCI requester ID", 0x300, 0x200);
}

/* A segment that is not the first, with buses that do not begin with 0. */
static void another_segment(void **state)
{
	(void)state;
	make_board();
	fw_put("MCFG", 52, 2, 2);
	fw_put("MCFG", 54, 0x20, 1);
	fw_put("MCFG", 55, 0x3f, 1);
	fw_put("IORT", ROOT + 28, 2, 4);
	fw_put("IORT", ROOT_MAP, 0x2000, 4);
	fw_put("IORT", ROOT_MAP + 4, 0x17ff, 4);
	hosts[0] = (struct acpi_expect_host){0x4012000000, 2, 0x20, 0x3f};
	streams[0] = (struct acpi_expect_ids){0, 0x2000, 0x3fff, 0, 0};
	messages[0] = (struct acpi_expect_ids){0, 0x2000, 0x3fff, 0, 0};
	read_tables();
	assert_true(acpi_match(&m, &b, &e, &d));
	streams[0].out = 0x4000;
	assert_differs_of(0x22000, "the stream ID of PCI requester ID", 0, 0x4000);
	streams[0].out = 0;
	streams[0].to = 1;
	assert_differs_of(0x22000, "the SMMUv3 in front of PCI requester ID", 0x09050000, 0x09080000);
	streams[0].to = 0;
	messages[0].to = 1;
	assert_differs_of(0x22000, "the ITS of PCI requester ID", 0x08080000, 0x080a0000);
}

/* A stream ID that the board file has belongs to who has it there: the tables would give the one
 * the other's. What it has not is in no table, and who has it confined to nothing at all. */
static void streams_of_others(void **state)
{
	(void)state;
	make_board();
	fw_put("IORT", NAMED_MAP + 8, 5, 4);
	read_tables();
	e.stream_count = 1;
	assert_differs("IORT", ACPI_TAKEN, "stream ID", 0, 5);
	make_board();
	fw_put("IORT", ROOT_MAP + 4, 0xfff0, 4);
	read_tables();
	e.streams = &streams[1];
	e.stream_count = 1;
	assert_differs("IORT", ACPI_TAKEN, "stream ID", 0, 0xff00);
	make_board();
	read_tables();
	e.streams = &streams[1];
	e.stream_count = 1;
	assert_true(acpi_match(&m, &b, &e, &d));
	make_board();
	read_tables();
	e.stream_count = 1;
	assert_true(acpi_match(&m, &b, &e, &d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_board_matches),	    cmocka_unit_test(fewer_cpus_match),
		cmocka_unit_test(each_difference_is_named), cmocka_unit_test(what_is_not_in_the_file),
		cmocka_unit_test(what_only_the_file_has),   cmocka_unit_test(without_a_console),
		cmocka_unit_test(what_is_not_said),	    cmocka_unit_test(buses_behind_the_last),
		cmocka_unit_test(buses_before_the_last),    cmocka_unit_test(another_segment),
		cmocka_unit_test(streams_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
