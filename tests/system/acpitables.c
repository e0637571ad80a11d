// SPDX-License-Identifier: Apache-2.0
/*
 * acpitables MEMORY BASE FOLDER: the ACPI tables in an image of a machine's memory that begins
 * at physical address BASE, the FADT's DSDT among them, each in a file of FOLDER, as acpidump -b
 * has them. Prints of each, and of the RSDP and the XSDT, its name, where it is, and its size.
 *
 * Firmware left the RSDP somewhere: whatever looks like one and whose checksum is right leads
 * to the XSDT (ACPI 6.5, 5.2.5). Status 1: there is none, or a table is not in the image.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *memory;
static uint64_t memory_base, memory_size;

/* `size` bytes at a physical address; NULL: not in the image. */
static const unsigned char *at(uint64_t pa, uint64_t size)
{
	uint64_t offset = pa - memory_base;

	return pa >= memory_base && offset <= memory_size && size <= memory_size - offset ? memory + offset : NULL;
}

static uint64_t number(const unsigned char *p, unsigned int size)
{
	uint64_t v = 0;

	memcpy(&v, p, size);
	return v;
}

static int adds_up(const unsigned char *p, uint64_t size)
{
	unsigned char sum = 0;

	while (size-- > 0) {
		sum = (unsigned char)(sum + *p++);
	}
	return sum == 0;
}

static void table_tell(const char *name, uint64_t pa, uint64_t size)
{
	printf("%s 0x%llx %llu\n", name, (unsigned long long)pa, (unsigned long long)size);
}

static int table_write(const char *folder, uint64_t pa)
{
	const unsigned char *t = at(pa, 36);
	char path[4096], name[5] = "";
	uint64_t size = t == NULL ? 0 : number(t + 4, 4);
	FILE *out;
	int good;

	if (t == NULL || at(pa, size) == NULL || !adds_up(t, size)) {
		fprintf(stderr, "acpitables: no table at 0x%llx\n", (unsigned long long)pa);
		return 0;
	}
	for (int i = 0; i < 4; i++) {
		name[i] = (char)tolower(t[i]);
	}
	snprintf(path, sizeof(path), "%s/%s.dat", folder, name);
	out = fopen(path, "wb");
	good = out != NULL && fwrite(t, 1, size, out) == size;
	good = out != NULL && fclose(out) == 0 && good;
	if (!good) {
		perror(path);
	}
	table_tell(name, pa, size);
	if (memcmp(t, "FACP", 4) == 0 && size >= 148) {
		good = good && table_write(folder, number(t + 140, 8));
	}
	return good;
}

static int read_memory(const char *path)
{
	FILE *in = fopen(path, "rb");

	if (in == NULL || fseek(in, 0, SEEK_END) != 0) {
		return 0;
	}
	memory_size = (uint64_t)ftell(in);
	rewind(in);
	memory = malloc(memory_size);
	return memory != NULL && fread(memory, 1, memory_size, in) == memory_size && fclose(in) == 0;
}

int main(int argc, char **argv)
{
	uint64_t xsdt = 0;
	const unsigned char *t = NULL;

	if (argc != 4 || !read_memory(argv[1])) {
		fprintf(stderr, "usage: acpitables MEMORY BASE FOLDER\n");
		return 1;
	}
	memory_base = strtoull(argv[2], NULL, 0);
	for (uint64_t i = 0; i + 36 <= memory_size && t == NULL; i += 8) {
		if (memcmp(memory + i, "RSD PTR ", 8) == 0 && memory[i + 15] >= 2 && adds_up(memory + i, 36)) {
			xsdt = number(memory + i + 24, 8);
			t = at(xsdt, 36);
			table_tell("rsdp", memory_base + i, number(memory + i + 20, 4));
		}
	}
	if (t == NULL || memcmp(t, "XSDT", 4) != 0 || at(xsdt, number(t + 4, 4)) == NULL) {
		fprintf(stderr, "acpitables: no RSDP leads to an XSDT\n");
		return 1;
	}
	table_tell("xsdt", xsdt, number(t + 4, 4));
	for (uint64_t i = 36; i + 8 <= number(t + 4, 4); i += 8) {
		if (!table_write(argv[3], number(t + i, 8))) {
			return 1;
		}
	}
	free(memory);
	return 0;
}
