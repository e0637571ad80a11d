// SPDX-License-Identifier: Apache-2.0
#include "emit/pages.h"

#include <inttypes.h>

#define ENTRIES 512u
#define WORDS_PER_LINE 4u
#define DESC_TABLE UINT64_C(3)
#define DESC_ADDR GENMASK64(47, 12)

#define LEVEL_STREAMS 4u /* no page table but part of an SMMU's stream table */

/* What a page of the pool is. level 0..3 or LEVEL_STREAMS; owner NULL: none found yet. */
struct note {
	const char *owner;
	uint32_t level;
	uint64_t base; /* the first address it translates */
};

/* The tables a page points to. A child comes behind its parent in the pool, so one
 * pass from front to back finds all. The linker's pages lie outside. */
static void note_children(const struct plan *p, struct note *notes, uint32_t page)
{
	const struct note *n = &notes[page];
	unsigned int shift = n->level < 4 ? 39 - 9 * n->level : 0;

	for (uint32_t i = 0; n->level < 3 && i < ENTRIES; i++) {
		uint64_t desc = p->pool.pages[page][i];
		uint32_t child = stage2_page_at(&p->pool, desc & DESC_ADDR);
		if ((desc & DESC_TABLE) == DESC_TABLE && child < p->pool.used) {
			notes[child] = (struct note){n->owner, n->level + 1, n->base + ((uint64_t)i << shift)};
		}
	}
}

static void note_root(const struct plan_domain *dom, const struct stage2 *s, struct note *notes)
{
	uint32_t level = 2 - (uint32_t)(dom->vtcr >> 6 & 3);

	for (uint32_t r = 0; r < stage2_root_pages(s->ipa_bits); r++) {
		notes[s->root + r] =
			(struct note){dom->m->name.s, level, (uint64_t)r * ENTRIES << (39 - 9 * level)};
	}
}

static struct note *notes_make(const struct plan *p)
{
	struct note *notes = arena_array(p->arena, p->pool.used, sizeof(notes[0]));

	for (size_t i = 0; i < p->domain_count && !model_is_open(&p->m->board); i++) {
		note_root(&p->domains[i], &p->domains[i].s2, notes);
		note_root(&p->domains[i], &p->domains[i].dma, notes);
	}
	for (size_t i = 0; i < p->smmu_count; i++) {
		for (uint32_t page = p->smmus[i].page; page < p->smmus[i].page_end; page++) {
			notes[page] = (struct note){p->smmus[i].m->name.s, LEVEL_STREAMS, 0};
		}
	}
	if (model_is_open(&p->m->board)) {
		notes[0] = (struct note){"EL2", 2, p->el2.window_va};
		return notes;
	}
	notes[stage2_page_at(&p->pool, p->el2.ttbr)] = (struct note){"EL2", (p->el2.tcr & 63) < 25 ? 0 : 1, 0};
	for (uint32_t i = 0; i < p->pool.used; i++) {
		if (notes[i].owner != NULL) {
			note_children(p, notes, i);
		}
	}
	return notes;
}

/* Nothing at all for an empty page. */
static void page_emit(FILE *out, uint32_t page, const uint64_t *words)
{
	bool open = false;

	for (uint32_t i = 0; i < ENTRIES; i++) {
		if (words[i] == 0) {
			continue;
		}
		if (!open) {
			fprintf(out, "\t[%u] = {\n", page);
			open = true;
		}
		uint32_t run = 0;
		for (; i + run < ENTRIES && words[i + run] != 0; run++) {
			fprintf(out, "%s", run % WORDS_PER_LINE == 0 ? "\t\t" : " ");
			if (run == 0) {
				fprintf(out, "[%u] = ", i);
			}
			fprintf(out, "0x%016" PRIx64 ",", words[i + run]);
			if ((run + 1) % WORDS_PER_LINE == 0) {
				fputc('\n', out);
			}
		}
		if (run % WORDS_PER_LINE != 0) {
			fputc('\n', out);
		}
		i += run;
	}
	if (open) {
		fprintf(out, "\t},\n");
	}
}

void emit_page_tables(FILE *out, const struct plan *p)
{
	const struct note *notes = notes_make(p);

	fprintf(out, "\n/* %u pages from 0x%" PRIx64 " on; the linker adds the hypervisor's own (pages.ld). */\n",
		p->pool.used, p->pool.base.va);
	fprintf(out, "static const uint64_t page_tables[%u][512]\n", p->pool.used);
	fprintf(out, "\t__attribute__((used, section(\".tables\"), aligned(4096))) = {\n");
	for (uint32_t i = 0; i < p->pool.used; i++) {
		const struct note *n = &notes[i];
		if (n->owner == NULL) {
			continue; /* skipped to align a root */
		}
		if (n->level == LEVEL_STREAMS) {
			fprintf(out, "\t/* %s, stream table */\n", n->owner);
			page_emit(out, i, p->pool.pages[i]);
			continue;
		}
		fprintf(out, "\t/* %s, level %u from 0x%" PRIx64 " on%s */\n", n->owner, n->level, n->base,
			p->el2.window_table == p->pool.base.va + i * PAGE_SIZE ? ": the window" : "");
		page_emit(out, i, p->pool.pages[i]);
	}
	fprintf(out, "};\n");
}
