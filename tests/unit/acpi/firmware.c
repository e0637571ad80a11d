// SPDX-License-Identifier: Apache-2.0
#include "firmware.h"

#include <stdlib.h>
#include <string.h>

#define TABLES 9u
#define LISTED 3u /* from there on, in the XSDT: before are RSDP, XSDT and DSDT */
#define HEADER 36u

/* Of exactly the size that the tables need, so that a sanitizer sees a step beyond. */
static uint8_t *memory;
static uint32_t used;
static struct {
	char signature[5];
	uint32_t at;
} tables[TABLES];
static uint32_t table_count;

static struct {
	uint64_t pa, size;
	const uint8_t *bytes;
} also;

void fw_also(uint64_t pa, const uint8_t *bytes, uint64_t size)
{
	also.pa = pa;
	also.bytes = bytes;
	also.size = size;
}

uint64_t fw_size(void)
{
	return used;
}

const uint8_t *fw_memory(uint64_t pa, uint64_t size)
{
	if (pa >= also.pa && pa - also.pa <= also.size && size <= also.size - (pa - also.pa)) {
		return also.bytes + (pa - also.pa);
	}
	if (pa < FW_BASE || pa - FW_BASE > used || size > used - (pa - FW_BASE)) {
		return NULL;
	}
	return memory + (pa - FW_BASE);
}

static void put(uint32_t at, uint64_t value, uint32_t size)
{
	memcpy(memory + at, &value, size);
}

static uint32_t get(uint32_t at)
{
	uint32_t v;

	memcpy(&v, memory + at, sizeof(v));
	return v;
}

/* A new table of `size` bytes at the end; returns where it is. */
static uint32_t begin(const char *signature, uint32_t size)
{
	uint32_t at = used;

	memory = realloc(memory, used + size);
	memset(memory + at, 0, size);
	used += size;
	memcpy(tables[table_count].signature, signature, 5);
	tables[table_count++].at = at;
	if (strcmp(signature, "RSDP") != 0) {
		memcpy(memory + at, signature, 4);
		put(at + 4, size, 4);
		memcpy(memory + at + 10, "BOCHS BXPC    ", 14);
		put(at + 24, 1, 4);
	}
	return at;
}

static void make_madt(void)
{
	uint32_t at = begin("APIC", 44 + 24 + 4 * 80 + 16 + 20);
	uint32_t e = at + 44;

	put(e, 0x180c, 2);
	put(e + 8, 0x08000000, 8);
	put(e + 20, 3, 1);
	e += 24;
	for (uint32_t cpu = 0; cpu < 4; cpu++, e += 80) {
		put(e, 0x500b, 2);
		put(e + 4, cpu, 4);
		put(e + 8, cpu, 4);
		put(e + 12, 1, 4);
		put(e + 56, 25, 4);
		put(e + 68, cpu, 8);
	}
	put(e, 0x100e, 2);
	put(e + 4, 0x080a0000, 8);
	put(e + 12, 0xf60000, 4);
	e += 16;
	put(e, 0x140f, 2);
	put(e + 8, 0x08080000, 8);
}

static void make_gtdt(void)
{
	uint32_t at = begin("GTDT", 104 + 28);

	put(at + 48, 29, 4);
	put(at + 56, 30, 4);
	put(at + 64, 27, 4);
	put(at + 72, 26, 4);
	put(at + 88, 1, 4);
	put(at + 92, 104, 4);
	put(at + 104, 1, 1);
	put(at + 105, 28, 2);
	put(at + 108, 0x0a100000, 8);
	put(at + 116, 0x0a110000, 8);
	put(at + 124, 80, 4);
}

static void make_small(uint32_t dsdt)
{
	uint32_t at = begin("FACP", 276);

	put(at + 140, FW_BASE + dsdt, 8);
	put(at + 112, BIT32(20), 4);
	put(at + 129, 3, 2);
	at = begin("MCFG", 44 + 16);
	put(at + 44, 0x4010000000, 8);
	put(at + 55, 255, 1);
	at = begin("SPCR", 80);
	put(at + 36, 3, 1);
	put(at + 41, 32, 1);
	put(at + 44, 0x09000000, 8);
	put(at + 52, 8, 1);
	put(at + 54, 33, 4);
}

/* An ITS group at 48, an SMMU at 72 with one mapping, a root complex at 160 with one, a
 * named component at 216 with one. */
static void make_iort(void)
{
	uint32_t at = begin("IORT", 48 + 24 + 88 + 56 + 60);
	uint32_t n;

	put(at + 36, 4, 4);
	put(at + 40, 48, 4);
	n = at + 48;
	put(n + 1, 24, 2);
	put(n + 16, 1, 4);
	n = at + 72;
	put(n, 4, 1);
	put(n + 1, 88, 2);
	put(n + 8, 1, 4);
	put(n + 12, 68, 4);
	put(n + 16, 0x09050000, 8);
	put(n + 24, 1, 4);
	put(n + 44, 106, 4);
	put(n + 48, 107, 4);
	put(n + 52, 109, 4);
	put(n + 56, 108, 4);
	put(n + 68 + 4, 0xffff, 4);
	put(n + 68 + 12, 48, 4);
	n = at + 160;
	put(n, 2, 1);
	put(n + 1, 56, 2);
	put(n + 8, 1, 4);
	put(n + 12, 36, 4);
	put(n + 36 + 4, 0xfeff, 4);
	put(n + 36 + 12, 72, 4);
	n = at + 216;
	put(n, 1, 1);
	put(n + 1, 60, 2);
	put(n + 8, 1, 4);
	put(n + 12, 40, 4);
	put(n + 40 + 8, 0xff00, 4);
	put(n + 40 + 12, 72, 4);
	put(n + 40 + 16, 1, 4);
}

void fw_make(void)
{
	uint32_t xsdt, dsdt;

	free(memory);
	memory = NULL;
	used = 0;
	table_count = 0;
	(void)begin("RSDP", HEADER);
	memcpy(memory, "RSD PTR ", 8);
	put(15, 2, 1);
	put(20, HEADER, 4);
	xsdt = begin("XSDT", HEADER + 8 * (TABLES - LISTED));
	put(24, FW_BASE + xsdt, 8);
	dsdt = begin("DSDT", HEADER);
	make_madt();
	make_gtdt();
	make_small(dsdt);
	make_iort();
	for (uint32_t i = LISTED; i < table_count; i++) {
		put(xsdt + HEADER + 8 * (i - LISTED), FW_BASE + tables[i].at, 8);
	}
	fw_sum();
}

uint8_t *fw_table(const char *signature, uint32_t *size)
{
	for (uint32_t i = 0; i < table_count; i++) {
		if (strcmp(tables[i].signature, signature) == 0) {
			*size = (i + 1 < table_count ? tables[i + 1].at : used) - tables[i].at;
			return memory + tables[i].at;
		}
	}
	abort();
}

void fw_put(const char *signature, uint32_t offset, uint64_t value, uint32_t size)
{
	uint32_t have;
	uint8_t *t = fw_table(signature, &have);

	memcpy(t + offset, &value, size);
}

void fw_extend(uint32_t count)
{
	uint32_t iort = tables[table_count - 1].at;

	memory = realloc(memory, used + count);
	memset(memory + used, 0, count);
	used += count;
	put(iort + 4, get(iort + 4) + count, 4);
}

static void sum(uint32_t at, uint32_t size, uint32_t checksum)
{
	uint8_t total = 0;

	memory[checksum] = 0;
	for (uint32_t i = 0; i < size; i++) {
		total = (uint8_t)(total + memory[at + i]);
	}
	memory[checksum] = (uint8_t)-total;
}

void fw_sum(void)
{
	for (uint32_t i = 1; i < table_count; i++) {
		uint32_t size = get(tables[i].at + 4);

		if (size >= HEADER && size <= used - tables[i].at) {
			sum(tables[i].at, size, tables[i].at + 9);
		}
	}
	sum(0, 20, 8);
	sum(0, HEADER, 32);
}
