// SPDX-License-Identifier: Apache-2.0
/* Whether the machine is the one that the board file describes. */
#include "firmware/acpi/acpi.h"

/* Texts in tables are filled up with blanks or NULs. */
static bool expect_same(const char *a, const char *b, uint32_t size)
{
	bool same = true;

	for (uint32_t i = 0; i < size; i++) {
		char x = a[i] == ' ' ? '\0' : a[i];
		char y = b[i] == ' ' ? '\0' : b[i];

		same = same && x == y;
	}
	return same;
}

static bool expect_one_of(const char texts[ACPI_EXPECT_MAX][8], const char *text)
{
	bool any = texts[0][0] == '\0';

	for (uint32_t i = 0; i < ACPI_EXPECT_MAX && texts[i][0] != '\0'; i++) {
		any = any || expect_same(texts[i], text, sizeof(texts[i]));
	}
	return any;
}

enum acpi_mismatch acpi_compare(const struct acpi_machine *m, const struct acpi_expect *e, uint32_t *table)
{
	if (e->oem_id[0] != '\0' && !expect_same(e->oem_id, m->oem_id, sizeof(e->oem_id))) {
		return ACPI_OTHER_OEM;
	}
	if (!expect_one_of(e->oem_tables, m->oem_table)) {
		return ACPI_OTHER_TABLE;
	}
	for (*table = 0; *table < ACPI_EXPECT_MAX && e->tables[*table][0] != '\0'; (*table)++) {
		uint32_t i = 0;

		while (i < m->table_count && !expect_same(e->tables[*table], m->tables[i], sizeof(m->tables[i]))) {
			i++;
		}
		if (i == m->table_count) {
			return ACPI_NO_TABLE;
		}
	}
	return ACPI_AS_EXPECTED;
}
