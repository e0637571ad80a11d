// SPDX-License-Identifier: Apache-2.0
#include "walk.h"

#include <inttypes.h>
#include <string.h>

#include "types.h"

#define ENTRIES 512

uint64_t walk_offset(const struct walk_pages *p, uint64_t pa, uint64_t size)
{
	uint64_t first = home_va(&p->home, pa) - p->base;

	/* An address before the section, or no page of the hypervisor's, is far behind it. */
	for (uint64_t done = 0; done < size; done += PAGE_SIZE - (pa + done) % PAGE_SIZE) {
		uint64_t offset = home_va(&p->home, pa + done) - p->base;

		if (offset >= p->size || offset - first != done) {
			return UINT64_MAX;
		}
	}
	return first <= p->size && size <= p->size - first ? first : UINT64_MAX;
}

/* `pa` lies in the section. */
static uint64_t walk_read(const struct walk_pages *p, uint64_t pa)
{
	uint64_t word;

	memcpy(&word, p->bytes + (home_va(&p->home, pa) - p->base), sizeof(word));
	return word;
}

/* Takes the page at `pa` for a table; a page serves one table only, so a tree
 * can neither loop nor grow beyond the section. */
static bool walk_take(struct walk *w, uint64_t pa, uint64_t in)
{
	struct walk_pages *p = w->pages;
	uint64_t end = in + 1;
	uint64_t offset = walk_offset(p, pa, PAGE_SIZE);

	if (offset == UINT64_MAX || pa >= w->out_end) {
		report_fail(w->report, PROPERTY_FORM, w->domain, in, end, NULL, NULL,
			    "a table at 0x%" PRIx64 ", outside section .tables or the output size", pa);
		return false;
	}
	if (p->used[offset / PAGE_SIZE] != PAGE_FREE) {
		report_fail(w->report, PROPERTY_FORM, w->domain, in, end, NULL, NULL,
			    "the table at 0x%" PRIx64 " stands in two places", pa);
		return false;
	}
	p->used[offset / PAGE_SIZE] = PAGE_TABLE;
	w->report->tables++;
	return true;
}

static void walk_leaf(struct walk *w, uint64_t in, int level, const struct desc *d)
{
	uint64_t size = BIT64(desc_shift(level));

	w->report->leaves++;
	if (d->address >= w->out_end) {
		report_fail(w->report, PROPERTY_FORM, w->domain, in, in + size, NULL, NULL,
			    "output address 0x%" PRIx64 " is beyond the output size", d->address);
		return;
	}
	if (w->sizes && ((d->attr & ATTR_TYPE) == MEMORY_WB || spans_hold(&w->shared, in, in + size))) {
		spans_add(w->mem, &w->memory, in, in + size);
		for (int k = 0; k < WALK_SIZES && level <= 2 - k; k++) {
			spans_add(w->mem, &w->large[k], in, in + size);
		}
	}
	runs_add(w->mem, &w->runs,
		 (struct run){.in = in, .out = d->address, .size = size, .attr = d->attr, .owner = w->owner});
}

/* A leaf that is made valid on demand proves what any other does, as if it were valid. */
static struct desc walk_decode(const struct walk *w, int level, uint64_t word, uint64_t pa)
{
	struct desc d;

	if (!w->on_demand || (word & 1) != 0) {
		return desc_decode(w->regime, level, word, w->mair);
	}
	d = desc_decode(w->regime, level, word | 1, w->mair);
	if (d.kind == DESC_LEAF) {
		d.attr |= ATTR_LATER;
		w->pages->written[(home_va(&w->pages->home, pa) - w->pages->base) / PAGE_SIZE] = 1;
	} else if (d.kind == DESC_TABLE) {
		d = (struct desc){.kind = DESC_BAD, .why = "a table that is not valid, yet not zero"};
	}
	return d;
}

/* One page of descriptors whose first translates `in`. The depth is bounded by
 * the levels. */
static void walk_page(struct walk *w, uint64_t pa, int level, uint64_t in, uint64_t entries)
{
	for (uint64_t i = 0; i < ENTRIES; i++) {
		uint64_t word = walk_read(w->pages, pa + i * 8);
		uint64_t at = in + (i << desc_shift(level));
		struct desc d;

		if (word == 0) {
			continue;
		}
		d = walk_decode(w, level, word, pa);
		if (i >= entries) {
			d = (struct desc){.kind = DESC_BAD, .why = "beyond the translated range"};
			at = 0;
		}
		if (d.kind == DESC_BAD) {
			report_fail(w->report, PROPERTY_FORM, w->domain, at, at + BIT64(desc_shift(level)),
				    NULL, NULL, "level %d descriptor 0x%016" PRIx64 " at 0x%" PRIx64 ": %s",
				    level, word, pa + i * 8, d.why);
		} else if (d.kind == DESC_LEAF) {
			walk_leaf(w, at, level, &d);
		} else if (walk_take(w, d.address, at)) {
			if (level == 1 && at == w->watch) {
				w->watch_table = d.address;
			}
			walk_page(w, d.address, level + 1, at, ENTRIES);
		}
	}
	report_count(w->report, PROPERTY_FORM, ENTRIES);
}

void walk_root(struct walk *w, uint64_t root, int level, uint64_t entries)
{
	uint64_t size = ALIGN_UP(entries * 8, PAGE_SIZE);

	w->in_end = entries << desc_shift(level);
	if (!IS_ALIGNED(root, size)) {
		report_fail(w->report, PROPERTY_FORM, w->domain, 0, 0, NULL, NULL,
			    "the root table 0x%" PRIx64 " is not aligned to its size 0x%" PRIx64, root, size);
		return;
	}
	for (uint64_t page = 0; page < size / PAGE_SIZE; page++) {
		if (!walk_take(w, root + page * PAGE_SIZE, 0)) {
			return;
		}
	}
	for (uint64_t page = 0; page < size / PAGE_SIZE; page++) {
		walk_page(w, root + page * PAGE_SIZE, level, (page * ENTRIES) << desc_shift(level),
			  entries < ENTRIES ? entries : ENTRIES);
	}
}

void walk_check_unused(struct report *r, const struct walk_pages *pages)
{
	static const uint8_t zero[PAGE_SIZE];

	for (uint64_t page = 0; page < pages->size / PAGE_SIZE; page++) {
		uint64_t at = pages->base + page * PAGE_SIZE;

		if (pages->used[page] == PAGE_FREE && memcmp(pages->bytes + page * PAGE_SIZE, zero, PAGE_SIZE) != 0) {
			report_fail(r, PROPERTY_FORM, NULL, at, at + PAGE_SIZE, NULL, NULL,
				    "section .tables has descriptors here that no map uses");
		}
	}
}
