// SPDX-License-Identifier: Apache-2.0
/* The short ones: FADT (ACPI 6.5, 5.2.9), MCFG (PCI Firmware 3.3, 4.1.2), SPCR (revision 4). */
#include "firmware/acpi/table.h"

#define FADT_DSDT 40u
#define FADT_FLAGS 112u
#define FADT_REDUCED BIT32(20) /* HW_REDUCED_ACPI */
#define FADT_ARM 129u
#define FADT_PSCI 1u
#define FADT_PSCI_HVC 2u
#define FADT_SIZE 132u /* up to here is read; nearly all have more */
#define FADT_X_DSDT 140u /* 64 bits, which count unless they are 0 */

#define MCFG_ENTRIES 44u
#define MCFG_ENTRY 16u
#define BUS_SIZE MIB(1)

#define SPCR_KIND 36u
#define SPCR_SPACE 40u /* a generic address structure (5.2.3.2): 0 is memory */
#define SPCR_ADDRESS 44u
#define SPCR_IRQ_KINDS 52u
#define SPCR_IRQ_GIC 8u
#define SPCR_INTID 54u
#define SPCR_SIZE 58u

bool fadt_read(struct acpi_machine *m, const struct acpi_table *t)
{
	if (!table_has(t, 0, FADT_SIZE)) {
		return false;
	}
	if ((table_32(t, FADT_FLAGS) & FADT_REDUCED) == 0) {
		return table_bad(t, FADT_FLAGS, "does not say HW_REDUCED_ACPI, as every Arm machine must");
	}
	m->dsdt = t->size >= FADT_X_DSDT + 8 ? table_64(t, FADT_X_DSDT) : 0;
	m->dsdt = m->dsdt != 0 ? m->dsdt : table_32(t, FADT_DSDT);
	table_text(t, TABLE_OEM_ID, m->oem_id, OEM_ID_SIZE);
	table_text(t, TABLE_OEM_TABLE, m->oem_table, OEM_TABLE_SIZE);
	m->psci = (table_16(t, FADT_ARM) & FADT_PSCI) != 0;
	m->psci_hvc = (table_16(t, FADT_ARM) & FADT_PSCI_HVC) != 0;
	return true;
}

static bool mcfg_entry(struct acpi_machine *m, const struct acpi_table *t, uint32_t at)
{
	struct acpi_segment s = {
		.ecam = table_64(t, at),
		.segment = table_16(t, at + 8),
		.first_bus = t->bytes[at + 10],
		.last_bus = t->bytes[at + 11],
	};

	if (s.first_bus > s.last_bus) {
		return table_bad(t, at + 10, "begins behind the last bus");
	}
	if (!table_registers(t, at, s.ecam, ((uint64_t)s.last_bus + 1) * BUS_SIZE, BUS_SIZE)) {
		return false;
	}
	for (uint32_t i = 0; i < m->segment_count; i++) {
		const struct acpi_segment *o = &m->segments[i];

		if (o->segment == s.segment && o->first_bus <= s.last_bus && s.first_bus <= o->last_bus) {
			return table_bad(t, at + 8, "has buses that an entry before has too");
		}
	}
	if (m->segment_count == ACPI_SEGMENTS_MAX) {
		return table_bad(t, at, "is one configuration space too many for this version (32)");
	}
	m->segments[m->segment_count++] = s;
	return true;
}

bool mcfg_read(struct acpi_machine *m, const struct acpi_table *t)
{
	if (!table_has(t, 0, MCFG_ENTRIES)) {
		return false;
	}
	if ((t->size - MCFG_ENTRIES) % MCFG_ENTRY != 0) {
		return table_bad(t, TABLE_LENGTH, "is no length of a table of whole entries");
	}
	for (uint32_t at = MCFG_ENTRIES; at < t->size; at += MCFG_ENTRY) {
		if (!mcfg_entry(m, t, at)) {
			return false;
		}
	}
	return true;
}

bool spcr_read(struct acpi_machine *m, const struct acpi_table *t)
{
	struct acpi_uart *u = &m->uart;

	if (!table_has(t, 0, SPCR_SIZE)) {
		return false;
	}
	table_text(t, TABLE_OEM_ID, u->oem_id, OEM_ID_SIZE);
	table_text(t, TABLE_OEM_TABLE, u->oem_table, OEM_TABLE_SIZE);
	u->oem_revision = table_32(t, TABLE_OEM_REVISION);
	u->kind = t->bytes[SPCR_KIND];
	/* Address 0: redirection is off. */
	if (table_64(t, SPCR_ADDRESS) == 0) {
		return true;
	}
	if (t->bytes[SPCR_SPACE] != 0) {
		return table_bad(t, SPCR_SPACE, "says that the console is not in memory");
	}
	if (!table_registers(t, SPCR_ADDRESS, table_64(t, SPCR_ADDRESS), PAGE_SIZE, PAGE_SIZE)) {
		return false;
	}
	u->base = table_64(t, SPCR_ADDRESS);
	if ((t->bytes[SPCR_IRQ_KINDS] & SPCR_IRQ_GIC) != 0) {
		u->intid = table_32(t, SPCR_INTID);
		return table_spi(t, SPCR_INTID, u->intid);
	}
	return true;
}
