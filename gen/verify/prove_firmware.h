/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of the proof that the image asks of firmware what the YAML says. */
#ifndef VERIFY_PROVE_FIRMWARE_H
#define VERIFY_PROVE_FIRMWARE_H

#include "subject.h"
#include "tables.h"

/* "the image expects another <what> of firmware". */
void firmware_fail(struct subject *s, const struct place *at, const char *what);
void firmware_number(struct subject *s, const struct place *at, const char *what, uint64_t found,
		     uint64_t wanted);

/* `found` objects of `size` bytes at the target's `p`; NULL, after reporting: they are not the
 * YAML's number, or not there. */
const void *firmware_list(struct subject *s, const char *what, const void *p, uint64_t found, uint64_t wanted,
			  uint64_t size);

/* PCI hosts, stream IDs and DeviceIDs. */
void firmware_ids(struct subject *s, const struct acpi_expect *e);

#endif
