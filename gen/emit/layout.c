// SPDX-License-Identifier: Apache-2.0
/* Linker script fragments: hv/hv.ld says what they are for. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pack.h"
#include "plan/el2_desc.h"

/* Sections that pages.ld tells apart: each change of rights may split a run. */
#define OWN_RUNS 16u

void emit_layout(FILE *out, const struct plan *p)
{
	/* The linker's own table is not known yet; it packs into few runs. */
	size_t runs = pack_count(&p->pool.pages[0][0], (size_t)p->pool.used * 512) + OWN_RUNS * p->el2.own_pages;
	uint64_t packed = ALIGN_UP((runs + 1) * sizeof(struct packed_run), PAGE_SIZE);

	fprintf(out, "/* Board '%s': written by `bulkhead gen`. */\n", p->m->board.name.s);
	fprintf(out, "plan_base = 0x%" PRIx64 ";\n", p->image.base);
	fprintf(out, "plan_end = 0x%" PRIx64 ";\n", p->image.base + p->image.size);
	fprintf(out, "plan_tables = 0x%" PRIx64 ";\n", p->pool.base.pa);
	fprintf(out, "plan_packed = 0x%" PRIx64 ";\n", packed);
	fprintf(out, "__image_size = 0x%" PRIx64 ";\n", p->image_size);
}

static void page_emit(FILE *out, const struct plan *p, uint64_t page)
{
	static const struct {
		const char *section;
		uint64_t desc;
	} rights[] = {
		{"text", EL2_PAGE_TEXT},   {"rodata", EL2_PAGE_RODATA}, {"data", EL2_PAGE_DATA},
		{"bss", EL2_PAGE_DATA},	   {"noinit", EL2_PAGE_DATA},	{"tables", EL2_PAGE_RODATA},
	};

	if (page == p->el2.window_table) {
		fprintf(out, "QUAD(0x%016" PRIx64 ")\n", page | EL2_PAGE_DATA);
		return;
	}
	/* Every operand in its parentheses: lld and GNU ld group them differently. */
	size_t open = 0;
	fprintf(out, "QUAD(");
	for (size_t i = 0; i < ARRAY_SIZE(rights); i++) {
		/* The plan knows where the tables are; only they can be there. */
		bool tables = i == ARRAY_SIZE(rights) - 1;
		if (tables != (page >= p->pool.base.pa)) {
			continue;
		}
		const char *name = rights[i].section;
		fprintf(out, "((0x%" PRIx64 " >= ABSOLUTE(__%s_start)) && (0x%" PRIx64 " < ABSOLUTE(__%s_end))) ? ",
			page, name, page, name);
		fprintf(out, "0x%016" PRIx64 " : (", page | rights[i].desc);
		open++;
	}
	fprintf(out, "0%.*s)\n", (int)open, "))))))))");
}

void emit_pages(FILE *out, const struct plan *p)
{
	uint64_t first = ALIGN_DOWN(p->image.base, MIB(2));

	for (uint64_t i = 0; i < p->el2.own_pages * UINT64_C(512); i++) {
		uint64_t page = first + i * PAGE_SIZE;
		if (page - p->image.base < p->image.size) {
			page_emit(out, p, page);
		} else {
			fprintf(out, "QUAD(0)\n");
		}
	}
}
