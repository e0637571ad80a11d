// SPDX-License-Identifier: Apache-2.0
/*
 * A domain's MMIO: the registers of its devices; and where it is mapped on demand, what it
 * may have of the board's windows. That is mapped here as all else, only that the leaves are
 * left invalid until the domain's first access.
 */
#include "plan/plan.h"

static void pages_remove(struct ranges *r, uint64_t base, uint64_t size)
{
	uint64_t first = ALIGN_DOWN(base, PAGE_SIZE);

	ranges_remove(r, first, ALIGN_UP(base + size, PAGE_SIZE) - first);
}

static void range_remove(struct ranges *r, const struct m_range *what)
{
	pages_remove(r, what->base, what->size);
}

/* RAM of anybody, and what the hypervisor keeps: RAM and registers, whether it uses them or not. */
static void remove_machine(const struct plan *p, struct ranges *r)
{
	const struct m_board *b = &p->m->board;
	const struct m_range *gic[] = {&b->gic.gicd, &b->gic.gicr, &b->gic.gicc, &b->gic.gich, &b->gic.gicv};

	for (size_t i = 0; i < b->ram_count; i++) {
		range_remove(r, &b->ram[i]);
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		range_remove(r, &b->reserved[i]);
	}
	pages_remove(r, p->image.base, p->image.size);
	pages_remove(r, p->store.base, p->store.size);
	for (size_t i = 0; i < ARRAY_SIZE(gic); i++) {
		range_remove(r, gic[i]);
	}
	for (size_t i = 0; i < b->gic.its_count; i++) {
		range_remove(r, &b->gic.its[i].reg);
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		range_remove(r, &b->iommus[i].reg);
	}
	if (p->m->ipmmu_has_power) {
		pages_remove(r, IPMMU_SYSC, PAGE_SIZE);
	}
}

/* Of [base, base+size), of which no device is named, what the domain may have. */
static struct ranges window_rest(const struct plan *p, const struct plan_domain *dom,
				const struct m_range *reg)
{
	const struct m_board *b = &p->m->board;
	struct ranges r = {0};

	ranges_add(&r, reg->base, reg->size);
	remove_machine(p, &r);
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t n = 0; n < b->devices[i].reg_count; n++) {
			range_remove(&r, &b->devices[i].reg[n]);
		}
	}
	for (size_t i = 0; i < dom->map_count; i++) {
		pages_remove(&r, dom->maps[i].ipa, dom->maps[i].size);
	}
	for (size_t i = 0; i < dom->window_count; i++) {
		pages_remove(&r, dom->windows[i].ipa, dom->windows[i].size);
	}
	range_remove(&r, &dom->m->control.reg);
	range_remove(&r, &dom->m->watchdog.reg);
	return r;
}

static void pieces_add(struct plan_domain *dom, struct plan_map map, const struct ranges *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		map.ipa = map.pa = pieces->list[i].base;
		map.size = pieces->list[i].end - pieces->list[i].base;
		plan_map_add(dom, map);
	}
}

static void window_map(const struct plan *p, struct diag *d, struct plan_domain *dom,
		       const struct m_mmio_window *w)
{
	struct ranges rest = window_rest(p, dom, &w->reg);
	struct plan_map map = {
		.attr = {plan_type(w->attr), true, false}, .pos = w->reg.pos, .name = w->name.s,
		.later = !w->pre_map, .block = w->block != 0 ? w->block : plan_block(w->reg.size),
	};

	if (rest.count == 0) {
		struct diag_msg *m = diag_warning(d, 226, w->reg.pos, "'%s' has nothing of the window '%s'",
						  dom->m->name.s, w->name.s);

		diag_label(m, "RAM, devices of the board file, the hypervisor's");
		diag_help(m, "delete the window, or correct it");
	}
	pieces_add(dom, map, &rest);
	ranges_free(&rest);
}

/* What lies in a window that is mapped from the start is so itself. */
static void device_map(const struct plan *p, struct plan_domain *dom, struct plan_map map)
{
	const struct m_board *b = &p->m->board;
	struct ranges later = {0}, now = {0};

	if (dom->m->on_demand) {
		ranges_add(&later, map.pa, map.size);
	}
	for (size_t i = 0; i < b->window_count; i++) {
		if (b->windows[i].pre_map) {
			ranges_remove(&later, b->windows[i].reg.base, b->windows[i].reg.size);
		}
	}
	ranges_add(&now, map.pa, map.size);
	for (size_t i = 0; i < later.count; i++) {
		ranges_remove(&now, later.list[i].base, later.list[i].end - later.list[i].base);
	}
	pieces_add(dom, map, &now);
	map.later = true;
	pieces_add(dom, map, &later);
	ranges_free(&now);
	ranges_free(&later);
}

void plan_mmio(struct plan *p, struct diag *d, struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;
	bool known = b->ram_count != 0 && p->gic.version != GIC_NONE;

	for (size_t i = 0; dom->m->on_demand && known && i < b->window_count; i++) {
		window_map(p, d, dom, &b->windows[i]);
	}
	for (size_t i = 0; i < dom->device_count; i++) {
		const struct m_device *dev = &b->devices[dom->devices[i]];
		for (size_t r = 0; r < dev->reg_count; r++) {
			device_map(p, dom, plan_map_of(dev, &dev->reg[r]));
		}
	}
}

void plan_mmio_written(struct plan *p)
{
	p->written = arena_array(p->arena, p->pool.used, sizeof(p->written[0]));
	for (size_t i = 0; i < p->domain_count; i++) {
		const struct plan_domain *dom = &p->domains[i];

		for (size_t n = 0; n < dom->map_count; n++) {
			const struct plan_map *m = &dom->maps[n];
			uint64_t size = PAGE_SIZE;

			for (uint64_t at = m->ipa; m->later && at < m->ipa + m->size; at += size) {
				const uint64_t *leaf = stage2_leaf(&dom->s2, IPA(at), &size);
				p->written[(size_t)(leaf - p->pool.pages[0]) / 512] = true;
			}
		}
	}
}
