// SPDX-License-Identifier: Apache-2.0
#include "emit/elf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/arena.h"

#define ELF_BYTES_MAX ((size_t)256 << 20)

static bool inside(const struct elf *e, uint64_t offset, uint64_t size)
{
	return offset <= e->size && size <= e->size - offset;
}

/* A table of `count` entries, or NULL when it leaves the file or is misaligned. */
static const void *table_at(const struct elf *e, uint64_t offset, uint64_t count, size_t entry)
{
	if (count > e->size / entry || !inside(e, offset, count * entry) || offset % 8 != 0) {
		return NULL;
	}
	return e->bytes + offset;
}

static const char *strings_at(const struct elf *e, uint64_t section, size_t *size)
{
	if (section >= e->section_count) {
		return NULL;
	}
	const Elf64_Shdr *s = &e->sections[section];
	if (s->sh_type != SHT_STRTAB || s->sh_size == 0 || !inside(e, s->sh_offset, s->sh_size) ||
	    e->bytes[s->sh_offset + s->sh_size - 1] != 0) {
		return NULL;
	}
	*size = s->sh_size;
	return (const char *)e->bytes + s->sh_offset;
}

static const char *symbols_find(struct elf *e)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const Elf64_Shdr *s = &e->sections[i];
		if (s->sh_type != SHT_SYMTAB) {
			continue;
		}
		e->symbol_count = s->sh_size / sizeof(Elf64_Sym);
		e->symbols = table_at(e, s->sh_offset, e->symbol_count, sizeof(Elf64_Sym));
		e->strings = strings_at(e, s->sh_link, &e->strings_size);
		return e->symbols == NULL || e->strings == NULL ? "its symbol table is damaged" : NULL;
	}
	return "it has no symbol table";
}

static const char *headers_check(struct elf *e)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)(const void *)e->bytes;

	if (e->size < sizeof(*h) || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0) {
		return "it is not an ELF file";
	}
	if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
	    h->e_machine != EM_AARCH64 || h->e_type != ET_EXEC) {
		return "it is not a fixed-position AArch64 executable";
	}
	e->segment_count = h->e_phnum;
	e->section_count = h->e_shnum;
	e->segments = table_at(e, h->e_phoff, h->e_phnum, sizeof(Elf64_Phdr));
	e->sections = table_at(e, h->e_shoff, h->e_shnum, sizeof(Elf64_Shdr));
	if (e->segments == NULL || e->sections == NULL || h->e_phentsize != sizeof(Elf64_Phdr) ||
	    h->e_shentsize != sizeof(Elf64_Shdr)) {
		return "its headers are damaged";
	}
	e->names = strings_at(e, h->e_shstrndx, &e->names_size);
	if (e->names == NULL) {
		return "its section names are damaged";
	}
	for (size_t i = 0; i < e->segment_count; i++) {
		const Elf64_Phdr *s = &e->segments[i];
		if (s->p_type == PT_LOAD && (!inside(e, s->p_offset, s->p_filesz) || s->p_filesz > s->p_memsz)) {
			return "a segment lies outside the file";
		}
	}
	return symbols_find(e);
}

const char *elf_read(struct elf *e, const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t room = (size_t)1 << 20;

	*e = (struct elf){0};
	if (f == NULL) {
		return "cannot be read";
	}
	do {
		e->bytes = memory_resize(e->bytes, room, 1);
		e->size += fread(e->bytes + e->size, 1, room - e->size, f);
		room *= 2;
	} while (e->size == room / 2 && room <= ELF_BYTES_MAX);
	bool failed = ferror(f) != 0;
	fclose(f);
	return failed ? "cannot be read" : headers_check(e);
}

void elf_close(struct elf *e)
{
	free(e->bytes);
	*e = (struct elf){0};
}

bool elf_symbol(const struct elf *e, const char *name, uint64_t *value)
{
	for (size_t i = 0; i < e->symbol_count; i++) {
		const Elf64_Sym *s = &e->symbols[i];
		if (s->st_shndx != SHN_UNDEF && s->st_name < e->strings_size &&
		    strcmp(e->strings + s->st_name, name) == 0) {
			*value = s->st_value;
			return true;
		}
	}
	return false;
}

const uint8_t *elf_section(const struct elf *e, const char *name, uint64_t *addr, uint64_t *size)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const Elf64_Shdr *s = &e->sections[i];
		if (s->sh_type == SHT_PROGBITS && s->sh_name < e->names_size &&
		    strcmp(e->names + s->sh_name, name) == 0 && inside(e, s->sh_offset, s->sh_size)) {
			*addr = s->sh_addr;
			*size = s->sh_size;
			return e->bytes + s->sh_offset;
		}
	}
	return NULL;
}
