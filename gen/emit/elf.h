/* SPDX-License-Identifier: Apache-2.0 */
/* A reader of the linked hypervisor: ELF64, little endian, AArch64, fixed position. */
#ifndef GEN_EMIT_ELF_H
#define GEN_EMIT_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf {
	uint8_t *bytes; /* the whole file; free() */
	size_t size;
	const Elf64_Phdr *segments;
	size_t segment_count;
	const Elf64_Shdr *sections;
	size_t section_count;
	const char *names;
	size_t names_size;
	const Elf64_Sym *symbols;
	size_t symbol_count;
	const char *strings;
	size_t strings_size;
};

/* Reads and checks the file; NULL, or what is wrong with it (errno counts when the
 * text is "cannot be read"). Nothing in `e` points outside its bytes. */
const char *elf_read(struct elf *e, const char *path);
void elf_close(struct elf *e);
bool elf_symbol(const struct elf *e, const char *name, uint64_t *value);
/* The bytes of a section that has some, NULL: there is none of that name. */
const uint8_t *elf_section(const struct elf *e, const char *name, uint64_t *addr, uint64_t *size);

#endif
