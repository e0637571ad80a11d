/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts that find the fields. */
#ifndef TESTS_UNIT_VERIFY_FIELDS_PRIV_H
#define TESTS_UNIT_VERIFY_FIELDS_PRIV_H

#include "fields.h"

/* `size` bytes at an address of the target; NULL: the file has none there. */
void *field_at(const struct elf *e, const void *target, uint64_t size);
void field_add(struct fields *f, const char *name, void *at, uint64_t bits, int map);

#define ADD(f, object, field) field_add(f, #field, &(object)->field, sizeof((object)->field) * 8, -1)

/* What firmware's ACPI tables must say. */
void fields_of_firmware(struct fields *f, const struct elf *e);

#endif
