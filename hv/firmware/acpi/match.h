/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of the comparison of firmware's tables with the board file. */
#ifndef HV_FIRMWARE_ACPI_MATCH_H
#define HV_FIRMWARE_ACPI_MATCH_H

#include "firmware/acpi/acpi.h"

struct match {
	const struct acpi_machine *m;
	const struct board_tables *b;
	const struct acpi_expect *e;
	struct acpi_difference *d;
};

/* Record what differs. False, always. */
bool match_differs(const struct match *x, enum acpi_how how, const char *table, const char *what, uint64_t of,
		   uint64_t found, uint64_t wanted);
bool match_absent(const struct match *x, const char *table, const char *what, uint64_t wanted);

/* Whether both are the same; records that they are not. */
bool match_value(const struct match *x, const char *table, const char *what, uint64_t found, uint64_t wanted);

/* Whether MCFG has the board's PCI hosts, and no other. */
bool match_hosts(const struct match *x);

/* Whether IORT leads who is behind an SMMUv3, and PCI's messages, where the board file does. */
bool match_ids(const struct match *x);

#endif
