// SPDX-License-Identifier: Apache-2.0
/* Virtual SMMUv3s: what the model leaves open, and the streams as one ascending list. */
#include <stdlib.h>

#include "plan/plan.h"

/* What a guest's queues need at the most: one page each, so that what one trap may have to
 * look at is bounded, and more than the 64 commands that Linux collects. */
#define CMDQ_LOG2 8u
#define EVTQ_LOG2 7u

/* Index in board_tables.smmus of board.iommus[iommu]. */
static uint32_t smmu_index(const struct plan *p, size_t iommu)
{
	uint32_t index = 0;

	for (size_t i = 0; i < iommu; i++) {
		index += p->m->board.iommus[i].type == IOMMU_SMMUV3 ? 1 : 0;
	}
	return index;
}

static int stream_compare(const void *a, const void *b)
{
	const struct vstream_desc *x = a, *y = b;

	return x->virt < y->virt ? -1 : x->virt > y->virt;
}

/* Sorted, what devices share only once, and in one piece what goes on as it began: the
 * checks saw to it that two entries with an ID in common agree. */
static void streams_list(struct plan *p, struct plan_domain *dom)
{
	const struct m_vsmmu *v = &dom->m->vsmmu;
	struct vstream_desc *list = arena_array(p->arena, v->stream_count, sizeof(list[0]));
	uint32_t count = 0;

	for (size_t i = 0; i < v->stream_count; i++) {
		const struct m_vstream *s = &v->streams[i];
		list[i] = (struct vstream_desc){.virt = (uint32_t)s->virt, .count = (uint32_t)s->count,
						.smmu = smmu_index(p, s->link->iommu), .first = s->link->first};
	}
	qsort(list, v->stream_count, sizeof(list[0]), stream_compare);
	for (size_t i = 0; i < v->stream_count; i++) {
		struct vstream_desc *last = count > 0 ? &list[count - 1] : NULL;
		uint64_t gap = last == NULL ? 0 : list[i].virt - last->virt;
		if (last == NULL || gap > last->count || last->smmu != list[i].smmu ||
		    list[i].first != last->first + gap) {
			list[count++] = list[i];
		} else if (gap + list[i].count > last->count) {
			last->count = (uint32_t)(gap + list[i].count);
		}
	}
	dom->vsmmu.streams = list;
	dom->vsmmu.stream_count = count;
}

static uint32_t sid_bits(const struct vsmmu_desc *v)
{
	const struct vstream_desc *top = &v->streams[v->stream_count - 1];
	uint64_t end = (uint64_t)top->virt + top->count;
	uint32_t bits = 0;

	while (UINT64_C(1) << bits < end) {
		bits++;
	}
	return bits;
}

static bool map_is_memory(const struct plan_map *m)
{
	return m->attr.type == STAGE2_NORMAL_WB || m->shared;
}

/* Whether stage 2 has smaller leaves somewhere than a guest may have for `size` bytes that
 * are aligned to that and all memory. */
static bool leaves_are_smaller(const struct plan_domain *dom, uint64_t size)
{
	for (size_t i = 0; i < dom->map_count;) {
		uint64_t lo = dom->maps[i].ipa, end = lo;
		size_t from = i;

		for (; i < dom->map_count && dom->maps[i].ipa == end && map_is_memory(&dom->maps[i]); i++) {
			end += dom->maps[i].size;
		}
		i += i == from ? 1 : 0;
		for (uint64_t at = ALIGN_UP(lo, size); at < end && size <= end - at; at += size) {
			while (dom->maps[from].ipa + dom->maps[from].size <= at) {
				from++;
			}
			const struct plan_map *m = &dom->maps[from];
			if (m->ipa + m->size < at + size || !IS_ALIGNED(m->pa - m->ipa, size) ||
			    (m->later && m->block < size)) {
				return true;
			}
		}
	}
	return false;
}

static void domain_vsmmu(struct plan *p, struct plan_domain *dom)
{
	const struct m_vsmmu *v = &dom->m->vsmmu;

	streams_list(p, dom);
	dom->has_vsmmu = true;
	dom->vsmmu.ipa = v->reg.base;
	dom->vsmmu.sid_bits = sid_bits(&dom->vsmmu);
	dom->vsmmu.cmdq_log2 = CMDQ_LOG2;
	dom->vsmmu.evtq_log2 = EVTQ_LOG2;
	dom->vsmmu.evtq_intid = v->evtq.intid;
	dom->vsmmu.gerror_intid = v->gerror.intid;
	dom->vsmmu.sync_intid = v->sync.intid;
	dom->vsmmu.nested_groups = v->nested_groups;
	dom->vsmmu.pieces = leaves_are_smaller(dom, MIB(2)) || leaves_are_smaller(dom, GIB(1)) ? 1 : 0;
	/* A page for each group, on each SMMU that it may need it on. */
	for (size_t i = 0; i < p->m->board.iommu_count; i++) {
		bool used = false;
		for (size_t s = 0; s < v->stream_count; s++) {
			used = used || v->streams[s].link->iommu == i;
		}
		if (used && p->m->board.iommus[i].two_level) {
			p->smmus[smmu_index(p, i)].nested_pages += v->nested_groups;
		}
	}
}

void plan_vsmmus(struct plan *p)
{
	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].m->vsmmu.given) {
			domain_vsmmu(p, &p->domains[i]);
		}
	}
}
