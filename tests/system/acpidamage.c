// SPDX-License-Identifier: Apache-2.0
/*
 * acpidamage MEMORY BASE SEED ROUNDS [ROUND] <TABLES: a script for UEFI's shell that damages ACPI
 * tables where they are in memory. MEMORY is an image of it, from physical address BASE; TABLES
 * is what acpitables says of it.
 *
 * Each round damages one table, has fs0:check.efi say what it makes of it, and puts back what was
 * there. With ROUND that one is done alone, fs0:start.efi is started, and nothing put back.
 * Half of the rounds change a field that says how long, where or how many (or a type, an address
 * or an interrupt) to something odd, and mend the checksum, over as many bytes as the table then
 * says it has. The others change any one bit, and every second one of these mends it as well.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLES_MAX 16
#define FIELDS_MAX 512
#define ROOM_MAX 65536u /* a table, with what a damaged length may cover behind it */
#define LENGTH 4u
#define CHECKSUM 9u
#define HEADER 36u
#define RSDP_CHECKSUM_1 8u /* of the first 20 bytes */
#define RSDP_SIZE_1 20u
#define RSDP_LENGTH 20u
#define RSDP_CHECKSUM 32u

struct table {
	char name[8];
	uint64_t pa;
	uint32_t size;
	const uint8_t *bytes;
	uint32_t room; /* bytes of the image from there on */
};

struct field {
	const struct table *table;
	uint32_t at, width;
};

static struct table tables[TABLES_MAX];
static unsigned int table_count;
static struct field fields[FIELDS_MAX];
static unsigned int field_count;
static uint64_t random_state;

/* Lehmer's generator with Park and Miller's numbers: the same everywhere. */
static uint32_t pick(uint32_t below)
{
	random_state = random_state * 48271 % 2147483647;
	return (uint32_t)random_state % below;
}

static uint32_t number(const struct table *t, uint32_t at, uint32_t width)
{
	uint32_t v = 0;

	if (at + width > t->size) {
		return 0;
	}
	for (uint32_t i = 0; i < width; i++) {
		v |= (uint32_t)t->bytes[at + i] << 8 * i;
	}
	return v;
}

/* Fields of `t`, each {offset from `at`, width}. */
static void add(const struct table *t, uint32_t at, const uint8_t (*list)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (field_count < FIELDS_MAX && at + list[i][0] + list[i][1] <= t->size) {
			fields[field_count++] = (struct field){t, at + list[i][0], list[i][1]};
		}
	}
}

#define ADD(t, at, ...) \
	do { \
		static const uint8_t list_[][2] = __VA_ARGS__; \
		add(t, at, list_, sizeof(list_) / sizeof(list_[0])); \
	} while (0)

static void madt_fields(const struct table *t)
{
	for (uint32_t at = 44; number(t, at + 1, 1) >= 2; at += number(t, at + 1, 1)) {
		ADD(t, at, {{0, 1}, {1, 1}});
		switch (number(t, at, 1)) {
		case 0x0b: /* GICC */
			ADD(t, at, {{8, 4}, {12, 4}, {56, 4}, {60, 8}, {68, 8}});
			break;
		case 0x0c: /* GICD */
			ADD(t, at, {{8, 8}, {20, 1}});
			break;
		case 0x0e: /* GICR */
			ADD(t, at, {{4, 8}, {12, 4}});
			break;
		case 0x0f: /* ITS */
			ADD(t, at, {{4, 4}, {8, 8}});
			break;
		default:
			break;
		}
	}
}

static void iort_fields(const struct table *t)
{
	uint32_t at = number(t, 40, 4);

	ADD(t, 0, {{36, 4}, {40, 4}});
	for (uint32_t size; (size = number(t, at + 1, 2)) >= 16; at += size) {
		ADD(t, at, {{0, 1}, {1, 2}, {8, 4}, {12, 4}, {16, 8}});
		for (uint32_t i = 0, map = at + number(t, at + 12, 4); i < number(t, at + 8, 4); i++, map += 20) {
			ADD(t, map, {{0, 4}, {4, 4}, {8, 4}, {12, 4}, {16, 4}});
		}
	}
}

static void table_fields(const struct table *t)
{
	if (strcmp(t->name, "rsdp") == 0) {
		ADD(t, 0, {{15, 1}, {20, 4}, {24, 8}});
		return;
	}
	ADD(t, 0, {{LENGTH, 4}});
	if (strcmp(t->name, "xsdt") == 0) {
		for (uint32_t at = HEADER; at < t->size; at += 8) {
			ADD(t, at, {{0, 8}});
		}
	} else if (strcmp(t->name, "apic") == 0) {
		madt_fields(t);
	} else if (strcmp(t->name, "iort") == 0) {
		iort_fields(t);
	} else if (strcmp(t->name, "gtdt") == 0) {
		ADD(t, 0, {{48, 4}, {56, 4}, {64, 4}, {72, 4}, {88, 4}, {92, 4}});
	} else if (strcmp(t->name, "mcfg") == 0) {
		ADD(t, 0, {{44, 8}, {52, 2}, {54, 1}, {55, 1}});
	} else if (strcmp(t->name, "facp") == 0) {
		ADD(t, 0, {{112, 4}, {129, 2}, {140, 8}});
	} else if (strcmp(t->name, "spcr") == 0) {
		ADD(t, 0, {{36, 1}, {40, 1}, {44, 8}, {52, 1}, {54, 4}});
	}
}

/* Reads the list, of which those are left out that nothing is read of. */
static bool tables_read(const uint8_t *memory, uint64_t base, uint64_t memory_size)
{
	static const char known[] = "rsdp xsdt dsdt apic facp gtdt mcfg iort spcr ";
	char name[8];
	unsigned long long pa;
	unsigned int size;

	while (scanf("%7s %llx %u", name, &pa, &size) == 3) {
		struct table *t = &tables[table_count];

		if (strstr(known, name) == NULL || table_count == TABLES_MAX) {
			continue;
		}
		if (pa < base || pa - base > memory_size || size > memory_size - (pa - base) || size > ROOM_MAX) {
			return false;
		}
		memcpy(t->name, name, sizeof(name));
		t->pa = pa;
		t->size = size;
		t->bytes = memory + (pa - base);
		t->room = memory_size - (pa - base) < ROOM_MAX ? (uint32_t)(memory_size - (pa - base)) : ROOM_MAX;
		table_fields(t);
		table_count++;
	}
	return table_count == 9;
}

/* Something odd in place of a little-endian number. */
static void make_odd(uint8_t *p, uint32_t width)
{
	uint32_t i = 0;

	switch (pick(8)) {
	case 0:
		memset(p, 0, width);
		return;
	case 1:
		memset(p, 0xff, width);
		return;
	case 2:
		memset(p, 0xff, width);
		p[width - 1] = 0x7f;
		return;
	case 3:
		memset(p, 0, width);
		p[width - 1] = 0x80;
		return;
	case 4: /* one more */
		while (i < width && ++p[i] == 0) {
			i++;
		}
		return;
	case 5: /* one less */
		while (i < width && p[i]-- == 0) {
			i++;
		}
		return;
	case 6:
		p[pick(width)] ^= (uint8_t)(1 << pick(8));
		return;
	default:
		for (; i < width; i++) {
			p[i] = (uint8_t)pick(256);
		}
		return;
	}
}

/* Makes bytes[at] what it must be for the first `size` bytes to add up to 0. */
static void mend(uint8_t *bytes, uint32_t at, uint32_t size)
{
	bytes[at] = 0;
	for (uint32_t i = 0; i < size; i++) {
		bytes[at] = (uint8_t)(bytes[at] - (i == at ? 0 : bytes[i]));
	}
}

static void mend_table(const struct table *t, uint8_t *bytes)
{
	bool root = strcmp(t->name, "rsdp") == 0;
	uint32_t size;

	memcpy(&size, bytes + (root ? RSDP_LENGTH : LENGTH), sizeof(size));
	size = size > t->room || size < HEADER ? t->size : size;
	if (root) {
		mend(bytes, RSDP_CHECKSUM_1, RSDP_SIZE_1);
	}
	mend(bytes, root ? RSDP_CHECKSUM : CHECKSUM, size);
}

/* Each byte of `to` that is not as in `from`. */
static void poke(const struct table *t, const uint8_t *from, const uint8_t *to)
{
	for (uint32_t i = 0; i < t->size; i++) {
		if (from[i] != to[i]) {
			printf("mm %llx %02x -w 1 -n\r\n", (unsigned long long)(t->pa + i), to[i]);
		}
	}
}

/* One bit of any byte but the checksum, which a mended one would be as before. */
static struct field flip(uint8_t *bytes, const struct table *t)
{
	struct field f = {t, pick(t->size), 1};

	if (f.at == (strcmp(t->name, "rsdp") == 0 ? RSDP_CHECKSUM : CHECKSUM) || f.at == RSDP_CHECKSUM_1) {
		f.at = LENGTH;
	}
	bytes[f.at] ^= (uint8_t)(1 << pick(8));
	return f;
}

static void round_write(unsigned int round, bool told, bool alone)
{
	static uint8_t bytes[ROOM_MAX];
	bool mended = round % 4 != 0;
	const struct table *any = &tables[pick(table_count)];
	struct field f = fields[pick(field_count)];

	if (round % 2 == 0) {
		f.table = any;
	}
	memcpy(bytes, f.table->bytes, f.table->room);
	if (round % 2 == 0) {
		f = flip(bytes, any);
	} else {
		make_odd(bytes + f.at, f.width);
		bytes[f.at] ^= memcmp(bytes, f.table->bytes, f.table->size) == 0 ? 1 : 0;
	}
	if (mended) {
		mend_table(f.table, bytes);
	}
	if (!told) {
		return;
	}
	printf("echo \"round %u: %s %u %u %s\"\r\n", round, f.table->name, f.at, f.width,
	       mended ? "mended" : "plain");
	poke(f.table, f.table->bytes, bytes);
	printf("fs0:%s.efi\r\n", alone ? "start" : "check");
	if (!alone) {
		poke(f.table, bytes, f.table->bytes);
	}
}

int main(int argc, char **argv)
{
	unsigned int rounds, only;
	struct stat status;
	const void *memory;
	int in;

	if (argc < 5 || (in = open(argv[1], O_RDONLY)) < 0 || fstat(in, &status) != 0) {
		fprintf(stderr, "usage: acpidamage MEMORY BASE SEED ROUNDS [ROUND] <TABLES\n");
		return 1;
	}
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, in, 0);
	if (memory == MAP_FAILED || !tables_read(memory, strtoull(argv[2], NULL, 0), (uint64_t)status.st_size)) {
		fprintf(stderr, "acpidamage: not all tables are there that are to be damaged\n");
		return 1;
	}
	random_state = 1 + strtoull(argv[3], NULL, 0) % 2147483646;
	rounds = (unsigned int)strtoul(argv[4], NULL, 0);
	only = argc > 5 ? (unsigned int)strtoul(argv[5], NULL, 0) : 0;
	printf("@echo -off\r\n");
	for (unsigned int round = 1; round <= rounds; round++) {
		round_write(round, only == 0 || only == round, only != 0);
	}
	return 0;
}
