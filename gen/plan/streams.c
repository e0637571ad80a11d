// SPDX-License-Identifier: Apache-2.0
/*
 * Whose each stream of an IOMMU is: stream IDs of an SMMUv3, micro-TLBs of an IPMMU.
 * Devices may share an ID if they belong to one domain, and one that is nobody's may have
 * that of another: the first device of those that have an owner is then who has it, or the
 * first of all.
 */
#include <stdlib.h>

#include "plan/plan.h"

/* IDs that a link claims. Of the claims on one ID the one of least rank gets it. */
struct claim {
	struct plan_stream stream;
	size_t rank;
};

struct claims {
	struct claim *v; /* by first ID, once sorted */
	size_t count;
	struct claim **heap; /* those that have begun, the least rank on top */
	size_t heap_count;
};

static int claim_compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->stream.first != y->stream.first) {
		return x->stream.first < y->stream.first ? -1 : 1;
	}
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void heap_swap(struct claims *c, size_t i, size_t j)
{
	struct claim *x = c->heap[i];

	c->heap[i] = c->heap[j];
	c->heap[j] = x;
}

static void heap_push(struct claims *c, struct claim *claim)
{
	size_t i = c->heap_count++;

	c->heap[i] = claim;
	for (; i > 0 && c->heap[i]->rank < c->heap[(i - 1) / 2]->rank; i = (i - 1) / 2) {
		heap_swap(c, i, (i - 1) / 2);
	}
}

static void heap_pop(struct claims *c)
{
	size_t i = 0;

	c->heap[0] = c->heap[--c->heap_count];
	for (;;) {
		size_t least = 2 * i + 1;

		least += least + 1 < c->heap_count && c->heap[least + 1]->rank < c->heap[least]->rank;
		if (least >= c->heap_count || c->heap[i]->rank <= c->heap[least]->rank) {
			return;
		}
		heap_swap(c, i, least);
		i = least;
	}
}

/* The claims of devices that have an owner, then those of the others. */
static void claims_list(const struct plan *p, const struct m_iommu *mmu, struct claims *c, bool owned)
{
	const struct m_board *b = &p->m->board;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		size_t owner = plan_owner(p, i);

		for (size_t l = 0; l < dev->link_count && (owner != MODEL_NONE) == owned; l++) {
			const struct m_iommu_link *link = &dev->links[l];

			if (&b->iommus[link->iommu] == mmu) {
				c->v[c->count] = (struct claim){
					{.first = link->first, .last = (uint64_t)link->first + link->count - 1,
					 .owner = owner, .device = dev, .pos = link->pos}, c->count};
				c->count++;
			}
		}
	}
}

/* From ID to ID, with all claims that hold there in the heap. */
static size_t claims_cut(struct claims *c, struct plan_stream *list)
{
	const struct claim *before = NULL;
	size_t next = 0, count = 0;
	uint64_t at = 0;

	while (next < c->count || c->heap_count > 0) {
		while (c->heap_count > 0 && c->heap[0]->stream.last < at) {
			heap_pop(c);
		}
		if (c->heap_count == 0 && next < c->count && c->v[next].stream.first > at) {
			at = c->v[next].stream.first;
		}
		while (next < c->count && c->v[next].stream.first <= at) {
			heap_push(c, &c->v[next++]);
		}
		if (c->heap_count == 0 || c->heap[0]->stream.last < at) {
			continue;
		}
		const struct claim *top = c->heap[0];
		uint64_t last = top->stream.last;
		if (next < c->count && c->v[next].stream.first <= last) {
			last = c->v[next].stream.first - 1;
		}
		if (top == before && list[count - 1].last + 1 == at) {
			list[count - 1].last = last;
		} else {
			list[count] = top->stream;
			list[count].first = at;
			list[count++].last = last;
		}
		before = top;
		at = last + 1;
	}
	return count;
}

size_t plan_streams(const struct plan *p, const struct m_iommu *mmu, struct plan_stream **streams)
{
	const struct m_board *b = &p->m->board;
	struct claims c = {0};
	size_t links = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t l = 0; l < b->devices[i].link_count; l++) {
			links += &b->iommus[b->devices[i].links[l].iommu] == mmu;
		}
	}
	c.v = memory_resize(NULL, links + 1, sizeof(c.v[0]));
	c.heap = memory_resize(NULL, links + 1, sizeof(c.heap[0]));
	claims_list(p, mmu, &c, true);
	claims_list(p, mmu, &c, false);
	qsort(c.v, c.count, sizeof(c.v[0]), claim_compare);
	/* The ends of n ranges cut them into less than 2n pieces. */
	*streams = arena_array(p->arena, 2 * links + 1, sizeof((*streams)[0]));
	size_t count = claims_cut(&c, *streams);
	free(c.heap);
	free(c.v);
	return count;
}
