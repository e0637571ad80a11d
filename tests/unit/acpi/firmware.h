/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware's memory with the ACPI tables of a small machine, to be read whole or damaged. */
#ifndef TESTS_UNIT_ACPI_FIRMWARE_H
#define TESTS_UNIT_ACPI_FIRMWARE_H

#include "firmware/acpi/acpi.h"

#define FW_BASE UINT64_C(0x7c000000)
#define FW_RSDP FW_BASE

/* Like QEMU's virt with an SMMUv3 and an ITS, 4 CPUs: all tables afresh. */
void fw_make(void);

/* The bytes of a table by its signature ("RSDP", "XSDT", "APIC", ...), and how many. */
uint8_t *fw_table(const char *signature, uint32_t *size);

/* Puts a little-endian value of 1, 2, 4 or 8 bytes into a table. */
void fw_put(const char *signature, uint32_t offset, uint64_t value, uint32_t size);

/* Adds `count` bytes behind the end of the last table, IORT, and counts them in its length. */
void fw_extend(uint32_t count);

/* Makes the checksums right again. */
void fw_sum(void);

/* As acpi_memory(), which memory.c makes of it. */
const uint8_t *fw_memory(uint64_t pa, uint64_t size);

/* Memory beside firmware's where tables can be read as well; size 0: none. */
void fw_also(uint64_t pa, const uint8_t *bytes, uint64_t size);

/* Bytes of firmware's memory, all in all. */
uint64_t fw_size(void);

#endif
