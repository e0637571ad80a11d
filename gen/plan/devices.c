// SPDX-License-Identifier: Apache-2.0
/*
 * What a domain can reach: its RAM, its devices' registers, under GICv2 the
 * virtual CPU interface; and the windows that trap.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

#define WINDOWS_MAX 7u /* of each kind but doorbells one at the most */

static unsigned long long ull(uint64_t v)
{
	return v;
}

enum stage2_type plan_type(enum m_attr attr)
{
	static const enum stage2_type types[] = {
		[ATTR_DEVICE_NGNRNE] = STAGE2_DEVICE_NGNRNE, [ATTR_DEVICE_NGNRE] = STAGE2_DEVICE_NGNRE,
		[ATTR_DEVICE_NGRE] = STAGE2_DEVICE_NGRE,     [ATTR_DEVICE_GRE] = STAGE2_DEVICE_GRE,
		[ATTR_NORMAL_NC] = STAGE2_NORMAL_NC,	     [ATTR_NORMAL_WT] = STAGE2_NORMAL_WT,
		[ATTR_NORMAL_WB] = STAGE2_NORMAL_WB,
	};

	return types[attr];
}

void plan_map_add(struct plan_domain *dom, struct plan_map map)
{
	if (dom->map_count == dom->map_room) {
		dom->map_room = dom->map_room == 0 ? 64 : dom->map_room * 2;
		dom->maps = memory_resize(dom->maps, dom->map_room, sizeof(dom->maps[0]));
	}
	dom->maps[dom->map_count++] = map;
}

struct plan_map plan_map_of(const struct m_device *dev, const struct m_range *r)
{
	uint64_t base = ALIGN_DOWN(r->base, PAGE_SIZE);

	return (struct plan_map){
		.ipa = base, .pa = base, .size = ALIGN_UP(r->base + r->size, PAGE_SIZE) - base,
		.attr = {plan_type(dev->attr), !dev->read_only, dev->exec},
		.pos = r->pos, .name = dev->name.s, .block = plan_block(r->size),
	};
}

static int map_compare(const void *a, const void *b)
{
	const struct plan_map *x = a, *y = b;

	if (x->ipa != y->ipa) {
		return x->ipa < y->ipa ? -1 : 1;
	}
	return x->size < y->size ? -1 : x->size > y->size;
}

static bool attr_equal(struct stage2_attr a, struct stage2_attr b)
{
	return a.type == b.type && a.write == b.write && a.exec == b.exec;
}

/* Of one kind. What is mapped on demand is told of by name: only what overlaps is joined. */
static bool map_continues(const struct plan_map *last, const struct plan_map *m)
{
	return attr_equal(last->attr, m->attr) && last->shared == m->shared && last->later == m->later &&
	       last->pa - last->ipa == m->pa - m->ipa &&
	       (!m->later || m->ipa < last->ipa + last->size || strcmp(m->name, last->name) == 0);
}

/* Sorts, and joins what touches or overlaps with the same attributes, so that the
 * largest blocks fit. */
static bool maps_join(struct plan_domain *dom, struct diag *d)
{
	size_t out = 0;
	bool good = true;

	if (dom->map_count == 0) {
		return true;
	}
	qsort(dom->maps, dom->map_count, sizeof(dom->maps[0]), map_compare);
	for (size_t i = 0; i < dom->map_count; i++) {
		const struct plan_map *m = &dom->maps[i];
		struct plan_map *last = out > 0 ? &dom->maps[out - 1] : NULL;
		bool same = last != NULL && map_continues(last, m);
		if (last == NULL || m->ipa > last->ipa + last->size || (m->ipa == last->ipa + last->size && !same)) {
			dom->maps[out++] = *m;
			continue;
		}
		if (!same) {
			struct diag_msg *msg = diag_error(d, 255, m->pos, "'%s' and '%s' want the page 0x%llx of "
							  "domain '%s' in two ways", m->name, last->name,
							  ull(m->ipa), dom->m->name.s);
			diag_note(msg, last->pos, "'%s' is here", last->name);
			diag_help(msg, "give both the same 'attribute', 'exec' and 'read-only', or move one");
			good = false;
			continue;
		}
		uint64_t end = m->ipa + m->size;
		if (end > last->ipa + last->size) {
			last->size = end - last->ipa;
		}
	}
	dom->map_count = out;
	return good;
}

/* A window that traps must not be mapped, not even in part. */
static bool windows_check(const struct plan_domain *dom, struct diag *d)
{
	static const char *const names[] = {
		[WINDOW_GICD] = "interrupt controller", [WINDOW_GICR] = "interrupt controller",
		[WINDOW_VPL011] = "virtual PL011", [WINDOW_VSMMUV3] = "virtual SMMUv3",
		[WINDOW_GITS] = "interrupt controller", [WINDOW_CONTROL] = "control interface",
		[WINDOW_WATCHDOG] = "watchdog", [WINDOW_PL061] = "doorbell",
	};
	bool good = true;

	for (size_t w = 0; w < dom->window_count; w++) {
		const struct trap_window *win = &dom->windows[w];
		for (size_t i = 0; i < dom->map_count; i++) {
			const struct plan_map *m = &dom->maps[i];
			if (m->ipa < win->ipa + win->size && win->ipa < m->ipa + m->size) {
				struct diag_msg *msg = diag_error(d, 256, m->pos, "'%s' of domain '%s' covers the "
								  "%s at 0x%llx", m->name, dom->m->name.s,
								  names[win->kind], ull(win->ipa));
				diag_help(msg, "give one of the two another address");
				good = false;
			}
		}
	}
	return good;
}

static bool maps_check(const struct plan *p, const struct plan_domain *dom, struct diag *d)
{
	bool good = true;

	for (size_t i = 0; i < dom->map_count; i++) {
		const struct plan_map *m = &dom->maps[i];
		uint64_t end = UINT64_C(1) << p->ipa_bits;
		if (m->ipa >= end || m->size > end - m->ipa || m->pa >= UINT64_C(1) << p->pa_bits) {
			struct diag_msg *msg = diag_error(d, 254, m->pos, "'%s' [0x%llx..0x%llx) lies beyond the %u "
							  "address bits of the machine", m->name, ull(m->ipa),
							  ull(m->ipa + m->size), p->ipa_bits);
			diag_help(msg, "check the address, or 'physical-address-bits' of the board");
			good = false;
		}
	}
	return good;
}

static void ram_map(struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->run_count; i++) {
		const struct plan_ram *r = &dom->runs[i];
		plan_map_add(dom, (struct plan_map){.ipa = r->ipa, .pa = r->pa, .size = r->size,
						       .attr = {STAGE2_NORMAL_WB, true, true},
						       .pos = dom->m->memory_pos, .name = "memory"});
	}
}

/* Memory that caches may hold: an SRAM, a frame buffer. A firmware window is larger
 * than can be walked line by line, and who uses it keeps firmware's own rules; a PCI
 * host's windows are larger still, and nobody is behind most of their addresses. */
static bool device_is_memory(const struct m_device *dev)
{
	return dev->class != CLASS_FIRMWARE_WINDOW && plan_type(dev->attr) >= STAGE2_NORMAL_NC;
}

static void handover_list(struct plan *p, struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;
	struct ranges pages = {0};

	for (size_t i = 0; i < dom->device_count; i++) {
		const struct m_device *dev = &b->devices[dom->devices[i]];
		for (size_t r = 0; r < dev->reg_count - dev->window_count && device_is_memory(dev); r++) {
			struct plan_map map = plan_map_of(dev, &dev->reg[r]);
			ranges_add(&pages, map.pa, map.size);
		}
	}
	dom->handover = arena_array(p->arena, pages.count, sizeof(dom->handover[0]));
	for (size_t i = 0; i < pages.count; i++) {
		dom->handover[dom->handover_count++] =
			(struct mem_range){pages.list[i].base, pages.list[i].end - pages.list[i].base};
	}
	ranges_free(&pages);
}

static int window_compare(const void *a, const void *b)
{
	const struct trap_window *x = a, *y = b;

	return x->ipa < y->ipa ? -1 : x->ipa > y->ipa;
}

/* So does the ITS of a domain's devices. The page of its doorbell is mapped: messages are
 * writes, which the SMMU translates by the very same tables. */
static void its_place(struct plan *p, struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;
	const struct m_its *its = NULL;

	for (size_t i = 0; i < dom->device_count && dom->m->msi_lpis != 0; i++) {
		const struct m_device *dev = &b->devices[dom->devices[i]];
		if (dev->msi_count != 0) {
			its = &b->gic.its[dev->msis[0].its];
		}
	}
	if (its == NULL) {
		return;
	}
	dom->windows[dom->window_count++] =
		(struct trap_window){.ipa = its->reg.base, .size = ITS_FRAME, .kind = WINDOW_GITS};
	plan_map_add(dom, (struct plan_map){.ipa = its->reg.base + ITS_FRAME, .pa = its->reg.base + ITS_FRAME,
					       .size = PAGE_SIZE, .attr = {plan_type(b->gic.attr), true, false},
					       .pos = its->reg.pos, .name = its->name.s});
}

/* The GIC stands at the machine's own addresses in every domain. */
static void gic_place(struct plan *p, struct plan_domain *dom)
{
	const struct m_gic *g = &p->m->board.gic;

	if (p->gic.version == GIC_NONE) {
		return;
	}
	dom->windows[dom->window_count++] =
		(struct trap_window){.ipa = g->gicd.base, .size = g->gicd.size, .kind = WINDOW_GICD};
	its_place(p, dom);
	if (p->gic.version == GIC_V3) {
		dom->windows[dom->window_count++] = (struct trap_window){
			.ipa = g->gicr.base, .size = dom->cpu_count * GICR_FRAME_SIZE, .kind = WINDOW_GICR};
		return;
	}
	/* The hardware's virtual CPU interface answers where a guest looks for GICC. */
	uint64_t size = g->gicc.size < g->gicv.size ? g->gicc.size : g->gicv.size;
	plan_map_add(dom, (struct plan_map){.ipa = g->gicc.base, .pa = g->gicv.base,
					       .size = ALIGN_UP(size, PAGE_SIZE),
					       .attr = {plan_type(g->attr), true, false},
					       .pos = g->gicv.pos, .name = "interrupt controller"});
}

/* The virtual PL011: where system.yaml says, else where the board's console is,
 * with its interrupt. */
static void console_place(struct plan *p, struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;

	if (dom->m->console != CONSOLE_VPL011) {
		return;
	}
	dom->vpl011 = dom->m->vpl011;
	dom->vpl011_intid = dom->m->vpl011_irq.intid;
	if (b->console_device != MODEL_NONE) {
		const struct m_device *dev = &b->devices[b->console_device];
		if (dom->vpl011.size == 0 && dev->reg_count > 0) {
			dom->vpl011 = dev->reg[0];
			dom->vpl011.size = VPL011_SIZE;
		}
		if (dom->vpl011_intid == 0 && dev->irq_count > 0) {
			dom->vpl011_intid = dev->irqs[0].intid;
		}
	}
	if (dom->vpl011.size != 0) {
		dom->windows[dom->window_count++] = (struct trap_window){
			.ipa = dom->vpl011.base, .size = dom->vpl011.size, .kind = WINDOW_VPL011,
			.intid = (uint16_t)dom->vpl011_intid};
	}
}

static void vsmmu_place(struct plan_domain *dom)
{
	if (dom->m->vsmmu.given) {
		dom->windows[dom->window_count++] = (struct trap_window){
			.ipa = dom->m->vsmmu.reg.base, .size = VSMMU_SIZE, .kind = WINDOW_VSMMUV3};
	}
}

bool plan_devices(struct plan *p, struct diag *d)
{
	bool good = true;

	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		dom->windows = arena_array(p->arena, WINDOWS_MAX + dom->m->bell_count, sizeof(dom->windows[0]));
		ram_map(dom);
		handover_list(p, dom);
		gic_place(p, dom);
		console_place(p, dom);
		vsmmu_place(dom);
		plan_shared_place(p, dom);
		plan_mmio(p, d, dom);
		good = maps_join(dom, d) && maps_check(p, dom, d) && plan_virtual_places(p, d, dom) &&
		       windows_check(dom, d) && good;
		qsort(dom->windows, dom->window_count, sizeof(dom->windows[0]), window_compare);
	}
	return good;
}
