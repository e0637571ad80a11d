// SPDX-License-Identifier: Apache-2.0
/*
 * Message-signalled interrupts: which LPIs, DeviceIDs and collections each domain has,
 * and the memory that the GIC and the virtual ITSs work in (hv/include/msi.h).
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

#define PAGE_DEVICES (ITS_PAGE / ITS_TABLE_ENTRY) /* that a page of level 2 is for */
#define PAGES_MAX 8u /* of level 2, for one domain */

/* Room for `size` bytes, whole pages, beside the CPUs' pending tables. */
static uint64_t room_take(struct plan *p, uint64_t size)
{
	uint64_t at = p->lpi.size;

	size = ALIGN_UP(size, PAGE_SIZE);
	for (;;) {
		uint64_t block = at / LPI_PENDING_STRIDE, next = (block + 1) * LPI_PENDING_STRIDE;
		if (at % LPI_PENDING_STRIDE == 0 && block < p->cpu_count) {
			at += ALIGN_UP(LPI_PENDING_SIZE, PAGE_SIZE);
		}
		if (block + 1 >= p->cpu_count || at + size <= next) {
			p->lpi.size = at + size;
			return at;
		}
		at = next;
	}
}

static struct plan_its *its_use(struct plan *p, size_t index)
{
	const struct m_its *m = &p->m->board.gic.its[index];

	for (size_t i = 0; i < p->its_count; i++) {
		if (p->its[i].m == m) {
			return &p->its[i];
		}
	}
	struct plan_its *its = &p->its[p->its_count++];
	its->m = m;
	its->bits = 1;
	its->queue = room_take(p, ITS_QUEUE_SIZE);
	its->devices = room_take(p, ITS_PAGE);
	its->collections = room_take(p, ITS_PAGE);
	return its;
}

static int ids_compare(const void *a, const void *b)
{
	const struct msi_ids *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* The DeviceIDs of the domain's devices; which ITS they are at. */
static size_t ids_list(struct plan *p, struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;
	struct plan_msi *x = dom->msi;
	size_t its = MODEL_NONE, room = 0;

	for (size_t i = 0; i < dom->device_count; i++) {
		room += b->devices[dom->devices[i]].msi_count;
	}
	x->ids = arena_array(p->arena, room, sizeof(x->ids[0]));
	for (size_t i = 0; i < dom->device_count; i++) {
		const struct m_device *dev = &b->devices[dom->devices[i]];
		for (size_t l = 0; l < dev->msi_count; l++) {
			its = dev->msis[l].its;
			x->ids[x->id_count++] = (struct msi_ids){dev->msis[l].first, dev->msis[l].count};
		}
	}
	qsort(x->ids, x->id_count, sizeof(x->ids[0]), ids_compare);
	return its;
}

/* Pages of level 2 that the domain's DeviceIDs lie in: so many it could need. */
static uint32_t pages_of(const struct plan_msi *x)
{
	uint64_t count = 0, next = 0;

	for (size_t i = 0; i < x->id_count; i++) {
		uint64_t first = x->ids[i].first / PAGE_DEVICES;
		uint64_t last = ((uint64_t)x->ids[i].first + x->ids[i].count - 1) / PAGE_DEVICES;
		first = first < next ? next : first;
		count += first <= last ? last - first + 1 : 0;
		next = first <= last ? last + 1 : next;
	}
	count = count < x->devices ? count : x->devices;
	return (uint32_t)(count < PAGES_MAX ? count : PAGES_MAX);
}

static void domain_share(struct plan *p, struct plan_domain *dom, uint32_t *lpi)
{
	struct plan_msi *x = arena_alloc(p->arena, sizeof(*x));

	dom->msi = x;
	x->devices = dom->m->msi_devices;
	x->lpi_first = *lpi;
	x->lpi_count = dom->m->msi_lpis;
	*lpi += x->lpi_count;
}

static void domain_place(struct plan *p, struct plan_domain *dom)
{
	struct plan_msi *x = dom->msi;
	struct plan_its *its = its_use(p, ids_list(p, dom));
	x->its = (size_t)(its - p->its);
	x->collection = its->used;
	its->used += (uint32_t)dom->cpu_count + 1;
	for (size_t i = 0; i < x->id_count; i++) {
		while (((uint64_t)x->ids[i].first + x->ids[i].count - 1) >> its->bits != 0) {
			its->bits++;
		}
	}
	x->page_count = pages_of(x);
	x->state = room_take(p, MSI_STATE_SIZE);
	x->pages = room_take(p, x->page_count * ITS_PAGE);
	x->itts = room_take(p, (uint64_t)MSI_EVENTS(x->lpi_count) * ITS_ITT_ENTRY);
	x->events = room_take(p, MSI_EVENTS(x->lpi_count) * sizeof(uint32_t));
	x->pending = room_take(p, ALIGN_UP(x->lpi_count, 64) / 8 * dom->cpu_count);
}

void plan_msi(struct plan *p)
{
	uint32_t lpi = LPI_FIRST;
	bool any = false;

	p->its = arena_array(p->arena, p->m->board.gic.its_count, sizeof(p->its[0]));
	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].m->msi_lpis != 0) {
			domain_share(p, &p->domains[i], &lpi);
			any = true;
		}
	}
	/* Where they are is found at boot otherwise. */
	if (!any || model_is_open(&p->m->board)) {
		return;
	}
	p->lpi_properties = room_take(p, LPIS);
	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].msi != NULL) {
			domain_place(p, &p->domains[i]);
		}
	}
	uint64_t least = (p->cpu_count - 1) * LPI_PENDING_STRIDE + ALIGN_UP(LPI_PENDING_SIZE, PAGE_SIZE);
	p->lpi.size = p->lpi.size > least ? p->lpi.size : least;
}

bool plan_msi_place(struct plan *p, struct diag *d, uint64_t end)
{
	uint64_t base = ALIGN_DOWN(end - p->lpi.size, LPI_PENDING_STRIDE);

	if (p->lpi.size == 0 || (p->home.colors.of == 0 && p->lpi.size < end && base > p->image.base)) {
		p->lpi.base = p->lpi.size == 0 ? end : base;
		return true;
	}
	bool colors = p->home.colors.of != 0;
	struct diag_msg *m = diag_error(d, 545, colors ? p->m->hv_colors.pos : p->m->hv_pos,
					"no room for the tables of message-signalled interrupts");
	diag_label(m, colors ? "the hypervisor's pages do not lie together" : "0x%llx bytes",
		   (unsigned long long)p->lpi.size);
	if (colors) {
		diag_help(m, "leave out 'colors' of the hypervisor and the domains, or 'msi' of each domain");
	} else {
		diag_help(m, "give it more: hypervisor: {size: 0x%llx}",
			  (unsigned long long)ALIGN_UP(p->image.size + p->lpi.size, KIB(64)));
	}
	return false;
}
