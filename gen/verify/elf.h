/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of linked ELF64 files for AArch64. The file is not trusted: every
 * offset and size is checked against the file before a byte is read.
 */
#ifndef VERIFY_ELF_H
#define VERIFY_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_NAME_MAX 64
#define ELF_SECTIONS_MAX 256
#define ELF_ERROR_MAX 160

/* A section that occupies memory when the program runs. */
struct elf_section {
	char name[ELF_NAME_MAX];
	uint64_t addr;
	uint64_t size;
	const uint8_t *bytes; /* NULL: no bytes in the file, zero at run time */
	bool write;
	bool exec;
};

struct elf {
	const uint8_t *file;
	uint64_t file_size;
	struct elf_section sections[ELF_SECTIONS_MAX]; /* ascending by addr, disjoint */
	size_t section_count;
	const uint8_t *symbols; /* Elf64_Sym[symbol_count] */
	uint64_t symbol_count;
	const char *strings; /* ends with a zero byte */
	uint64_t strings_size;
};

/* Opens `size` bytes of ELF, which must stay where they are. Refuses what is not
 * a fixed-position AArch64 executable: other machines, other byte orders,
 * relocations left to do, sections that overlap, segments that load elsewhere
 * than they were linked. Returns false with the reason in `error`. */
bool elf_open(struct elf *e, const uint8_t *file, uint64_t size, char error[ELF_ERROR_MAX]);
/* Value of a defined symbol. Returns false when there is none or when two
 * global ones differ. */
bool elf_symbol(const struct elf *e, const char *name, uint64_t *value);
/* Whether an object `name` of the program has exactly the bytes [addr, addr+size): then no
 * other one, for a linker gives each its own. */
bool elf_object(const struct elf *e, const char *name, uint64_t addr, uint64_t size);
/* `size` bytes that the program has at `addr`, or NULL unless one section holds
 * all of them with its bytes in the file. */
const uint8_t *elf_bytes(const struct elf *e, uint64_t addr, uint64_t size);
/* The text at `addr` of at most `max` bytes, or NULL when no end is found. */
const char *elf_string(const struct elf *e, uint64_t addr, uint64_t max);
const struct elf_section *elf_section(const struct elf *e, const char *name);

#endif
