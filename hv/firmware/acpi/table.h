/* SPDX-License-Identifier: Apache-2.0 */
/* One static table: its bytes, and what was found to be wrong with it. */
#ifndef HV_FIRMWARE_ACPI_TABLE_H
#define HV_FIRMWARE_ACPI_TABLE_H

#include "firmware/acpi/acpi.h"

/* The header of every table but the RSDP (ACPI 6.5, 5.2.6) */
#define TABLE_LENGTH 4u
#define TABLE_REVISION 8u
#define TABLE_OEM_ID 10u
#define TABLE_OEM_TABLE 16u
#define TABLE_OEM_REVISION 24u
#define TABLE_HEADER 36u
#define OEM_ID_SIZE 6u
#define OEM_TABLE_SIZE 8u

struct acpi_table {
	const uint8_t *bytes;
	uint32_t size;
	struct acpi_trouble *trouble;
};

/* Records what is wrong at `offset`, unless something was before. False, always. */
bool table_bad(const struct acpi_table *t, uint32_t offset, const char *what);

/* Whether bytes offset..offset+size-1 are all in the table; records that they are not. */
bool table_has(const struct acpi_table *t, uint32_t offset, uint32_t size);

/* Little endian, at any offset that table_has() was true of. */
uint16_t table_16(const struct acpi_table *t, uint32_t offset);
uint32_t table_32(const struct acpi_table *t, uint32_t offset);
uint64_t table_64(const struct acpi_table *t, uint32_t offset);

/* Copies `size` characters, and a NUL behind. */
void table_text(const struct acpi_table *t, uint32_t offset, char *to, uint32_t size);

/* A physical address that registers of `size` bytes may have: not 0, and no overflow. */
bool table_registers(const struct acpi_table *t, uint32_t offset, uint64_t base, uint64_t size,
		     uint64_t align);

/* An interrupt that there can be: 16..31 for a PPI, 32..1019 for an SPI. */
bool table_ppi(const struct acpi_table *t, uint32_t offset, uint32_t intid);
bool table_spi(const struct acpi_table *t, uint32_t offset, uint32_t intid);

/* Adds to what no domain is to find; what can be no address is nowhere. False: too many. */
bool table_hide(struct acpi_machine *m, const struct acpi_table *t, uint32_t offset, uint64_t base,
		uint64_t size);

/*
 * The table at `pa`: *t with its checksum and length right. False: there is no such table,
 * or not a whole one.
 */
bool table_open(struct acpi_table *t, uint64_t pa);

/* One reader for each table; each adds what it finds. */
bool madt_read(struct acpi_machine *m, const struct acpi_table *t);
bool gtdt_read(struct acpi_machine *m, const struct acpi_table *t);
bool mcfg_read(struct acpi_machine *m, const struct acpi_table *t);
bool fadt_read(struct acpi_machine *m, const struct acpi_table *t);
bool spcr_read(struct acpi_machine *m, const struct acpi_table *t);
bool iort_read(struct acpi_machine *m, const struct acpi_table *t);

#endif
