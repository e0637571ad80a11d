// SPDX-License-Identifier: Apache-2.0
/*
 * Stage-2 translation tables. One walker, driven by the level: an entry at level
 * L covers 2^level_shift[L] bytes, and a table is entered from the root down to
 * the level asked for. Compiled into the generator and into the hypervisor.
 */
#include "mm/stage2.h"
#include "mm/stage2_desc.h"

#define LEVEL_LAST 3u
#define INDEX_BITS 9u
#define ENTRIES 512u
#define CONCAT_BITS_MAX 4u /* at most 16 concatenated tables at the start level */
#define PA_BITS_MAX 48u

static const uint8_t level_shift[] = {39, 30, 21, 12};

static const uint8_t type_memattr[] = {
	[STAGE2_DEVICE_NGNRNE] = S2_MEMATTR_NGNRNE,
	[STAGE2_DEVICE_NGNRE] = S2_MEMATTR_NGNRE,
	[STAGE2_DEVICE_NGRE] = S2_MEMATTR_NGRE,
	[STAGE2_DEVICE_GRE] = S2_MEMATTR_GRE,
	[STAGE2_NORMAL_NC] = S2_MEMATTR_NC,
	[STAGE2_NORMAL_WT] = S2_MEMATTR_WT,
	[STAGE2_NORMAL_WB] = S2_MEMATTR_WB,
};

struct walk {
	uint64_t *slot;
	uint32_t level;
};

/* The lowest start level: with 16 tables concatenated, level L resolves
 * level_shift[L] + 9 + 4 bits. */
static uint32_t start_level(uint32_t ipa_bits)
{
	for (uint32_t level = 2; level > 0; level--) {
		if (ipa_bits <= level_shift[level] + INDEX_BITS + CONCAT_BITS_MAX) {
			return level;
		}
	}
	return 0;
}

uint32_t stage2_root_pages(uint32_t ipa_bits)
{
	uint32_t covered = level_shift[start_level(ipa_bits)] + INDEX_BITS;

	return ipa_bits > covered ? 1u << (ipa_bits - covered) : 1;
}

static void page_clear(uint64_t *page)
{
	for (uint32_t i = 0; i < ENTRIES; i++) {
		page[i] = 0;
	}
}

enum stage2_result stage2_init(struct stage2 *s, struct stage2_pool *pool, uint32_t ipa_bits)
{
	if (ipa_bits < STAGE2_IPA_BITS_MIN || ipa_bits > STAGE2_IPA_BITS_MAX) {
		return STAGE2_BAD_RANGE;
	}
	uint32_t pages = stage2_root_pages(ipa_bits);
	uint64_t next = stage2_page_pa(pool, pool->used);
	uint64_t skip = (ALIGN_UP(next, pages * PAGE_SIZE) - next) >> PAGE_SHIFT;
	if (skip + pages > pool->count - pool->used) {
		return STAGE2_NO_PAGES;
	}
	s->pool = pool;
	s->ipa_bits = ipa_bits;
	s->root = pool->used + (uint32_t)skip;
	pool->used = s->root + pages;
	for (uint32_t i = s->root; i < pool->used; i++) {
		page_clear(pool->pages[i]);
	}
	return STAGE2_OK;
}

/* Descends from the root to the entry for ipa at level `last`, or to the entry
 * above it where the tables end. ipa lies within ipa_bits. */
static struct walk walk_to(const struct stage2 *s, uint64_t ipa, uint32_t last)
{
	struct walk w = {NULL, start_level(s->ipa_bits)};

	/* Concatenated root pages are adjacent: one index runs through them. */
	uint64_t index = ipa >> level_shift[w.level];
	w.slot = &s->pool->pages[s->root + index / ENTRIES][index % ENTRIES];
	while (w.level < last && (*w.slot & (S2_VALID | S2_TABLE)) == (S2_VALID | S2_TABLE)) {
		uint32_t page = stage2_page_at(s->pool, *w.slot & S2_ADDR);
		w.level++;
		w.slot = &s->pool->pages[page][(ipa >> level_shift[w.level]) % ENTRIES];
	}
	return w;
}

uint64_t stage2_lookup(const struct stage2 *s, ipa_t ipa, uint64_t *size)
{
	if (ipa.ipa >> s->ipa_bits != 0) {
		*size = PAGE_SIZE;
		return 0;
	}
	struct walk w = walk_to(s, ipa.ipa, LEVEL_LAST);
	*size = BIT64(level_shift[w.level]);
	return *w.slot;
}

uint64_t *stage2_leaf(const struct stage2 *s, ipa_t ipa, uint64_t *size)
{
	if (ipa.ipa >> s->ipa_bits != 0) {
		return NULL;
	}
	struct walk w = walk_to(s, ipa.ipa, LEVEL_LAST);
	*size = BIT64(level_shift[w.level]);
	return *w.slot != 0 ? w.slot : NULL;
}

/* True where the whole range has no translation yet. */
static bool range_is_free(const struct stage2 *s, uint64_t ipa, uint64_t size)
{
	uint64_t end = ipa + size;

	while (ipa < end) {
		uint64_t extent;
		if (stage2_lookup(s, IPA(ipa), &extent) != 0) {
			return false;
		}
		ipa = ALIGN_DOWN(ipa, extent) + extent;
	}
	return true;
}

static bool range_is_sane(const struct stage2 *s, uint64_t ipa, uint64_t pa, uint64_t size)
{
	uint64_t ipa_end = BIT64(s->ipa_bits);
	uint64_t pa_end = BIT64(PA_BITS_MAX);

	return size != 0 && IS_ALIGNED(ipa | pa | size, PAGE_SIZE) && ipa < ipa_end &&
	       size <= ipa_end - ipa && pa < pa_end && size <= pa_end - pa;
}

/* The highest level whose block fits at this place; level 0 has no blocks, and
 * nothing above the start level has an entry. */
static uint32_t leaf_level(const struct stage2 *s, uint64_t ipa, uint64_t pa, uint64_t size)
{
	uint32_t level = start_level(s->ipa_bits);

	if (level == 0) {
		level = 1;
	}
	while (level < LEVEL_LAST) {
		uint64_t block = BIT64(level_shift[level]);
		if (size >= block && IS_ALIGNED(ipa | pa, block)) {
			break;
		}
		level++;
	}
	return level;
}

static uint64_t leaf_bits(struct stage2_attr attr, uint32_t level)
{
	bool device = attr.type <= STAGE2_DEVICE_GRE;

	return S2_VALID | S2_AF | (level == LEVEL_LAST ? S2_TABLE : 0) |
	       FIELD_PREP(S2_MEMATTR, type_memattr[attr.type]) |
	       FIELD_PREP(S2_AP, attr.write ? S2_AP_READ_WRITE : S2_AP_READ) |
	       FIELD_PREP(S2_SH, device ? S2_SH_NONE : S2_SH_INNER) | (attr.exec ? 0 : S2_XN);
}

/* The entry for ipa at `level`, adding the tables above it; NULL: no pages. */
static uint64_t *slot_make(struct stage2 *s, uint64_t ipa, uint32_t level)
{
	struct stage2_pool *pool = s->pool;
	struct walk w = walk_to(s, ipa, level);

	while (w.level < level) {
		if (pool->used == pool->count) {
			return NULL;
		}
		uint32_t page = pool->used++;
		page_clear(pool->pages[page]);
		*w.slot = stage2_page_pa(pool, page) | S2_TABLE | S2_VALID;
		w = walk_to(s, ipa, level);
	}
	return w.slot;
}

/* `without`: bits that the leaves are left without. */
static enum stage2_result range_map(struct stage2 *s, ipa_t ipa_from, pa_t pa_from, uint64_t size,
				    struct stage2_attr attr, uint64_t without)
{
	uint64_t ipa = ipa_from.ipa;
	uint64_t pa = pa_from.pa;

	if (!range_is_sane(s, ipa, pa, size)) {
		return STAGE2_BAD_RANGE;
	}
	if (!range_is_free(s, ipa, size)) {
		return STAGE2_MAPPED;
	}
	while (size != 0) {
		uint32_t level = leaf_level(s, ipa, pa, size);
		uint64_t block = BIT64(level_shift[level]);
		uint64_t bits = leaf_bits(attr, level) & ~without;
		uint64_t *slot = slot_make(s, ipa, level);
		if (slot == NULL) {
			return STAGE2_NO_PAGES;
		}
		/* The rest of this table without walking again. */
		do {
			*slot++ = pa | bits;
			ipa += block;
			pa += block;
			size -= block;
		} while (!IS_ALIGNED(ipa, block * ENTRIES) && size != 0 &&
			 leaf_level(s, ipa, pa, size) == level);
	}
	return STAGE2_OK;
}

enum stage2_result stage2_map(struct stage2 *s, ipa_t ipa, pa_t pa, uint64_t size, struct stage2_attr attr)
{
	return range_map(s, ipa, pa, size, attr, 0);
}

enum stage2_result stage2_prepare(struct stage2 *s, ipa_t ipa, pa_t pa, uint64_t size,
				  struct stage2_attr attr)
{
	return range_map(s, ipa, pa, size, attr, S2_VALID);
}

uint64_t stage2_vtcr(const struct stage2 *s, uint32_t pa_bits)
{
	static const uint8_t ps_bits[] = {32, 36, 40, 42, 44, 48};
	uint32_t ps = 0;

	while (ps + 1 < ARRAY_SIZE(ps_bits) && ps_bits[ps + 1] <= pa_bits) {
		ps++;
	}
	/* SL0 counts from level 2 upwards with this granule. */
	return VTCR_RES1 | FIELD_PREP(VTCR_T0SZ, 64 - s->ipa_bits) |
	       FIELD_PREP(VTCR_SL0, 2 - start_level(s->ipa_bits)) |
	       FIELD_PREP(VTCR_IRGN0, VTCR_GN0_WB_WA) | FIELD_PREP(VTCR_ORGN0, VTCR_GN0_WB_WA) |
	       FIELD_PREP(VTCR_SH0, VTCR_SH0_INNER) | FIELD_PREP(VTCR_PS, ps);
}

uint64_t stage2_vttbr(const struct stage2 *s, uint32_t vmid)
{
	return FIELD_PREP(VTTBR_VMID, vmid) | stage2_page_pa(s->pool, s->root);
}
