// SPDX-License-Identifier: Apache-2.0
/*
 * Started by UEFI. The image is not where it was linked: code and data find each other as
 * they do anywhere, but a pointer that the linker wrote has to be moved (efi_here()).
 */
#include "firmware/efi_priv.h"

#include <stdarg.h>

#include "arch/sysreg.h"
#include "lib/format.h"
#include "lib/string.h"

#define LINE_MAX 200u
#define EL_SHIFT 2u

static struct efi_system *efi;
static struct acpi_machine efi_machine;

void efi_say(const char *fmt, ...)
{
	static uint16_t wide[LINE_MAX + 3];
	char text[LINE_MAX];
	uint32_t n = 0;
	va_list ap;

	va_start(ap, fmt);
	format_text(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (; text[n] != '\0'; n++) {
		wide[n] = (uint8_t)text[n];
	}
	wide[n] = '\r';
	wide[n + 1] = '\n';
	wide[n + 2] = 0;
	efi->out->output(efi->out, wide);
}

uint64_t efi_find(const struct efi_system *system, const struct efi_guid *guid)
{
	for (uint64_t i = 0; i < system->config_count; i++) {
		if (memcmp(&system->config[i].guid, guid, sizeof(*guid)) == 0) {
			return (uint64_t)(uintptr_t)system->config[i].table;
		}
	}
	return 0;
}

/* Text of a fixed width as a string. */
static const char *efi_text(char to[9], const char *from, uint32_t size)
{
	memcpy(to, from, size);
	to[size] = '\0';
	return to;
}

/* Says which machine this is if it is not the board. */
static bool efi_is_board(const char *name, const struct acpi_machine *m)
{
	const struct acpi_expect *expect = efi_here(board.acpi);
	uint32_t table = 0;
	char text[9];

	switch (acpi_compare(m, expect, &table)) {
	case ACPI_AS_EXPECTED:
		return true;
	case ACPI_OTHER_OEM:
		efi_say("bulkhead: fatal: %s: this is another machine: its ACPI tables are by '%s', not by '%s' "
			"(expect.oem-id of the board file)",
			name, m->oem_id, efi_text(text, expect->oem_id, sizeof(expect->oem_id)));
		return false;
	case ACPI_OTHER_TABLE:
		efi_say("bulkhead: fatal: %s: this is another machine: '%s' is none of expect.oem-table-ids of the "
			"board file", name, m->oem_table);
		return false;
	case ACPI_NO_TABLE:
	default:
		efi_say("bulkhead: fatal: %s: firmware has no ACPI table '%s' (expect.tables of the board file)", name,
			efi_text(text, expect->tables[table], sizeof(expect->tables[table])));
		return false;
	}
}

static void efi_describe(const struct acpi_machine *m)
{
	efi_say("bulkhead: ACPI: %u CPUs, GICv%u at 0x%lx, %u ITSs, %u SMMUv3s, %u PCI segments, UART at 0x%lx",
		m->cpu_count, m->gic_version, m->gicd, m->its_count, m->smmu_count, m->segment_count, m->uart.base);
	if (m->iort_counts) {
		efi_say("bulkhead: IORT counts IDs from 1, which is mended");
	}
}

uint64_t efi_entry(void *handle, struct efi_system *system)
{
	static const struct efi_guid acpi = EFI_ACPI_GUID;
	uint64_t el = sysreg_read_currentel() >> EL_SHIFT;
	struct acpi_trouble trouble;
	struct efi_map map;
	const char *name;
	uint64_t rsdp;

	if (system->header.signature != EFI_SYSTEM_SIGNATURE) {
		return EFI_UNSUPPORTED;
	}
	efi = system;
	name = efi_here(board.name);
	if (el != 2) {
		efi_say("bulkhead: fatal: %s: started at exception level %lu, but a hypervisor needs level 2", name, el);
		return EFI_UNSUPPORTED;
	}
	rsdp = efi_find(efi, &acpi);
	if (rsdp == 0 || !efi_map_read(efi, &map)) {
		efi_say("bulkhead: fatal: %s: firmware has no %s", name, rsdp == 0 ? "ACPI tables" : "memory map");
		return EFI_UNSUPPORTED;
	}
	if (!acpi_read(&efi_machine, rsdp, &trouble) || !acpi_read_dsdt(&efi_machine, &trouble)) {
		efi_say("bulkhead: fatal: %s: ACPI table %s: what is at offset 0x%x %s", name, trouble.table,
			trouble.offset, trouble.what);
		return EFI_UNSUPPORTED;
	}
	if (!efi_is_board(name, &efi_machine)) {
		return EFI_UNSUPPORTED;
	}
	efi_describe(&efi_machine);
	efi_start(efi, handle, name, &efi_machine);
	return EFI_UNSUPPORTED;
}
