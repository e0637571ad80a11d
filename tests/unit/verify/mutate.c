// SPDX-License-Identifier: Apache-2.0
#include "mutate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate_priv.h"
#include "verify/subject.h"

uint64_t mutate_random(struct mutator *m)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return m->state;
}

int mutate_verdict(const uint8_t *file, uint64_t size, const struct board *b)
{
	static struct elf elf;
	static struct subject subject;
	struct mem mem = {NULL};
	struct report *report = mem_alloc(&mem, 1, sizeof(*report));
	char error[ELF_ERROR_MAX];
	int status = 2;

	report_init(report, &mem);
	if (elf_open(&elf, file, size, error) && subject_verify(&subject, &mem, &elf, b, report, error)) {
		status = report_holds(report) ? 0 : 1;
	}
	mem_free(&mem);
	return status;
}

/* Notes what each page of the good tables is for. */
static void mutate_index(struct mutator *m, int map, uint64_t pa, int level, uint64_t in, uint64_t entries)
{
	bool on_demand = (m->fields.on_demand >> map & 1) != 0;
	uint64_t page = oracle_offset(&m->tables, pa) / PAGE_SIZE;

	m->pages[page] = (struct page){map, -1, level, in, entries};
	for (uint64_t i = 0; i < entries; i++) {
		uint64_t word = m->words[page][i];
		uint64_t at = in + (i << (12 + 9 * (3 - level)));

		if ((word & 1) != 0 && level < 3 && (word & 2) != 0) {
			mutate_index(m, map, word & 0xfffffffff000, level + 1, at, WORDS);
		} else if (((word & 1) != 0 || (on_demand && oracle_is_later(word, level))) && m->map_leaves < LEAVES_MAX) {
			m->map_leaves++;
			m->leaves[m->leaf_count].map = map;
			m->leaves[m->leaf_count++].in = at;
		}
	}
}

/* The pages of a stream table: its first level or all of it, and the second levels. */
static void mutate_index_streams(struct mutator *m, int smmu)
{
	const struct smmu_desc *d = &m->fields.smmus[smmu];
	uint64_t page = oracle_offset(&m->tables, d->strtab_base & GENMASK64(47, 12)) / PAGE_SIZE;
	uint64_t split = d->strtab_cfg >> 6 & 31;
	uint64_t words = split == 0 ? BIT64((d->strtab_cfg & 63) + 3) : BIT64((d->strtab_cfg & 63) - split);

	for (uint64_t i = 0; i < words; i++) {
		uint64_t desc = m->words[page + i / WORDS][i % WORDS];

		m->pages[page + i / WORDS].smmu = smmu;
		if (split != 0 && desc != 0) {
			m->pages[oracle_offset(&m->tables, desc & GENMASK64(47, 12)) / PAGE_SIZE].smmu = smmu;
		}
	}
}

static bool mutate_prepare(struct mutator *m)
{
	char error[ELF_ERROR_MAX];
	const struct elf_section *tables;

	if (!elf_open(&m->elf, m->file, m->size, error) || !fields_find(&m->fields, &m->elf)) {
		return false;
	}
	for (size_t i = 0; i < m->board->domain_count; i++) {
		m->fields.on_demand |= (uint64_t)m->board->domains[i].on_demand << i;
	}
	tables = elf_section(&m->elf, ".tables");
	const struct home *home = &m->fields.board->home;
	m->tables = (struct oracle_tables){
		.bytes = tables->bytes, .base = tables->addr, .size = tables->size, .load = home->load,
		.home = home->base, .colors = home->colors.of, .first = home->colors.first,
		.count = home->colors.count,
	};
	m->words = (uint64_t(*)[WORDS])(uintptr_t)tables->bytes;
	m->page_count = tables->size / PAGE_SIZE;
	if (m->page_count > PAGES_MAX) {
		return false;
	}
	m->leaves = calloc((size_t)m->fields.map_count * LEAVES_MAX, sizeof(*m->leaves));
	for (uint64_t i = 0; i < PAGES_MAX; i++) {
		m->pages[i].map = -1;
		m->pages[i].smmu = -1;
	}
	for (int map = 0; map < m->fields.map_count; map++) {
		m->map_leaves = 0;
		struct oracle_map now = fields_map(&m->fields, map, (unsigned int)m->board->pa_bits);
		uint64_t root = now.ttbr & 0xfffffffff000;
		uint64_t entries;
		int level;

		if (!oracle_start(&now, &level, &entries)) {
			return false;
		}
		for (uint64_t at = 0; at < entries; at += WORDS) {
			mutate_index(m, map, root + at * 8, level, at << (12 + 9 * (3 - level)),
				     entries - at < WORDS ? entries - at : WORDS);
		}
	}
	for (int i = 0; i < (int)m->fields.board->smmu_count; i++) {
		mutate_index_streams(m, i);
	}
	return true;
}

/* A word of a table in use; mostly one that maps something. */
static uint64_t *mutate_pick(struct mutator *m)
{
	for (;;) {
		uint64_t page = mutate_random(m) % m->page_count;
		uint64_t start = mutate_random(m) % WORDS;

		if (m->pages[page].map < 0 && m->pages[page].smmu < 0) {
			continue;
		}
		for (uint64_t i = 0; i < WORDS && mutate_random(m) % 8 != 0; i++) {
			uint64_t *word = &m->words[page][(start + i) % WORDS];

			if (*word != 0) {
				return word;
			}
		}
		return &m->words[page][start];
	}
}

static size_t mutate_tables(struct mutator *m, struct change c[2])
{
	uint64_t r = mutate_random(m);

	c[0].word = mutate_pick(m);
	c[1].word = mutate_pick(m);
	c[0].old = *c[0].word;
	c[1].old = *c[1].word;
	switch (mutate_random(m) % 8) {
	case 0:
	case 1:
		*c[0].word ^= BIT64(r % 64);
		return 1;
	case 2:
		*c[0].word ^= BIT64(r % 64) | BIT64(r >> 8 & 63) | BIT64(r >> 16 & 63);
		return 1;
	case 3: /* swap */
		*c[0].word = c[1].old;
		*c[1].word = c[0].old;
		return 2;
	case 4: /* copy */
		*c[0].word = c[1].old;
		return 1;
	case 5: /* another address */
		*c[0].word = (c[0].old & ~GENMASK64(39, 12)) | (r & GENMASK64(39, 12));
		return 1;
	case 6: /* attributes alone */
		*c[0].word ^= r & (GENMASK64(10, 2) | BIT64(54));
		return 1;
	default:
		*c[0].word = c[0].old == 0 ? (r & GENMASK64(39, 12)) | 0x7ff : 0;
		return 1;
	}
}

static void mutate_count(struct mutate_counts *counts, bool breaking, int verdict, const char *what,
			 uint64_t at)
{
	if (breaking) {
		counts->breaking++;
		counts->missed += verdict == 0;
		if (verdict == 0) {
			fprintf(stderr, "missed: %s at 0x%" PRIx64 "\n", what, at);
		}
	} else {
		counts->harmless++;
		counts->refused += verdict != 0;
	}
}

static void mutate_one_table(struct mutator *m, struct mutate_counts *counts, const uint8_t *good)
{
	struct change c[2];
	size_t count = mutate_tables(m, c);
	bool breaking;

	if (*c[0].word == c[0].old) {
		return;
	}
	breaking = mutate_matters(m, c, count, good);
	mutate_count(counts, breaking, mutate_verdict(m->file, m->size, m->board), "a table word",
		     m->tables.base + (uint64_t)((uint8_t *)c[0].word - m->tables.bytes));
	for (size_t i = count; i > 0; i--) {
		*c[i - 1].word = c[i - 1].old;
	}
}

static void mutate_one_field(struct mutator *m, struct mutate_counts *counts)
{
	const struct field *f = &m->fields.v[mutate_random(m) % m->fields.count];
	struct oracle_map before = {.stage2 = false};
	struct smmu_desc smmu = {.name = NULL};
	uint64_t bit = mutate_random(m) % f->bits;
	bool breaking = true;

	if (f->map >= 0) {
		before = fields_map(&m->fields, f->map, (unsigned int)m->board->pa_bits);
	}
	if (f->smmu >= 0) {
		smmu = m->fields.smmus[f->smmu];
	}
	f->at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	if (f->map >= 0) {
		breaking = mutate_register_matters(m, &before, f->map);
	}
	if (f->smmu >= 0) {
		breaking = mutate_streams_matter(m, f->smmu, &smmu, &m->tables);
	}
	mutate_count(counts, breaking, mutate_verdict(m->file, m->size, m->board), f->name, bit);
	f->at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
}

struct mutate_counts mutate_run(uint8_t *file, uint64_t size, const struct board *b, uint64_t wanted,
				uint64_t seed)
{
	struct mutator *m = calloc(1, sizeof(*m));
	struct mutate_counts counts = {0};
	uint8_t *good = NULL;

	m->file = file;
	m->size = size;
	m->board = b;
	m->state = seed;
	if (mutate_prepare(m)) {
		good = malloc(m->tables.size);
		memcpy(good, m->tables.bytes, m->tables.size);
		while (counts.breaking < wanted) {
			if (mutate_random(m) % 4 == 0) {
				mutate_one_field(m, &counts);
			} else {
				mutate_one_table(m, &counts, good);
			}
		}
	}
	free(good);
	free(m->leaves);
	free(m);
	return counts;
}
