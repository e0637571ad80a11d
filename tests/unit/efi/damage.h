/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware that is wrong somewhere, at random (rand()): for image and UEFI made anew. */
#ifndef TESTS_UNIT_EFI_DAMAGE_H
#define TESTS_UNIT_EFI_DAMAGE_H

#include <stdint.h>

/* 0..below-1 */
uint32_t damage_pick(uint32_t below);

/* Some bytes of its ACPI tables, most times with checksums that are right again. */
void damage_tables(void);

/* A few pages anywhere are something else than they should be, but for the tables'. */
void damage_map(void);

#endif
