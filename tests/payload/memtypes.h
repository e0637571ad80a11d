/* SPDX-License-Identifier: Apache-2.0 */
/* Accesses that the compiler must neither align nor split. */
#ifndef PAYLOAD_MEMTYPES_H
#define PAYLOAD_MEMTYPES_H

#include "rt/arch.h"

/* memcpy and memset as C libraries have them: pairs of registers at any address, the
 * last one overlapping, whole lines by DC ZVA. size >= 16; memset with 0 and other
 * values alike. */
void plain_copy(uint8_t *to, const uint8_t *from, uint64_t size);
void plain_set(uint8_t *to, uint8_t value, uint64_t size);

/* One load or store of 64 bits at any address. */
uint64_t word_read(uint64_t addr);
void word_write(uint64_t addr, uint64_t value);

/* DC ZVA, and how many bytes it zeroes. */
void line_zero(uint64_t addr);
uint64_t line_size(void);

/* Asks Xen for the 64 KiB at `base`, as ACPI guests do for a device (memtypes_xen.c). */
void test_dev_mmio(uint64_t base, const char *one, const char *batch);

#endif
