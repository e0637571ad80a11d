// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* The tables that the hardware domain is handed, as another program reads them: iasl. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dom0/machine.h"

static struct dom0_machine m;
static struct acpi_machine seen;
static char text[256 * 1024];

static void append(FILE *from)
{
	size_t have = strlen(text);

	have += fread(text + have, 1, sizeof(text) - 1 - have, from);
	assert_true(have < sizeof(text) - 1);
	text[have] = '\0';
}

/* `text` is what iasl says and writes of a table. */
static void disassemble(const char *signature)
{
	char folder[] = "/tmp/dom0-iasl-XXXXXX", table[64], dsl[64], command[160];
	uint32_t i = 0, size;
	const uint8_t *bytes;
	FILE *f;

	while (i < seen.table_count && memcmp(seen.tables[i], signature, 4) != 0) {
		i++;
	}
	assert_true(i < seen.table_count);
	memcpy(&size, acpi_memory(seen.table_pa[i], 36) + 4, sizeof(size));
	bytes = acpi_memory(seen.table_pa[i], size);
	assert_non_null(bytes);
	assert_non_null(mkdtemp(folder));
	snprintf(table, sizeof(table), "%s/t.dat", folder);
	snprintf(dsl, sizeof(dsl), "%s/t.dsl", folder);
	f = fopen(table, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	text[0] = '\0';
	snprintf(command, sizeof(command), "iasl -d %s 2>&1", table);
	f = popen(command, "r");
	assert_non_null(f);
	append(f);
	assert_int_equal(pclose(f), 0);
	f = fopen(dsl, "r");
	assert_non_null(f);
	append(f);
	(void)fclose(f);
	(void)unlink(table);
	(void)unlink(dsl);
	(void)rmdir(folder);
	if (strstr(text, "Warning") != NULL || strstr(text, "Incorrect") != NULL || strstr(text, "Error") != NULL ||
	    strstr(text, "Unknown") != NULL || strstr(text, "Invalid") != NULL) {
		fail_msg("%s", text);
	}
}

/* How often a line of iasl's is there. */
static uint32_t says(const char *line)
{
	uint32_t n = 0;

	for (const char *p = text; (p = strstr(p, line)) != NULL; p++) {
		n++;
	}
	return n;
}

static void another_program_reads_them(void **state)
{
	struct acpi_trouble trouble;

	(void)state;
	dom0_machine(&m);
	fw_put("APIC", 8, 4, 1);
	fw_put("FACP", 8, 6, 1);
	fw_put("FACP", 131, 3, 1);
	fw_put("FACP", 112, BIT32(20) | BIT32(10), 4);
	fw_sum();
	dom0_without(&m, WINDOW_VPL011);
	dom0_without(&m, WINDOW_VSMMUV3);
	assert_true(dom0_make_all(&m));
	fw_also(m.out.pa, m.out.bytes, m.out.size);
	assert_true(acpi_read(&seen, m.out.rsdp, &trouble));

	disassemble("APIC");
	assert_int_equal(says("[Generic Interrupt Controller]"), 4);
	assert_int_equal(says("[Generic Interrupt Distributor]"), 1);
	assert_int_equal(says("[Generic Interrupt Redistributor]"), 1);
	assert_int_equal(says("[Generic Interrupt Translator]"), 1);
	assert_int_equal(says("Virtual GIC Interrupt : 00000000"), 4);
	assert_int_equal(says("Processor Enabled : 1"), 4);
	assert_int_equal(says("Base Address : 00000000080A0000"), 1);
	assert_int_equal(says("Length : 00080000"), 1);
	assert_int_equal(says("Version : 03"), 1);
	disassemble("FACP");
	assert_int_equal(says("PSCI Compliant : 1"), 1);
	assert_int_equal(says("Must use HVC for PSCI : 1"), 1);
	assert_int_equal(says("Hardware Reduced (V5) : 1"), 1);
	assert_int_equal(says("Reset Register Supported (V2) : 0"), 1);
	disassemble("STAO");
	assert_int_equal(says("Ignore UART : 01"), 1);
	disassemble("IORT");
	assert_int_equal(says("Node Count : 00000003"), 1);
	assert_int_equal(says("Type : 00"), 1);
	assert_int_equal(says("Type : 01"), 1);
	assert_int_equal(says("Type : 02"), 1);
	assert_int_equal(says("Output Reference : 00000030"), 2);
	dom0_forget(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_program_reads_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
