// SPDX-License-Identifier: Apache-2.0
/* Virtual SMMUv3s: registers, interrupts, and which stream is which. */
#include <stdlib.h>

#include "check/parts.h"
#include "tables.h"
#include "util/arena.h"

#define VSMMU_PAGE UINT64_C(0x10000)
#define SID_BITS 32u
#define GROUPS_MAX 256u

static void registers_check(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	const struct m_range *r = &dom->vsmmu.reg;
	uint64_t limit = address_limit(&m->board);
	struct diag_msg *msg;

	/* In the physical one's place: HV0311 and HV0209 have looked at that. */
	if (!dom->vsmmu.own_reg) {
		return;
	}
	if (r->size != VSMMU_SIZE || !IS_ALIGNED(r->base, VSMMU_PAGE)) {
		msg = diag_error(d, 317, r->pos, "the virtual SMMUv3 of '%s' cannot have these registers", dom->name.s);
		diag_label(msg, "it has two pages of 64 KiB, aligned to that");
		diag_help(msg, "reg: [0x%llx, 0x%llx]", (ull)ALIGN_DOWN(r->base, VSMMU_PAGE), (ull)VSMMU_SIZE);
	} else if (range_last(r) >= limit) {
		msg = diag_error(d, 209, r->pos, "the virtual SMMUv3 of '%s' lies beyond the addresses that a domain has",
				 dom->name.s);
		diag_label(msg, "ends at 0x%llx; the last address is 0x%llx", (ull)range_last(r), (ull)(limit - 1));
		diag_help(msg, "take a lower address");
	}
}

static bool device_has_stream(const struct m_board *b, const struct m_device *dev)
{
	for (size_t l = 0; l < dev->link_count; l++) {
		if (b->iommus[dev->links[l].iommu].type == IOMMU_SMMUV3) {
			return true;
		}
	}
	return false;
}

/* `streams` is about devices of the domain that have some, each once. */
static void devices_check(struct diag *d, const struct model *m, size_t domain)
{
	const struct m_vsmmu *v = &m->domains[domain].vsmmu;

	for (size_t i = 0; i < v->device_count; i++) {
		const struct m_device *dev = &m->board.devices[v->devices[i].device];
		struct diag_msg *msg;

		if (device_owner(m, v->devices[i].device) != domain) {
			msg = diag_error(d, 318, v->devices[i].device_pos, "'%s' is not a device of '%s'", dev->name.s,
					 m->domains[domain].name.s);
			diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
			diag_help(msg, "name it under 'devices' of '%s', or leave the line out",
				  m->domains[domain].name.s);
			continue;
		}
		if (!device_has_stream(&m->board, dev)) {
			msg = diag_error(d, 318, v->devices[i].device_pos, "'%s' has no stream ID", dev->name.s);
			diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
			diag_help(msg, "leave the line out, or link the device: 'iommus: [{iommu: <an SMMUv3>, id: N}]'");
		}
		for (size_t j = 0; j < i; j++) {
			if (v->devices[i].device == v->devices[j].device) {
				msg = diag_error(d, 318, v->devices[i].device_pos, "the streams of '%s' are numbered twice",
						 dev->name.s);
				diag_note(msg, v->devices[j].device_pos, "the first time");
				diag_help(msg, "remove one of the two");
				break;
			}
		}
	}
}

static void nothing_check(struct diag *d, const struct m_domain *dom)
{
	struct diag_msg *msg;

	if (dom->vsmmu.stream_count != 0) {
		return;
	}
	msg = diag_error(d, 318, dom->vsmmu.pos, "the virtual SMMUv3 of '%s' has nothing to translate for",
			 dom->name.s);
	diag_label(msg, "none of its devices is behind an SMMUv3");
	diag_help(msg, "viommu: none");
}

static int virt_compare(const void *a, const void *b)
{
	const struct m_vstream *x = *(const struct m_vstream *const *)a, *y = *(const struct m_vstream *const *)b;

	return x->virt < y->virt ? -1 : x->virt > y->virt;
}

static int real_compare(const void *a, const void *b)
{
	const struct m_vstream *x = *(const struct m_vstream *const *)a, *y = *(const struct m_vstream *const *)b;

	if (x->link->iommu != y->link->iommu) {
		return x->link->iommu < y->link->iommu ? -1 : 1;
	}
	return x->link->first < y->link->first ? -1 : x->link->first > y->link->first;
}

/* Both say the same of the IDs that they have in common. */
static bool streams_agree(const struct m_vstream *x, const struct m_vstream *y)
{
	return x->link->iommu == y->link->iommu && x->virt - x->link->first == y->virt - y->link->first;
}

static void stream_twice(struct diag *d, const struct model *m, const struct m_domain *dom,
			 const struct m_vstream *x, const struct m_vstream *other, bool real)
{
	const struct m_board *b = &m->board;
	const struct m_vstream *later = x->device >= other->device ? x : other, *first = later == x ? other : x;
	uint64_t id = real ? x->link->first : x->virt;
	struct diag_msg *msg;

	if (real) {
		msg = diag_error(d, 319, later->pos, "stream ID 0x%llx of '%s' would have two virtual ones in '%s'",
				 (ull)id, b->iommus[x->link->iommu].name.s, dom->name.s);
		diag_note(msg, first->pos, "'%s' has it too, as 0x%llx", b->devices[first->device].name.s,
			  (ull)(first->virt + (id - first->link->first)));
		diag_help(msg, "number both devices alike under 'streams', or neither");
		return;
	}
	msg = diag_error(d, 319, later->pos, "'%s' and '%s' would have one virtual stream ID, 0x%llx, in '%s'",
			 b->devices[first->device].name.s, b->devices[later->device].name.s, (ull)id, dom->name.s);
	diag_note(msg, first->pos, "'%s' is stream 0x%llx of '%s'", b->devices[first->device].name.s,
		  (ull)(first->link->first + (id - first->virt)), b->iommus[first->link->iommu].name.s);
	diag_help(msg, "viommu: {type: smmuv3, streams: [{device: %s, id: <a free one>}]}",
		  b->devices[later->device].name.s);
}

/* One virtual ID is one stream, and one stream has one virtual ID. */
static void streams_check(struct diag *d, const struct model *m, const struct m_domain *dom, bool real)
{
	const struct m_vsmmu *v = &dom->vsmmu;
	const struct m_vstream **list = memory_resize(NULL, v->stream_count + 1, sizeof(list[0]));

	for (size_t i = 0; i < v->stream_count; i++) {
		list[i] = &v->streams[i];
	}
	qsort(list, v->stream_count, sizeof(list[0]), real ? real_compare : virt_compare);
	for (size_t i = 1, widest = 0; i < v->stream_count; i++) {
		const struct m_vstream *a = list[widest], *x = list[i];
		bool same = !real || a->link->iommu == x->link->iommu;
		uint64_t from = real ? a->link->first : a->virt, to = real ? x->link->first : x->virt;

		if (same && to - from < a->count && !streams_agree(a, x)) {
			stream_twice(d, m, dom, x, a, real);
		}
		if (!same || to + x->count > from + a->count) {
			widest = i;
		}
	}
	free(list);
}

static void beyond_check(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	const struct m_vsmmu *v = &dom->vsmmu;

	for (size_t i = 0; i < v->stream_count; i++) {
		const struct m_vstream *s = &v->streams[i];
		const char *name = m->board.devices[s->device].name.s;

		if (s->virt + s->count <= BIT64(SID_BITS)) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 320, s->pos, "virtual stream IDs of '%s' end beyond 32 bits", name);
		diag_label(msg, "the last is 0x%llx", (ull)(s->virt + s->count - 1));
		diag_help(msg, "take a lower 'id'");
		return;
	}
}

static bool uses_iommu(const struct m_vsmmu *v, size_t iommu)
{
	for (size_t i = 0; i < v->stream_count; i++) {
		if (v->streams[i].link->iommu == iommu) {
			return true;
		}
	}
	return false;
}

/* The hypervisor keeps so many pages for one SMMU: all domains' shares are among them. */
static void groups_check(struct diag *d, const struct model *m, size_t iommu)
{
	const struct m_iommu *mmu = &m->board.iommus[iommu];
	uint32_t sum = 0;

	for (size_t i = 0; i < m->domain_count && mmu->two_level; i++) {
		const struct m_vsmmu *v = &m->domains[i].vsmmu;

		if (!v->given || !uses_iommu(v, iommu)) {
			continue;
		}
		sum += v->nested_groups;
		if (sum > GROUPS_MAX) {
			struct diag_msg *msg = diag_error(d, 321, v->pos, "too many 'nested-groups' on '%s'",
							  mmu->name.s);
			diag_label(msg, "with the domains above %u, and there are %u", sum, GROUPS_MAX);
			diag_help(msg, "lower 'nested-groups' of this domain or of another");
			return;
		}
	}
}

void check_viommus(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.iommu_count; i++) {
		groups_check(d, m, i);
	}

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		if (dom->vsmmu.given) {
			nothing_check(d, dom);
			registers_check(d, m, dom);
			devices_check(d, m, i);
			beyond_check(d, m, dom);
			streams_check(d, m, dom, false);
			streams_check(d, m, dom, true);
		}
	}
}
