// SPDX-License-Identifier: Apache-2.0
#include "report/masters.h"

#include <stdlib.h>

/* The domain's map has some of these registers, be they in its own device's page. Devices
 * are mapped where they are, so that the maps' order is that of their PAs. */
static bool is_mapped(const struct plan_domain *dom, const struct m_range *r)
{
	uint64_t last = r->base + (r->size - 1);
	size_t low = 0, high = dom->map_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct plan_map *map = &dom->maps[middle];

		if (map->ipa > last) {
			high = middle;
		} else if (map->ipa + map->size <= r->base) {
			low = middle + 1;
		} else {
			return map->pa == map->ipa;
		}
	}
	return false;
}

static size_t reacher_of(const struct plan *p, const struct m_device *dev)
{
	for (size_t i = 0; i < p->domain_count; i++) {
		for (size_t r = 0; r < dev->reg_count; r++) {
			if (is_mapped(&p->domains[i], &dev->reg[r])) {
				return i;
			}
		}
	}
	return MODEL_NONE;
}

static struct master master_of(const struct plan *p, size_t device)
{
	struct master m = {.device = device, .owner = plan_owner(p, device)};

	m.reacher = m.owner;
	if (plan_is_confined(p, device)) {
		m.kind = MASTER_PROTECTED;
		return m;
	}
	m.kind = MASTER_UNPROTECTED;
	if (m.owner == MODEL_NONE) {
		m.reacher = reacher_of(p, &p->m->board.devices[device]);
		m.kind = m.reacher == MODEL_NONE ? MASTER_IDLE : MASTER_NEAR;
	}
	return m;
}

static int wire_compare(const void *a, const void *b)
{
	const struct wire *x = a, *y = b;

	if (x->link->iommu != y->link->iommu) {
		return x->link->iommu < y->link->iommu ? -1 : 1;
	}
	if (x->link->first != y->link->first) {
		return x->link->first < y->link->first ? -1 : 1;
	}
	return x->master < y->master ? -1 : x->master > y->master;
}

static void wires_list(struct masters *ms, const struct plan *p)
{
	const struct m_board *b = &p->m->board;
	size_t room = 0, wire = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		room += b->devices[i].link_count;
	}
	ms->wires = arena_array(p->arena, room + 1, sizeof(ms->wires[0]));
	for (size_t i = 0; i < ms->count; i++) {
		const struct m_device *dev = &b->devices[ms->list[i].device];

		for (size_t l = 0; l < dev->link_count; l++) {
			ms->wires[ms->wire_count++] = (struct wire){.link = &dev->links[l], .master = i};
		}
	}
	qsort(ms->wires, ms->wire_count, sizeof(ms->wires[0]), wire_compare);
	ms->first = arena_array(p->arena, b->iommu_count + 1, sizeof(ms->first[0]));
	for (size_t i = 0; i <= b->iommu_count; i++) {
		while (wire < ms->wire_count && ms->wires[wire].link->iommu < i) {
			wire++;
		}
		ms->first[i] = wire;
	}
}

void masters_list(struct masters *ms, const struct plan *p)
{
	const struct m_board *b = &p->m->board;

	*ms = (struct masters){.list = arena_array(p->arena, b->device_count + 1, sizeof(ms->list[0]))};
	for (size_t i = 0; i < b->device_count; i++) {
		if (b->devices[i].dma_master || b->devices[i].link_count != 0) {
			ms->list[ms->count++] = master_of(p, i);
			ms->kinds[ms->list[ms->count - 1].kind]++;
		}
	}
	wires_list(ms, p);
}
