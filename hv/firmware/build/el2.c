// SPDX-License-Identifier: Apache-2.0
/*
 * The hypervisor's own translation: its sections and tables where they were linked, the
 * registers that it drives at their PA, an empty table for the window onto the domain's
 * memory, and what CPUs execute while their MMU goes on.
 */
#include "firmware/build/build.h"
#include "mm/el2_desc.h"

#define ENTRIES 512u
#define VA_BITS 48u
#define LEVEL_LAST 3u

static uint64_t el2_shift(uint32_t level)
{
	return 39 - 9 * level;
}

/* The entry for va at `level`, adding tables above; NULL, refused: no memory. */
static uint64_t *el2_slot(struct build *b, uint64_t *root, uint64_t va, uint32_t level)
{
	uint64_t *table = root, *slot;

	for (uint32_t at = 0;; at++) {
		slot = &table[(va >> el2_shift(at)) % ENTRIES];
		if (at == level) {
			return slot;
		}
		if (*slot == 0) {
			table = build_take(b, PAGE_SIZE, PAGE_SIZE);
			if (table == NULL) {
				return NULL;
			}
			*slot = build_pa(b, table) | EL2_VALID | EL2_TABLE;
		}
		table = build_at(b, *slot & EL2_ADDR);
	}
}

static bool el2_page(struct build *b, uint64_t *root, uint64_t va, uint64_t pa, uint64_t rights)
{
	uint64_t *slot = el2_slot(b, root, va, LEVEL_LAST);

	if (slot == NULL) {
		return false;
	}
	if (*slot != 0) {
		return build_refuse(b, "has something that the hypervisor would map twice: at", va);
	}
	*slot = pa | rights;
	return true;
}

static bool el2_device(struct build *b, uint64_t *root, const struct mem_range *r)
{
	for (uint64_t at = ALIGN_DOWN(r->base, PAGE_SIZE); at < r->base + r->size; at += PAGE_SIZE) {
		if (!el2_page(b, root, at, at, EL2_PAGE_DEVICE)) {
			return false;
		}
	}
	return true;
}

static bool el2_devices(struct build *b, uint64_t *root)
{
	const struct board_tables *t = b->board;
	bool good = el2_device(b, root, &t->gic.gicd) && el2_device(b, root, &t->gic.gicr) &&
		    el2_device(b, root, &t->uart.reg);

	for (uint32_t i = 0; i < t->smmu_count && good; i++) {
		good = el2_device(b, root, &b->smmus[i].reg);
	}
	if (b->its != NULL && good) {
		const struct mem_range its = {b->its->base, ITS_FRAME};

		good = el2_device(b, root, &its);
	}
	return good;
}

static uint64_t el2_pa(const struct build *b, uint64_t va)
{
	return va - b->home.load + b->home.base;
}

static bool el2_sections(struct build *b, uint64_t *root)
{
	for (uint32_t i = 0; i < BUILD_SECTIONS; i++) {
		const struct build_section *s = &b->sections[i];

		for (uint64_t va = s->base; va < s->end; va += PAGE_SIZE) {
			if (!el2_page(b, root, va, el2_pa(b, va), s->rights)) {
				return false;
			}
		}
	}
	for (uint64_t va = ALIGN_DOWN(b->entry, PAGE_SIZE); va < b->entry_end; va += PAGE_SIZE) {
		if (!el2_page(b, root, el2_pa(b, va), el2_pa(b, va), EL2_PAGE_TEXT)) {
			return false;
		}
	}
	return true;
}

/* What has been taken, these tables as well, which grow meanwhile. */
static bool el2_tables(struct build *b, uint64_t *root)
{
	for (uint64_t at = b->tables; at < b->used; at += PAGE_SIZE) {
		uint64_t rights = b->written[at / PAGE_SIZE] != 0 ? EL2_PAGE_DATA : EL2_PAGE_RODATA;

		if (!el2_page(b, root, b->home.load + at, b->home.base + at, rights)) {
			return false;
		}
	}
	return true;
}

bool build_el2(struct build *b)
{
	struct board_tables *t = b->board;
	uint64_t *root = build_take(b, PAGE_SIZE, PAGE_SIZE), *slot;
	uint64_t window = (uint64_t)(uintptr_t)t->window.table - b->home.load;

	if (root == NULL || !el2_sections(b, root) || !el2_devices(b, root)) {
		return false;
	}
	slot = el2_slot(b, root, t->window.va, 1);
	if (slot == NULL) {
		return false;
	}
	*slot = (b->home.base + window) | EL2_VALID | EL2_TABLE;
	t->el2_ttbr = build_pa(b, root);
	t->el2_mair = EL2_MAIR;
	/* PS is VTCR_EL2's. */
	t->el2_tcr = TCR_EL2_RES1 | FIELD_PREP(TCR_EL2_T0SZ, 64 - VA_BITS) | FIELD_PREP(TCR_EL2_IRGN0, 1) |
		     FIELD_PREP(TCR_EL2_ORGN0, 1) | FIELD_PREP(TCR_EL2_SH0, EL2_SH_INNER) |
		     FIELD_PREP(TCR_EL2_PS, b->domain->vtcr >> 16 & 7);
	return el2_tables(b, root);
}
