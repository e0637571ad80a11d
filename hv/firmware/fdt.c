// SPDX-License-Identifier: Apache-2.0
#include "firmware/fdt.h"

#include "lib/string.h"
#include "mm/window.h"
#include "tables.h"

#define FDT_MAGIC 0xd00dfeedu
#define FDT_SIZE_MAX MIB(2) /* as booting.rst of arm64 Linux has it */
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROP 3u
#define FDT_NOP 4u

/* Offsets in the header */
#define FDT_TOTALSIZE 4u
#define FDT_OFF_STRUCT 8u
#define FDT_OFF_STRINGS 12u
#define FDT_HEADER 40u

#define NAME_MAX 16u /* bytes of a name that are compared */

struct fdt {
	uint32_t cpu;
	uint64_t pa;
	uint32_t size;
	uint32_t tree;
	uint32_t strings;
};

static bool fdt_is_ram(uint64_t pa)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		for (uint32_t n = 0; n < board.domains[i].ram_count; n++) {
			if (pa - board.domains[i].ram[n].base < board.domains[i].ram[n].size) {
				return true;
			}
		}
	}
	return false;
}

/* Bytes of the tree; false: some of them are behind its end, or no RAM. */
static bool fdt_read(const struct fdt *f, uint32_t at, void *to, uint32_t size)
{
	uint8_t *bytes = to;

	if (at > f->size || size > f->size - at) {
		return false;
	}
	while (size > 0) {
		uint64_t pa = f->pa + at;
		uint32_t n = (uint32_t)(PAGE_SIZE - pa % PAGE_SIZE);

		n = n < size ? n : size;
		if (!fdt_is_ram(pa)) {
			return false;
		}
		memcpy(bytes, window_map(f->cpu, 0, PA(pa)), n);
		window_unmap(f->cpu, 0);
		bytes += n;
		at += n;
		size -= n;
	}
	return true;
}

/* A cell; all ones, which is no token and no size, where there is none. */
static uint32_t fdt_cell(const struct fdt *f, uint32_t at)
{
	uint32_t cell;

	return fdt_read(f, at, &cell, sizeof(cell)) ? __builtin_bswap32(cell) : UINT32_MAX;
}

/* Whether a NUL-terminated name there is `name`. */
static bool fdt_is_named(const struct fdt *f, uint32_t at, const char *name)
{
	char text[NAME_MAX];
	uint32_t n = 1;

	while (name[n - 1] != '\0') {
		n++;
	}
	return n <= sizeof(text) && fdt_read(f, at, text, n) && memcmp(text, name, n) == 0;
}

/* Where the token behind the name of a node is; f->size: nowhere. */
static uint32_t fdt_skip_name(const struct fdt *f, uint32_t at)
{
	uint8_t four[4];

	for (; fdt_read(f, at, four, sizeof(four)); at += 4) {
		if (four[0] == 0 || four[1] == 0 || four[2] == 0 || four[3] == 0) {
			return at + 4;
		}
	}
	return f->size;
}

/* A property there: copies it if it is bootargs. Where the token behind it is. */
static uint32_t fdt_property(const struct fdt *f, uint32_t at, bool chosen, char *text, uint32_t size,
			     bool *found)
{
	uint32_t length = fdt_cell(f, at);
	uint32_t name = fdt_cell(f, at + 4);

	if (length > f->size || name > f->size) {
		return f->size;
	}
	if (chosen && fdt_is_named(f, f->strings + name, "bootargs")) {
		uint32_t n = length < size ? length : size - 1;

		*found = fdt_read(f, at + 8, text, n);
		text[*found ? n : 0] = '\0';
	}
	return at + 8 + (uint32_t)ALIGN_UP(length, 4);
}

static bool fdt_find(const struct fdt *f, uint32_t at, char *text, uint32_t size)
{
	bool chosen = false, found = false;
	uint32_t depth = 0;

	while (at < f->size && !found) {
		uint32_t token = fdt_cell(f, at);

		at += 4;
		switch (token) {
		case FDT_BEGIN_NODE:
			chosen = depth == 1 && fdt_is_named(f, at, "chosen");
			depth++;
			at = fdt_skip_name(f, at);
			break;
		case FDT_END_NODE:
			chosen = false;
			depth--;
			break;
		case FDT_PROP:
			at = fdt_property(f, at, chosen, text, size, &found);
			break;
		case FDT_NOP:
			break;
		default: /* its end, or nonsense */
			return false;
		}
	}
	return found;
}

/* The tree at `fdt`; or why there is none, or none that can be read. */
static const char *fdt_open(struct fdt *f, uint32_t cpu, pa_t fdt)
{
	uint64_t page = ALIGN_DOWN(fdt.pa, PAGE_SIZE);

	*f = (struct fdt){.cpu = cpu, .pa = fdt.pa, .size = FDT_SIZE_MAX};
	if (!fdt_is_ram(fdt.pa) || !fdt_is_ram(fdt.pa + FDT_HEADER - 1)) {
		return "is not in a domain's RAM";
	}
	if (!IS_ALIGNED(fdt.pa, 8) || fdt_cell(f, 0) != FDT_MAGIC) {
		return "is none";
	}
	f->size = fdt_cell(f, FDT_TOTALSIZE);
	if (f->size > FDT_SIZE_MAX) {
		return "is damaged";
	}
	for (; page < fdt.pa + f->size; page += PAGE_SIZE) {
		if (!fdt_is_ram(page)) {
			return "is not in a domain's RAM, not all of it";
		}
	}
	f->strings = fdt_cell(f, FDT_OFF_STRINGS);
	f->tree = fdt_cell(f, FDT_OFF_STRUCT);
	if (f->tree > f->size || !IS_ALIGNED(f->tree, 4) || f->strings > f->size) {
		return "is damaged";
	}
	return NULL;
}

const char *fdt_trouble(uint32_t cpu, pa_t fdt)
{
	struct fdt f;

	return fdt_open(&f, cpu, fdt);
}

bool fdt_bootargs(uint32_t cpu, pa_t fdt, char *text, uint32_t size)
{
	struct fdt f;

	return fdt_open(&f, cpu, fdt) == NULL && fdt_find(&f, f.tree, text, size);
}
