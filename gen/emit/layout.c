// SPDX-License-Identifier: Apache-2.0
/* Linker script fragments: hv/hv.ld says what they are for. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pack.h"
#include "mm/el2_desc.h"

/* Sections that pages.ld tells apart: each change of rights may split a run. */
#define OWN_RUNS 32u

void emit_layout(FILE *out, const struct plan *p)
{
	/* The linker's own table is not known yet; it packs into few runs. */
	size_t runs = pack_count(&p->pool.pages[0][0], (size_t)p->pool.used * 512) + OWN_RUNS * p->el2.own_pages;
	uint64_t packed = ALIGN_UP((runs + 1) * sizeof(struct packed_run), PAGE_SIZE);

	fprintf(out, "/* Board '%s': written by `bulkhead gen`. */\n", p->m->board.name.s);
	fprintf(out, "plan_base = 0x%" PRIx64 ";\n", p->image.base);
	fprintf(out, "plan_end = 0x%" PRIx64 ";\n", p->image.base + p->image.size);
	fprintf(out, "plan_tables = 0x%" PRIx64 ";\n", p->pool.base.va);
	fprintf(out, "plan_lpi = 0x%" PRIx64 ";\n", p->lpi.base);
	fprintf(out, "plan_lpi_size = 0x%" PRIx64 ";\n", p->lpi.size);
	fprintf(out, "plan_packed = 0x%" PRIx64 ";\n", packed);
	fprintf(out, "__image_size = 0x%" PRIx64 ";\n", p->image_size);
	fprintf(out, "plan_file_end = 0x%" PRIx64 ";\n", p->file_end);
}

/* Tables that the hypervisor writes at run time, and its memory for LPIs. */
static bool is_written(const struct plan *p, uint64_t page)
{
	uint64_t index = (page - p->pool.base.va) / PAGE_SIZE;

	return page == p->el2.window_table || page - p->lpi.base < p->lpi.size ||
	       (index < p->pool.used && p->written[index]);
}

/* The sections follow each other without a gap (hv.ld asserts it), so that their
 * ends tell which one a page fell into. */
static void page_emit(FILE *out, const struct plan *p, uint64_t page)
{
	static const struct {
		const char *end;
		uint64_t rights; /* 0: not mapped */
	} parts[] = {
		{"__text_end", EL2_PAGE_TEXT}, {"__rodata_end", EL2_PAGE_RODATA}, {"__data_end", EL2_PAGE_DATA},
		{"__packed_end", 0},	       {"__noinit_end", EL2_PAGE_DATA},
	};

	uint64_t pa = home_pa(&p->home, page);

	if (is_written(p, page)) {
		fprintf(out, "QUAD(0x%" PRIx64 ")\n", pa | EL2_PAGE_DATA);
		return;
	}
	if (page >= p->pool.base.va) {
		bool used = page < p->el2.own_table + p->el2.own_pages * PAGE_SIZE;
		fprintf(out, "QUAD(0x%" PRIx64 ")\n", used ? pa | EL2_PAGE_RODATA : 0);
		return;
	}
	/* Every operand in its parentheses: lld and GNU ld group them differently. */
	fprintf(out, "QUAD(");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		fprintf(out, "(0x%" PRIx64 " < ABSOLUTE(%s)) ? 0x%" PRIx64 " : (", page, parts[i].end,
			parts[i].rights == 0 ? 0 : pa | parts[i].rights);
	}
	fprintf(out, "0%.*s)\n", (int)ARRAY_SIZE(parts), "))))))))");
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
