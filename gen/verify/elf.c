// SPDX-License-Identifier: Apache-2.0
#include "elf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Offsets and values of the System V ABI (gabi, chapters 4 and 5) and of the
 * ELF for the Arm 64-bit Architecture (aaelf64). */
#define EHDR_SIZE      64
#define EHDR_TYPE      16
#define EHDR_MACHINE   18
#define EHDR_PHOFF     32
#define EHDR_SHOFF     40
#define EHDR_PHENTSIZE 54
#define EHDR_PHNUM     56
#define EHDR_SHENTSIZE 58
#define EHDR_SHNUM     60
#define EHDR_SHSTRNDX  62
#define PHDR_SIZE      56
#define SHDR_SIZE      64
#define SYM_SIZE       24
#define ET_EXEC	       2
#define ET_DYN	       3
#define EM_AARCH64     183
#define PT_LOAD	       1
#define SHT_SYMTAB     2
#define SHT_RELA       4
#define SHT_NOBITS     8
#define SHT_REL	       9
#define SHT_RELR       19
#define SHF_WRITE      1u
#define SHF_ALLOC      2u
#define SHF_EXECINSTR  4u
#define SHN_UNDEF      0
#define SYM_BIND(info) ((info) >> 4)
#define SYM_TYPE(info) ((info) & 15)
#define STT_OBJECT     1
#define STB_LOCAL      0

static uint16_t elf_read16(const uint8_t *p)
{
	return (uint16_t)(p[0] | (p[1] << 8));
}

static uint32_t elf_read32(const uint8_t *p)
{
	return (uint32_t)elf_read16(p) | ((uint32_t)elf_read16(p + 2) << 16);
}

static uint64_t elf_read64(const uint8_t *p)
{
	return (uint64_t)elf_read32(p) | ((uint64_t)elf_read32(p + 4) << 32);
}

__attribute__((format(printf, 2, 3))) static bool elf_refuse(char *error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, ELF_ERROR_MAX, fmt, ap);
	va_end(ap);
	return false;
}

static bool elf_inside(const struct elf *e, uint64_t offset, uint64_t size)
{
	return offset <= e->file_size && size <= e->file_size - offset;
}

static const uint8_t *elf_shdr(const struct elf *e, uint16_t index)
{
	return e->file + elf_read64(e->file + EHDR_SHOFF) + (uint64_t)index * SHDR_SIZE;
}

static bool elf_check_header(const struct elf *e, char *error)
{
	static const uint8_t ident[7] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	uint16_t type;

	if (e->file_size < EHDR_SIZE || memcmp(e->file, ident, sizeof(ident)) != 0) {
		return elf_refuse(error, "not a little-endian ELF64 file");
	}
	type = elf_read16(e->file + EHDR_TYPE);
	if (elf_read16(e->file + EHDR_MACHINE) != EM_AARCH64 || (type != ET_EXEC && type != ET_DYN)) {
		return elf_refuse(error, "not a linked AArch64 program");
	}
	if (elf_read16(e->file + EHDR_SHENTSIZE) != SHDR_SIZE ||
	    !elf_inside(e, elf_read64(e->file + EHDR_SHOFF),
			(uint64_t)elf_read16(e->file + EHDR_SHNUM) * SHDR_SIZE)) {
		return elf_refuse(error, "section headers lie outside the file");
	}
	if (elf_read16(e->file + EHDR_SHSTRNDX) >= elf_read16(e->file + EHDR_SHNUM)) {
		return elf_refuse(error, "no section names");
	}
	return true;
}

/* Segments must load where they are linked: the tables are read by address. */
static bool elf_check_segments(const struct elf *e, char *error)
{
	uint64_t offset = elf_read64(e->file + EHDR_PHOFF);
	uint16_t count = elf_read16(e->file + EHDR_PHNUM);

	if (count == 0) {
		return elf_refuse(error, "no program headers");
	}
	if (elf_read16(e->file + EHDR_PHENTSIZE) != PHDR_SIZE ||
	    !elf_inside(e, offset, (uint64_t)count * PHDR_SIZE)) {
		return elf_refuse(error, "program headers lie outside the file");
	}
	for (uint16_t i = 0; i < count; i++) {
		const uint8_t *p = e->file + offset + (uint64_t)i * PHDR_SIZE;

		if (elf_read32(p) == PT_LOAD && elf_read64(p + 16) != elf_read64(p + 24)) {
			return elf_refuse(error, "segment %u is linked at 0x%llx but loads at 0x%llx", i,
					  (unsigned long long)elf_read64(p + 16),
					  (unsigned long long)elf_read64(p + 24));
		}
	}
	return true;
}

static bool elf_read_symbols(struct elf *e, const uint8_t *s, char *error)
{
	uint64_t offset = elf_read64(s + 24);
	uint64_t size = elf_read64(s + 32);
	uint32_t link = elf_read32(s + 40);
	const uint8_t *names;

	if (e->symbols != NULL) {
		return elf_refuse(error, "two symbol tables");
	}
	if (!elf_inside(e, offset, size) || link >= elf_read16(e->file + EHDR_SHNUM)) {
		return elf_refuse(error, "the symbol table lies outside the file");
	}
	names = elf_shdr(e, (uint16_t)link);
	if (elf_read32(names + 4) == SHT_NOBITS ||
	    !elf_inside(e, elf_read64(names + 24), elf_read64(names + 32)) || elf_read64(names + 32) == 0 ||
	    e->file[elf_read64(names + 24) + elf_read64(names + 32) - 1] != 0) {
		return elf_refuse(error, "the symbol names lie outside the file");
	}
	e->symbols = e->file + offset;
	e->symbol_count = size / SYM_SIZE;
	e->strings = (const char *)e->file + elf_read64(names + 24);
	e->strings_size = elf_read64(names + 32);
	return true;
}

static bool elf_read_section(struct elf *e, const uint8_t *s, const uint8_t *names, char *error)
{
	uint64_t flags = elf_read64(s + 8);
	uint64_t offset = elf_read64(s + 24);
	struct elf_section *out;
	uint64_t name = elf_read64(names + 24) + elf_read32(s);

	if (e->section_count == ELF_SECTIONS_MAX) {
		return elf_refuse(error, "more than %d sections", ELF_SECTIONS_MAX);
	}
	out = &e->sections[e->section_count];
	out->addr = elf_read64(s + 16);
	out->size = elf_read64(s + 32);
	out->write = (flags & SHF_WRITE) != 0;
	out->exec = (flags & SHF_EXECINSTR) != 0;
	if (elf_read32(s) >= elf_read64(names + 32)) {
		return elf_refuse(error, "a section's name lies outside the file");
	}
	for (size_t i = 0; i + 1 < ELF_NAME_MAX && name + i < e->file_size && e->file[name + i] != 0; i++) {
		out->name[i] = (char)e->file[name + i];
	}
	if (out->addr + out->size < out->addr) {
		return elf_refuse(error, "section %s wraps around the address space", out->name);
	}
	if (elf_read32(s + 4) != SHT_NOBITS) {
		if (!elf_inside(e, offset, out->size)) {
			return elf_refuse(error, "section %s lies outside the file", out->name);
		}
		out->bytes = e->file + offset;
	}
	if (out->size > 0) {
		e->section_count++;
	} else {
		memset(out, 0, sizeof(*out));
	}
	return true;
}

static int elf_compare_sections(const void *a, const void *b)
{
	uint64_t x = ((const struct elf_section *)a)->addr;
	uint64_t y = ((const struct elf_section *)b)->addr;

	return (x > y) - (x < y);
}

static bool elf_read_sections(struct elf *e, char *error)
{
	const uint8_t *names = elf_shdr(e, elf_read16(e->file + EHDR_SHSTRNDX));
	uint16_t count = elf_read16(e->file + EHDR_SHNUM);

	if (!elf_inside(e, elf_read64(names + 24), elf_read64(names + 32))) {
		return elf_refuse(error, "section names lie outside the file");
	}
	for (uint16_t i = 1; i < count; i++) {
		const uint8_t *s = elf_shdr(e, i);
		uint32_t type = elf_read32(s + 4);
		bool alloc = (elf_read64(s + 8) & SHF_ALLOC) != 0;

		if ((type == SHT_RELA || type == SHT_REL || type == SHT_RELR) && alloc &&
		    elf_read64(s + 32) > 0) {
			return elf_refuse(error, "relocations are left to be done at run time");
		}
		if (type == SHT_SYMTAB && !elf_read_symbols(e, s, error)) {
			return false;
		}
		if (alloc && !elf_read_section(e, s, names, error)) {
			return false;
		}
	}
	qsort(e->sections, e->section_count, sizeof(e->sections[0]), elf_compare_sections);
	for (size_t i = 1; i < e->section_count; i++) {
		const struct elf_section *before = &e->sections[i - 1];

		if (e->sections[i].addr < before->addr + before->size) {
			return elf_refuse(error, "sections %s and %s overlap", before->name,
					  e->sections[i].name);
		}
	}
	return true;
}

bool elf_open(struct elf *e, const uint8_t *file, uint64_t size, char error[ELF_ERROR_MAX])
{
	memset(e, 0, sizeof(*e));
	e->file = file;
	e->file_size = size;
	if (!elf_check_header(e, error) || !elf_check_segments(e, error) || !elf_read_sections(e, error)) {
		return false;
	}
	if (e->symbols == NULL) {
		return elf_refuse(error, "no symbol table");
	}
	return true;
}

bool elf_symbol(const struct elf *e, const char *name, uint64_t *value)
{
	size_t length = strlen(name) + 1;
	bool found = false;
	bool global = false;

	for (uint64_t i = 0; i < e->symbol_count; i++) {
		const uint8_t *s = e->symbols + i * SYM_SIZE;
		uint32_t offset = elf_read32(s);
		bool is_global = SYM_BIND(s[4]) != STB_LOCAL;

		if (elf_read16(s + 6) == SHN_UNDEF || offset >= e->strings_size ||
		    length > e->strings_size - offset || memcmp(e->strings + offset, name, length) != 0) {
			continue;
		}
		if (found && is_global == global && *value != elf_read64(s + 8)) {
			return false;
		}
		if (!found || (is_global && !global)) {
			*value = elf_read64(s + 8);
			global = is_global;
		}
		found = true;
	}
	return found;
}

bool elf_object(const struct elf *e, const char *name, uint64_t addr, uint64_t size)
{
	size_t length = strlen(name) + 1;

	for (uint64_t i = 0; i < e->symbol_count; i++) {
		const uint8_t *s = e->symbols + i * SYM_SIZE;
		uint32_t offset = elf_read32(s);

		if (SYM_TYPE(s[4]) == STT_OBJECT && elf_read16(s + 6) != SHN_UNDEF && elf_read64(s + 8) == addr &&
		    elf_read64(s + 16) == size && offset < e->strings_size &&
		    length <= e->strings_size - offset && memcmp(e->strings + offset, name, length) == 0) {
			return true;
		}
	}
	return false;
}

const uint8_t *elf_bytes(const struct elf *e, uint64_t addr, uint64_t size)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const struct elf_section *s = &e->sections[i];

		if (addr >= s->addr && addr - s->addr <= s->size && size <= s->size - (addr - s->addr)) {
			if (s->bytes == NULL) {
				return NULL;
			}
			return s->bytes + (addr - s->addr);
		}
	}
	return NULL;
}

const char *elf_string(const struct elf *e, uint64_t addr, uint64_t max)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const struct elf_section *s = &e->sections[i];
		uint64_t left;

		if (s->bytes == NULL || addr < s->addr || addr - s->addr >= s->size) {
			continue;
		}
		left = s->size - (addr - s->addr);
		if (memchr(s->bytes + (addr - s->addr), 0, left < max ? left : max) != NULL) {
			return (const char *)s->bytes + (addr - s->addr);
		}
	}
	return NULL;
}

const struct elf_section *elf_section(const struct elf *e, const char *name)
{
	for (size_t i = 0; i < e->section_count; i++) {
		if (strcmp(e->sections[i].name, name) == 0) {
			return &e->sections[i];
		}
	}
	return NULL;
}
