// SPDX-License-Identifier: Apache-2.0
#include "firmware/acpi/table.h"

#include "lib/string.h"

#define TABLE_SIZE_MAX MIB(16) /* no static table is anywhere near as large */
#define PPI_FIRST 16u
#define SPI_FIRST 32u

bool table_bad(const struct acpi_table *t, uint32_t offset, const char *what)
{
	if (t->trouble->what == NULL) {
		t->trouble->offset = offset;
		t->trouble->what = what;
	}
	return false;
}

bool table_has(const struct acpi_table *t, uint32_t offset, uint32_t size)
{
	if (offset > t->size || size > t->size - offset) {
		return table_bad(t, offset, "reaches beyond the table's end");
	}
	return true;
}

uint16_t table_16(const struct acpi_table *t, uint32_t offset)
{
	uint16_t v;

	memcpy(&v, t->bytes + offset, sizeof(v));
	return v;
}

uint32_t table_32(const struct acpi_table *t, uint32_t offset)
{
	uint32_t v;

	memcpy(&v, t->bytes + offset, sizeof(v));
	return v;
}

uint64_t table_64(const struct acpi_table *t, uint32_t offset)
{
	uint64_t v;

	memcpy(&v, t->bytes + offset, sizeof(v));
	return v;
}

void table_text(const struct acpi_table *t, uint32_t offset, char *to, uint32_t size)
{
	memcpy(to, t->bytes + offset, size);
	to[size] = '\0';
}

bool table_registers(const struct acpi_table *t, uint32_t offset, uint64_t base, uint64_t size,
		     uint64_t align)
{
	if (base == 0 || size == 0 || base + size - 1 < base) {
		return table_bad(t, offset, "is no address of registers");
	}
	if (!IS_ALIGNED(base, align)) {
		return table_bad(t, offset, "is not aligned as these registers are");
	}
	return true;
}

bool table_ppi(const struct acpi_table *t, uint32_t offset, uint32_t intid)
{
	if (intid < PPI_FIRST || intid >= SPI_FIRST) {
		return table_bad(t, offset, "is no interrupt of a CPU's own (16..31)");
	}
	return true;
}

bool table_spi(const struct acpi_table *t, uint32_t offset, uint32_t intid)
{
	if (intid < SPI_FIRST || intid >= INTIDS) {
		return table_bad(t, offset, "is no shared interrupt (32..1019)");
	}
	return true;
}

bool table_hide(struct acpi_machine *m, const struct acpi_table *t, uint32_t offset, uint64_t base,
		uint64_t size)
{
	uint64_t from = ALIGN_DOWN(base, PAGE_SIZE), end = ALIGN_UP(base + size, PAGE_SIZE);
	uint32_t kept = 0;

	if (base == 0 || end <= from) {
		return true;
	}
	for (uint32_t i = 0; i < m->hidden_count; i++) {
		struct mem_range r = m->hidden[i];

		if (r.base <= end && from <= r.base + r.size) {
			end = r.base + r.size > end ? r.base + r.size : end;
			from = r.base < from ? r.base : from;
		} else {
			m->hidden[kept++] = r;
		}
	}
	if (kept == ACPI_HIDDEN_MAX) {
		return table_bad(t, offset, "is of one place too many that nobody may find (32)");
	}
	m->hidden[kept] = (struct mem_range){from, end - from};
	m->hidden_count = kept + 1;
	return true;
}

/* A table's bytes add up to 0. */
static bool table_adds_up(const uint8_t *bytes, uint32_t size)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < size; i++) {
		sum = (uint8_t)(sum + bytes[i]);
	}
	return sum == 0;
}

/* What the table calls itself, to be told: what cannot be printed is '?'. */
static void table_name(const struct acpi_table *t)
{
	char *name = t->trouble->table;

	table_text(t, 0, name, 4);
	for (uint32_t i = 0; i < 4; i++) {
		name[i] = name[i] > ' ' && name[i] <= '~' ? name[i] : '?';
	}
}

bool table_open(struct acpi_table *t, uint64_t pa)
{
	uint32_t length;

	t->bytes = acpi_memory(pa, TABLE_HEADER);
	t->size = TABLE_HEADER;
	if (t->bytes == NULL) {
		return table_bad(t, 0, "is not in firmware's memory");
	}
	table_name(t);
	length = table_32(t, TABLE_LENGTH);
	if (length < TABLE_HEADER || length > TABLE_SIZE_MAX) {
		return table_bad(t, TABLE_LENGTH, "is no length of a table");
	}
	t->bytes = acpi_memory(pa, length);
	if (t->bytes == NULL) {
		return table_bad(t, TABLE_LENGTH, "makes the table reach beyond firmware's memory");
	}
	t->size = length;
	if (!table_adds_up(t->bytes, length)) {
		return table_bad(t, 0, "has a wrong checksum");
	}
	return true;
}
