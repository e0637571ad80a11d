// SPDX-License-Identifier: Apache-2.0
/* From the RSDP (ACPI 6.5, 5.2.5) through the XSDT to each table that is needed. */
#include "firmware/acpi/table.h"
#include "lib/string.h"

#define RSDP_SIZE_1 20u /* of ACPI 1.0: what the first checksum is of */
#define RSDP_REVISION 15u
#define RSDP_LENGTH 20u
#define RSDP_XSDT 24u
#define RSDP_SIZE 36u
#define RSDP_SIZE_MAX 4096u

enum root_kind { ROOT_FADT, ROOT_MADT, ROOT_GTDT, ROOT_MCFG, ROOT_SPCR, ROOT_IORT, ROOT_KINDS };

static const char root_signatures[ROOT_KINDS][5] = {"FACP", "APIC", "GTDT", "MCFG", "SPCR", "IORT"};
/* Without these there is nothing to run on. */
static const bool root_needed[ROOT_KINDS] = {[ROOT_FADT] = true, [ROOT_MADT] = true, [ROOT_GTDT] = true};

static bool root_read_one(struct acpi_machine *m, const struct acpi_table *t, enum root_kind kind)
{
	switch (kind) {
	case ROOT_FADT:
		return fadt_read(m, t);
	case ROOT_MADT:
		return madt_read(m, t);
	case ROOT_GTDT:
		return gtdt_read(m, t);
	case ROOT_MCFG:
		return mcfg_read(m, t);
	case ROOT_SPCR:
		return spcr_read(m, t);
	case ROOT_IORT:
	default:
		return iort_read(m, t);
	}
}

static void root_name(struct acpi_trouble *trouble, const char *name)
{
	memcpy(trouble->table, name, sizeof(trouble->table));
}

/* The XSDT's address. */
static bool rsdp_read(const struct acpi_table *opened, uint64_t rsdp, uint64_t *xsdt)
{
	struct acpi_table t = *opened;
	uint32_t length;
	uint8_t sum = 0;

	t.bytes = acpi_memory(rsdp, RSDP_SIZE);
	t.size = RSDP_SIZE;
	if (t.bytes == NULL) {
		return table_bad(&t, 0, "is not in firmware's memory");
	}
	if (memcmp(t.bytes, "RSD PTR ", 8) != 0) {
		return table_bad(&t, 0, "has not its signature");
	}
	if (t.bytes[RSDP_REVISION] < 2) {
		return table_bad(&t, RSDP_REVISION, "is of ACPI 1.0, which has no XSDT");
	}
	length = table_32(&t, RSDP_LENGTH);
	if (length < RSDP_SIZE || length > RSDP_SIZE_MAX) {
		return table_bad(&t, RSDP_LENGTH, "is no length of it");
	}
	t.bytes = acpi_memory(rsdp, length);
	if (t.bytes == NULL) {
		return table_bad(&t, RSDP_LENGTH, "makes it reach beyond firmware's memory");
	}
	for (uint32_t i = 0; i < length; i++) {
		sum = (uint8_t)(sum + t.bytes[i]);
		if (i + 1 == RSDP_SIZE_1 && sum != 0) {
			return table_bad(&t, 8, "has a wrong checksum of its first 20 bytes");
		}
	}
	if (sum != 0) {
		return table_bad(&t, 32, "has a wrong checksum");
	}
	*xsdt = table_64(&t, RSDP_XSDT);
	return true;
}

/* Entry i of the XSDT: reads the table if it is one that is needed. */
static bool xsdt_entry(struct acpi_machine *m, const struct acpi_table *xsdt, uint32_t i,
		       bool found[ROOT_KINDS])
{
	uint32_t offset = TABLE_HEADER + 8 * i;
	uint64_t pa = table_64(xsdt, offset);
	const uint8_t *signature = acpi_memory(pa, TABLE_HEADER);

	if (signature == NULL) {
		return table_bad(xsdt, offset, "leads out of firmware's memory");
	}
	m->table_pa[m->table_count] = pa;
	memcpy(m->tables[m->table_count++], signature, 4);
	for (uint32_t kind = 0; kind < ROOT_KINDS; kind++) {
		struct acpi_table t = {.trouble = xsdt->trouble};

		if (memcmp(signature, root_signatures[kind], 4) != 0) {
			continue;
		}
		if (found[kind]) {
			return table_bad(xsdt, offset, "leads to a second table of a kind that there is one of");
		}
		found[kind] = true;
		if (!table_open(&t, pa) || !root_read_one(m, &t, (enum root_kind)kind)) {
			return false;
		}
		root_name(xsdt->trouble, "XSDT");
	}
	return true;
}

bool acpi_read(struct acpi_machine *m, uint64_t rsdp, struct acpi_trouble *trouble)
{
	struct acpi_table t = {.trouble = trouble};
	bool found[ROOT_KINDS] = {false};
	uint64_t xsdt = 0;

	memset(m, 0, sizeof(*m));
	memset(trouble, 0, sizeof(*trouble));
	root_name(trouble, "RSDP");
	if (!rsdp_read(&t, rsdp, &xsdt) || !table_open(&t, xsdt)) {
		return false;
	}
	m->rsdp = rsdp;
	m->xsdt = xsdt;
	if (memcmp(t.bytes, "XSDT", 4) != 0) {
		return table_bad(&t, 0, "stands where the XSDT should");
	}
	if ((t.size - TABLE_HEADER) % 8 != 0 || (t.size - TABLE_HEADER) / 8 > ACPI_TABLES_MAX) {
		return table_bad(&t, TABLE_LENGTH, "is no length of an XSDT");
	}
	for (uint32_t i = 0; i < (t.size - TABLE_HEADER) / 8; i++) {
		if (!xsdt_entry(m, &t, i, found)) {
			return false;
		}
	}
	for (uint32_t kind = 0; kind < ROOT_KINDS; kind++) {
		if (root_needed[kind] && !found[kind]) {
			root_name(trouble, root_signatures[kind]);
			return table_bad(&t, 0, "is not there");
		}
	}
	return true;
}

bool acpi_read_dsdt(const struct acpi_machine *m, struct acpi_trouble *trouble)
{
	struct acpi_table t = {.trouble = trouble};
	const uint8_t *signature = acpi_memory(m->dsdt, TABLE_HEADER);

	memset(trouble, 0, sizeof(*trouble));
	root_name(trouble, "DSDT");
	if (signature == NULL || memcmp(signature, "DSDT", 4) != 0) {
		return table_bad(&t, 0, "is not what the FADT leads to");
	}
	return table_open(&t, m->dsdt);
}
