// SPDX-License-Identifier: Apache-2.0
#include "good_priv.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	const char *name;
	uint64_t value;
	uint64_t size; /* 0: no object */
};

static const struct symbol symbols[] = {
	{"board", RODATA, 0}, {"domain_resets", RODATA + offsetof(struct good_rodata, reset_lists), 0},
	{"__text_start", TEXT, 0},
	{"__text_end", RODATA, 0},
	{"__rodata_start", RODATA, 0},
	{"__rodata_end", DATA, 0},
	{"__data_start", DATA, 0},
	{"__data_end", PACKED, 0},
	{"__packed_start", PACKED, 0},
	{"__packed_data", PACKED, 0},
	{"__packed_end", BSS, 0},
	{"__bss_start", BSS, 0},
	{"__bss_end", NOINIT, 0},
	{"__noinit_start", NOINIT, 0},
	{"__noinit_end", NOINIT_END, 0},
	{"__lpi_start", GOOD_TABLES, 0},
	{"__lpi_end", GOOD_TABLES, 0},
	{"__tables_start", GOOD_TABLES, 0},
	{"__tables_end", GOOD_TABLES + GOOD_TABLE_PAGES *PAGE_SIZE, 0},
	{"smmu0_cmdq", BSS, 0x100},
	{"smmu0_evtq", BSS + 0x200, 0x200},
	{"smmu1_cmdq", BSS + 0x400, 0x200},
	{"smmu1_evtq", BSS + 0x600, 0x200},
	{"smmu0_nested", GOOD_NESTED, 2 * PAGE_SIZE},
};

static const struct {
	const char *name;
	uint32_t type;
	uint64_t flags;
	uint64_t addr;
	uint64_t size;
	uint64_t offset; /* in the file */
} sections[] = {
	{"", SHT_NULL, 0, 0, 0, 0},
	{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, TEXT, RODATA - TEXT, 0x1000},
	{".rodata", SHT_PROGBITS, SHF_ALLOC, RODATA, DATA - RODATA, 0x2000},
	{".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, DATA, PACKED - DATA, 0x5000},
	{".packed", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, PACKED, BSS - PACKED, 0},
	{".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, BSS, NOINIT - BSS, 0},
	{".noinit", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NOINIT, NOINIT_END - NOINIT, 0},
	{".tables", SHT_PROGBITS, SHF_ALLOC, GOOD_TABLES, GOOD_TABLE_PAGES *PAGE_SIZE, 0x6000},
	{".symtab", SHT_SYMTAB, 0, 0, (ARRAY_SIZE(symbols) + 1) * sizeof(Elf64_Sym), 0x200},
	{".strtab", SHT_STRTAB, 0, 0, 0x300, 0x500},
	{".shstrtab", SHT_STRTAB, 0, 0, 0x80, 0x800},
};

#define FILE_HEADERS 0x900 /* section headers, behind everything above */

static void link_symbols(struct good *g)
{
	Elf64_Sym *sym = (Elf64_Sym *)(void *)(g->file + 0x200);
	char *strings = (char *)g->file + 0x500;
	uint32_t at = 1;

	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		sym[i + 1] = (Elf64_Sym){.st_name = at,
					 .st_info = ELF64_ST_INFO(STB_GLOBAL, symbols[i].size != 0 ? STT_OBJECT : STT_NOTYPE),
					 .st_shndx = 1,
					 .st_value = symbols[i].value,
					 .st_size = symbols[i].size};
		strcpy(strings + at, symbols[i].name);
		at += (uint32_t)strlen(symbols[i].name) + 1;
	}
}

static void link_file(struct good *g)
{
	Elf64_Ehdr *e = (Elf64_Ehdr *)(void *)g->file;
	Elf64_Phdr *p = (Elf64_Phdr *)(void *)(g->file + sizeof(*e));
	Elf64_Shdr *s = (Elf64_Shdr *)(void *)(g->file + FILE_HEADERS);
	char *names = (char *)g->file + 0x800;
	uint32_t at = 0;

	memcpy(e->e_ident, "\177ELF\2\1\1", 7);
	e->e_type = ET_EXEC;
	e->e_machine = EM_AARCH64;
	e->e_phoff = sizeof(*e);
	e->e_phentsize = sizeof(*p);
	e->e_phnum = 1;
	e->e_shoff = FILE_HEADERS;
	e->e_shentsize = sizeof(*s);
	e->e_shnum = ARRAY_SIZE(sections);
	e->e_shstrndx = ARRAY_SIZE(sections) - 1;
	*p = (Elf64_Phdr){.p_type = PT_LOAD, .p_vaddr = TEXT, .p_paddr = TEXT};
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		s[i] = (Elf64_Shdr){.sh_name = at,
				    .sh_type = sections[i].type,
				    .sh_flags = sections[i].flags,
				    .sh_addr = sections[i].addr,
				    .sh_offset = sections[i].offset,
				    .sh_size = sections[i].size,
				    .sh_link = sections[i].type == SHT_SYMTAB ? (uint32_t)i + 1 : 0};
		strcpy(names + at, sections[i].name);
		at += (uint32_t)strlen(sections[i].name) + 1;
	}
	link_symbols(g);
}

/* hv.img: text, rodata and data as they are, then one run for each word that is
 * not zero; the store. */
static void build_image(struct good *g)
{
	uint64_t *words = &g->tables[0][0];
	struct packed_run *run;
	uint64_t last = 0;
	size_t flat = PACKED - GOOD_BASE;

	g->image_size = GOOD_STORE + 0x2000 - GOOD_BASE;
	g->image = calloc(1, g->image_size);
	memcpy(g->image, g->file + 0x1000, flat);
	run = (struct packed_run *)(void *)(g->image + flat);
	for (uint64_t i = 0; i < GOOD_TABLE_PAGES * 512; i++) {
		if (words[i] != 0) {
			if (run->count > 0 && i == last && words[i] == run->first + run->count * PAGE_SIZE) {
				run->count++;
				last = i + 1;
				continue;
			}
			run += run->count > 0 ? 1 : 0;
			*run = (struct packed_run){.skip = (uint32_t)(i - last),
						   .count = 1,
						   .first = words[i],
						   .step = PAGE_SIZE};
			last = i + 1;
		}
	}
	g->runs_end = (uint64_t)((uint8_t *)(run + 2) - g->image);
	memset(g->image + (GOOD_STORE - GOOD_BASE), 0x5a, 0x1800);
}

void good_link(struct good *g)
{
	link_file(g);
	build_image(g);
}
