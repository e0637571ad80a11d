// SPDX-License-Identifier: Apache-2.0
/*
 * The hypervisor's own translation: VA = PA, but for its own pages if they have cache
 * colours (home.h). Its RAM's level-3 pages are left to
 * the linker, which alone knows the sections; devices are mapped page by page;
 * one level-2 table stays empty for the window onto guests' memory.
 */
#include "mm/el2_desc.h"
#include "plan/plan.h"

#define ENTRIES 512u
/* From 31 bits on the walk starts at level 1, from 40 on at level 0. */
#define VA_BITS_MIN 31u
#define VA_BITS_LEVEL1 39u
#define WINDOW_SHIFT 30u
#define FEW 7u /* ranges of registers: GIC, UART, product register, power controller */

struct el2_map {
	struct plan *p;
	uint32_t root;
	uint32_t level; /* of the root */
};

static const uint8_t level_shift[] = {39, 30, 21, 12};

/* A fresh page of the pool, already clear; false: none is left. */
static bool page_take(struct plan *p, uint32_t *page)
{
	if (p->pool.used == p->pool.count) {
		return false;
	}
	*page = p->pool.used++;
	return true;
}

/* The entry for va at `level`, adding tables above; NULL: no pages. */
static uint64_t *el2_slot(const struct el2_map *map, uint64_t va, uint32_t level)
{
	struct plan *p = map->p;
	uint32_t page = map->root;

	for (uint32_t at = map->level;; at++) {
		uint64_t *slot = &p->pool.pages[page][(va >> level_shift[at]) % ENTRIES];
		if (at == level) {
			return slot;
		}
		if (*slot == 0) {
			if (!page_take(p, &page)) {
				return NULL;
			}
			*slot = stage2_page_pa(&p->pool, page) | EL2_VALID | EL2_TABLE;
		}
		page = stage2_page_at(&p->pool, *slot & EL2_ADDR);
	}
}

static bool device_map(const struct el2_map *map, struct mem_range r)
{
	uint64_t end = ALIGN_UP(r.base + r.size, PAGE_SIZE);

	for (uint64_t va = ALIGN_DOWN(r.base, PAGE_SIZE); va < end; va += PAGE_SIZE) {
		uint64_t *slot = el2_slot(map, va, 3);
		if (slot == NULL) {
			return false;
		}
		*slot = va | EL2_PAGE_DEVICE;
	}
	return true;
}

static size_t el2_devices(const struct plan *p, struct mem_range *list)
{
	const struct mem_range all[] = {p->gic.gicd, p->gic.gicr, p->gic.gicc, p->gic.gich, p->uart.reg};
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i].size != 0) {
			list[count++] = all[i];
		}
	}
	for (size_t i = 0; i < p->its_count; i++) {
		list[count++] = (struct mem_range){p->its[i].m->reg.base, ITS_FRAME};
	}
	for (size_t i = 0; i < p->smmu_count; i++) {
		list[count++] = (struct mem_range){p->smmus[i].m->reg.base, p->smmus[i].m->reg.size};
	}
	for (size_t i = 0; i < p->ipmmu.unit_count; i++) {
		list[count++] = (struct mem_range){p->ipmmu.units[i].m->reg.base, PAGE_SIZE};
	}
	if (p->ipmmu.unit_count > 0) {
		list[count++] = (struct mem_range){ALIGN_DOWN(IPMMU_PRR, PAGE_SIZE), PAGE_SIZE};
	}
	if (p->m->ipmmu_has_power) {
		list[count++] = (struct mem_range){IPMMU_SYSC, PAGE_SIZE};
	}
	return count;
}

static bool slot_is_used(struct mem_range r, uint64_t slot)
{
	return r.base >> WINDOW_SHIFT <= slot && slot <= (r.base + r.size - 1) >> WINDOW_SHIFT;
}

/* The lowest 1 GiB of VA with nothing in it; not the first, so that NULL faults. */
static uint64_t window_choose(const struct plan *p, const struct mem_range *list, size_t count)
{
	for (uint64_t slot = 1;; slot++) {
		bool used = slot_is_used(p->image, slot);
		for (size_t i = 0; i < count; i++) {
			used = used || slot_is_used(list[i], slot);
		}
		if (!used) {
			return slot << WINDOW_SHIFT;
		}
	}
}

static uint32_t va_bits_for(const struct plan *p, const struct mem_range *list, size_t count)
{
	uint64_t last = p->image.base + p->image.size - 1;
	uint32_t bits = VA_BITS_MIN;

	last |= p->el2.window_va + GIB(1) - 1;
	for (size_t i = 0; i < count; i++) {
		last |= list[i].base + list[i].size - 1;
	}
	while (bits < 48 && last >> bits != 0) {
		bits++;
	}
	return bits;
}

static void registers_set(struct plan *p, uint32_t root, uint32_t va_bits)
{
	/* PS as in VTCR_EL2: the output size that the board states. */
	static const uint8_t ps_bits[] = {32, 36, 40, 42, 44, 48};
	uint32_t ps = 0;

	while (ps + 1 < ARRAY_SIZE(ps_bits) && ps_bits[ps + 1] <= p->pa_bits) {
		ps++;
	}
	p->el2.ttbr = stage2_page_pa(&p->pool, root);
	p->el2.mair = EL2_MAIR;
	p->el2.tcr = TCR_EL2_RES1 | FIELD_PREP(TCR_EL2_T0SZ, 64 - va_bits) | FIELD_PREP(TCR_EL2_IRGN0, 1) |
		     FIELD_PREP(TCR_EL2_ORGN0, 1) | FIELD_PREP(TCR_EL2_SH0, EL2_SH_INNER) |
		     FIELD_PREP(TCR_EL2_PS, ps);
}

bool plan_el2_build(struct plan *p)
{
	struct mem_range *list = arena_array(p->arena, FEW + p->its_count + p->smmu_count + p->ipmmu.unit_count,
						     sizeof(list[0]));
	size_t count = el2_devices(p, list);
	struct el2_map map = {.p = p};
	uint32_t window;

	p->el2.window_va = window_choose(p, list, count);
	uint32_t va_bits = va_bits_for(p, list, count);
	map.level = va_bits > VA_BITS_LEVEL1 ? 0 : 1;
	if (!page_take(p, &map.root) || !page_take(p, &window)) {
		return false;
	}
	uint64_t *slot = el2_slot(&map, p->el2.window_va, 1);
	if (slot == NULL) {
		return false;
	}
	p->el2.window_table = p->pool.base.va + window * PAGE_SIZE;
	*slot = stage2_page_pa(&p->pool, window) | EL2_VALID | EL2_TABLE;
	for (uint32_t i = 0; i < p->el2.own_pages; i++) {
		slot = el2_slot(&map, p->image.base + i * MIB(2), 2);
		if (slot == NULL) {
			return false;
		}
		*slot = home_pa(&p->home, p->el2.own_table + i * PAGE_SIZE) | EL2_VALID | EL2_TABLE;
	}
	for (size_t i = 0; i < count; i++) {
		if (!device_map(&map, list[i])) {
			return false;
		}
	}
	registers_set(p, map.root, va_bits);
	return true;
}
