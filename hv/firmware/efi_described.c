// SPDX-License-Identifier: Apache-2.0
#include "firmware/efi_priv.h"

static void described_say(const char *name, const struct acpi_difference *d)
{
	switch (d->how) {
	case ACPI_ABSENT:
		efi_say("bulkhead: fatal: %s: this is another machine: ACPI table %s has no %s 0x%lx, the board file has",
			name, d->table, d->what, d->wanted);
		return;
	case ACPI_TAKEN:
		efi_say("bulkhead: fatal: %s: this is another machine: ACPI table %s has another device at %s 0x%lx than "
			"the board file", name, d->table, d->what, d->wanted);
		return;
	case ACPI_OTHER_OF:
		efi_say("bulkhead: fatal: %s: this is another machine: %s 0x%lx is 0x%lx by ACPI table %s, 0x%lx by the "
			"board file", name, d->what, d->of, d->found, d->table, d->wanted);
		return;
	case ACPI_OTHER_VALUE:
	default:
		efi_say("bulkhead: fatal: %s: this is another machine: %s is 0x%lx by ACPI table %s, 0x%lx by the board "
			"file", name, d->what, d->found, d->table, d->wanted);
		return;
	}
}

/* Where the board file gives addresses, firmware's must be the same. */
bool efi_is_described(const char *name, const struct acpi_machine *m)
{
	const struct acpi_expect *expect = efi_here(board.acpi);
	struct acpi_expect e = *expect;
	struct board_tables b = board;
	struct acpi_difference d;

	e.its = efi_here(e.its);
	e.smmus = efi_here(e.smmus);
	e.hosts = efi_here(e.hosts);
	e.streams = efi_here(e.streams);
	e.messages = efi_here(e.messages);
	b.cpus = efi_here(b.cpus);
	if (acpi_match(m, &b, &e, &d)) {
		return efi_map_check(name, efi_here(e.ram), e.ram_count);
	}
	described_say(name, &d);
	return false;
}
