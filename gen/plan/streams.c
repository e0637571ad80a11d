// SPDX-License-Identifier: Apache-2.0
/* Whose each stream of an IOMMU is: stream IDs of an SMMUv3, micro-TLBs of an IPMMU. */
#include <string.h>

#include "plan/plan.h"

struct list {
	struct plan_stream *v;
	size_t count;
};

static void list_insert(struct list *l, size_t at, struct plan_stream stream)
{
	memmove(&l->v[at + 1], &l->v[at], (l->count - at) * sizeof(l->v[0]));
	l->v[at] = stream;
	l->count++;
}

/* Adds what of first..last is not in the list yet: devices may share an ID if they
 * belong to one domain, and one that is nobody's may have that of another. */
static void list_add(struct list *l, uint64_t first, uint64_t last, struct plan_stream stream)
{
	for (size_t i = 0; first <= last; i++) {
		uint64_t end = i < l->count ? l->v[i].first : last + 1;
		if (i < l->count && l->v[i].last < first) {
			continue;
		}
		stream.first = first;
		stream.last = end - 1 < last ? end - 1 : last;
		if (end > first) {
			list_insert(l, i++, stream);
		}
		if (i >= l->count) {
			return;
		}
		first = l->v[i].last + 1;
	}
}

/* The streams of devices that have an owner, or of those that have none. */
static void list_devices(const struct plan *p, const struct m_iommu *mmu, struct list *list, bool owned)
{
	const struct m_board *b = &p->m->board;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		size_t owner = plan_owner(p, i);
		for (size_t l = 0; l < dev->link_count && (owner != MODEL_NONE) == owned; l++) {
			const struct m_iommu_link *link = &dev->links[l];
			if (&b->iommus[link->iommu] == mmu) {
				list_add(list, link->first, (uint64_t)link->first + link->count - 1,
					 (struct plan_stream){.owner = owner, .device = dev, .pos = link->pos});
			}
		}
	}
}

size_t plan_streams(const struct plan *p, const struct m_iommu *mmu, struct plan_stream **streams)
{
	const struct m_board *b = &p->m->board;
	struct list list = {0};
	size_t links = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t l = 0; l < b->devices[i].link_count; l++) {
			links += &b->iommus[b->devices[i].links[l].iommu] == mmu;
		}
	}
	/* The ends of n ranges cut them into less than 2n pieces. */
	list.v = arena_array(p->arena, 2 * links + 1, sizeof(list.v[0]));
	list_devices(p, mmu, &list, true);
	list_devices(p, mmu, &list, false);
	*streams = list.v;
	return list.count;
}
