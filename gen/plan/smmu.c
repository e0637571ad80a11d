// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: whose each stream is, and the stream tables (IHI 0070, 3.3 and 5.2). A
 * stream that a domain owns is translated by the very stage-2 tables of its CPUs (from
 * when its virtual SMMUv3 says so, if it has one); any other has an invalid entry or none,
 * so that its DMA is aborted.
 */
#include <stdlib.h>
#include <string.h>

#include "mm/smmu_desc.h"
#include "plan/plan.h"
#include "util/search.h"

/* Stream IDs of one second-level table, which is then one page. Of the splits that
 * there are (6, 8, 10) it leaves the least to unpack at boot. */
#define GROUP 64u
#define SPLIT 6u
#define STE_WORDS 8u
#define STE_SIZE 64u
#define GROUP_SIZE (GROUP * STE_SIZE)
#define LINEAR_BITS_MIN 6u /* one page of entries */
#define TWO_LEVEL_BITS_MIN (SPLIT + 1)

/* A stream table being made. */
struct table {
	struct plan *p;
	struct plan_smmu *smmu;
	uint64_t *l1;         /* of two levels: its descriptors */
	uint64_t *groups;     /* PAs of second-level tables made so far, by their contents; 0: free */
	size_t group_room;    /* a power of two, twice as many as there can be */
};

static uint32_t log2_of(uint64_t value)
{
	uint32_t bits = 0;

	while (bits < 32 && UINT64_C(1) << bits < value) {
		bits++;
	}
	return bits;
}

/* As many IDs as the highest one in use asks for. */
static uint32_t table_bits(const struct plan_smmu *s)
{
	uint32_t least = s->m->two_level ? TWO_LEVEL_BITS_MIN : LINEAR_BITS_MIN;
	uint32_t most = log2_of(s->m->id_count);
	uint64_t ids = 0;

	for (size_t i = 0; i < s->stream_count; i++) {
		ids = s->streams[i].owner != MODEL_NONE ? s->streams[i].last + 1 : ids;
	}
	least = least < most ? least : most;
	return log2_of(ids) > least ? log2_of(ids) : least;
}

static void irqs_take(struct plan_smmu *s)
{
	for (size_t i = 0; i < s->m->irq_count && i < s->m->irq_name_count; i++) {
		uint32_t intid = s->m->irqs[i].intid;
		enum m_iommu_irq name = s->m->irq_names[i];
		if (name == IOMMU_IRQ_EVENTQ || name == IOMMU_IRQ_COMBINED) {
			s->evtq_intid = intid;
		}
		if (name == IOMMU_IRQ_GERROR || name == IOMMU_IRQ_COMBINED) {
			s->gerror_intid = intid;
		}
	}
}

static uint64_t table_size(const struct plan_smmu *s)
{
	return s->m->two_level ? UINT64_C(8) << (s->bits - SPLIT) : (uint64_t)STE_SIZE << s->bits;
}

static bool table_check(const struct plan *p, struct diag *d, const struct plan_smmu *s)
{
	if (table_size(s) < p->image.size) {
		return true;
	}
	struct pos at = s->m->stream_table_pos.file != NULL ? s->m->stream_table_pos : s->m->ids_pos;
	struct diag_msg *msg = diag_error(d, 315, at, "the stream table of '%s' does not fit the hypervisor's "
					  "memory", s->m->name.s);
	diag_label(msg, "0x%llx bytes for stream IDs of %u bits", (unsigned long long)table_size(s), s->bits);
	diag_note(msg, p->m->hv_pos, "that is 0x%llx bytes", (unsigned long long)p->image.size);
	uint64_t need = ALIGN_UP(table_size(s) + p->image.size, PAGE_SIZE);
	if (!s->m->two_level) {
		diag_help(msg, "stream-table: two-level");
	} else if (need <= HV_SIZE_MAX) {
		diag_help(msg, "give it more: hypervisor: {size: 0x%llx}", (unsigned long long)need);
	} else {
		diag_help(msg, "lower 'ids' to what the SMMU has, and the stream IDs to what devices use");
	}
	return false;
}

bool plan_smmus(struct plan *p, struct diag *d)
{
	const struct m_board *b = &p->m->board;
	bool good = true;

	p->smmus = arena_array(p->arena, b->iommu_count, sizeof(p->smmus[0]));
	for (size_t i = 0; i < b->iommu_count; i++) {
		struct plan_smmu *s = &p->smmus[p->smmu_count];
		if (b->iommus[i].type != IOMMU_SMMUV3) {
			continue;
		}
		s->m = &b->iommus[i];
		s->cmdq_log2 = log2_of(s->m->cmdq_entries);
		s->evtq_log2 = log2_of(s->m->evtq_entries);
		irqs_take(s);
		s->stream_count = plan_streams(p, s->m, &s->streams);
		s->bits = table_bits(s);
		good = table_check(p, d, s) && good;
		p->smmu_count++;
	}
	return good;
}

uint64_t plan_smmu_align(const struct plan *p)
{
	uint64_t align = PAGE_SIZE;

	for (size_t i = 0; i < p->smmu_count; i++) {
		const struct plan_smmu *s = &p->smmus[i];
		uint64_t top = table_size(s);
		uint64_t need = s->m->two_level && top < GROUP_SIZE ? GROUP_SIZE : top;
		align = need > align ? need : align;
	}
	return align;
}

/* Pages aligned to `size`, a power of two; false: there are none. */
static bool pages_take(struct plan *p, uint64_t size, uint64_t *pa)
{
	uint64_t align = size > PAGE_SIZE ? size : PAGE_SIZE;
	uint64_t place = ALIGN_UP(p->pool.base.va + p->pool.used * PAGE_SIZE, align);
	uint64_t end = (place + align - p->pool.base.va) / PAGE_SIZE;

	if (end > p->pool.count) {
		return false;
	}
	p->pool.used = (uint32_t)end;
	*pa = home_pa(&p->home, place);
	return true;
}

static uint64_t *words_at(struct plan *p, uint64_t pa)
{
	return p->pool.pages[stage2_page_at(&p->pool, pa)];
}

/* VTCR_EL2 and the STE have T0SZ, SL0, IRGN0, ORGN0, SH0, TG0 and PS in one order. */
static void ste_write(const struct plan *p, uint64_t *ste, size_t owner)
{
	const struct plan_domain *dom = &p->domains[owner];
	/* A virtual SMMUv3 comes out of reset with GBPA.ABORT. */
	uint64_t config = dom->has_vsmmu ? STE_CONFIG_ABORT : STE_CONFIG_STAGE2;

	ste[0] = STE_VALID | FIELD_PREP(STE_CONFIG, config);
	ste[1] = FIELD_PREP(STE_SHCFG, STE_SHCFG_INCOMING);
	ste[2] = FIELD_PREP(STE_S2VMID, dom->vttbr >> 48) | FIELD_PREP(STE_S2CONTROL, dom->vtcr) | STE_S2AA64 |
		 STE_S2PTW | STE_S2R;
	ste[3] = stage2_vttbr(&dom->dma, 0) & STE_S2TTB;
}

/* The first stream that does not end before ID `first`; stream_count: none. */
static size_t stream_from(const struct plan_smmu *s, uint64_t first)
{
	return SEARCH_FROM(s->streams, s->stream_count, last, first);
}

/* Entries of the IDs first..first+count-1, already clear. False: nobody owns any. */
static bool entries_write(const struct table *t, uint64_t *words, uint64_t first, uint64_t count)
{
	uint64_t last = first + count - 1;
	bool any = false;

	for (size_t i = stream_from(t->smmu, first); i < t->smmu->stream_count; i++) {
		const struct plan_stream *s = &t->smmu->streams[i];
		uint64_t from = s->first > first ? s->first : first;
		uint64_t to = s->last < last ? s->last : last;
		if (s->first > last) {
			break;
		}
		for (uint64_t id = from; id <= to && s->owner != MODEL_NONE; id++) {
			ste_write(t->p, words + (id - first) * STE_WORDS, s->owner);
			any = true;
		}
	}
	return any;
}

/* The stream that has all of the IDs first..first+GROUP-1, NULL: none. */
static const struct plan_stream *group_stream(const struct plan_smmu *s, uint64_t first)
{
	size_t i = stream_from(s, first);
	bool whole = i < s->stream_count && s->streams[i].first <= first && s->streams[i].last >= first + GROUP - 1;

	return whole ? &s->streams[i] : NULL;
}

/* FNV-1a, word by word. */
static size_t words_hash(const uint64_t *words, size_t count)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < count; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x100000001b3);
		hash ^= hash >> 32;
	}
	return (size_t)hash;
}

/* Some stream has an ID of first..first+GROUP-1. */
static bool group_used(const struct plan_smmu *s, uint64_t first)
{
	size_t i = stream_from(s, first);

	return i < s->stream_count && s->streams[i].first < first + GROUP;
}

/* The second-level table with these contents: one for all groups that are alike, as
 * an entry does not say which stream it is for. 0: none is needed. */
static bool group_find(struct table *t, uint64_t first, uint64_t *pa)
{
	uint64_t words[GROUP * STE_WORDS];

	*pa = 0;
	if (!group_used(t->smmu, first)) {
		return true;
	}
	memset(words, 0, sizeof(words));
	if (!entries_write(t, words, first, GROUP)) {
		return true;
	}
	size_t slot = words_hash(words, ARRAY_SIZE(words)) & (t->group_room - 1);
	while (t->groups[slot] != 0 && memcmp(words_at(t->p, t->groups[slot]), words, sizeof(words)) != 0) {
		slot = (slot + 1) & (t->group_room - 1);
	}
	if (t->groups[slot] == 0) {
		if (!pages_take(t->p, GROUP_SIZE, pa)) {
			return false;
		}
		memcpy(words_at(t->p, *pa), words, sizeof(words));
		t->groups[slot] = *pa;
	}
	*pa = t->groups[slot];
	return true;
}

/* Span: SPLIT + 1, all of a group; 0: the IDs are not in the table. */
static bool groups_write(struct table *t, uint64_t count)
{
	const struct plan_stream *last = NULL;

	for (uint64_t g = 0; g < count; g++) {
		const struct plan_stream *whole = group_stream(t->smmu, g * GROUP);
		uint64_t pa;
		if (whole != NULL && last != NULL && whole->owner == last->owner) {
			t->l1[g] = t->l1[g - 1];
			continue;
		}
		if (!group_find(t, g * GROUP, &pa)) {
			return false;
		}
		t->l1[g] = pa == 0 ? 0 : pa | FIELD_PREP(L1_SPAN, SPLIT + 1);
		last = whole;
	}
	return true;
}

static bool two_level_build(struct table *t)
{
	uint64_t count = UINT64_C(1) << (t->smmu->bits - SPLIT);
	uint64_t size = count * sizeof(t->l1[0]), base = 0;

	t->l1 = memory_resize(NULL, count, sizeof(t->l1[0]));
	for (t->group_room = 2; t->group_room < 2 * (size_t)t->p->pool.count; t->group_room *= 2) {
	}
	t->groups = memory_resize(NULL, t->group_room, sizeof(t->groups[0]));
	memset(t->groups, 0, t->group_room * sizeof(t->groups[0]));
	bool good = groups_write(t, count) && pages_take(t->p, size, &base);
	if (good) {
		memcpy(words_at(t->p, base), t->l1, size);
		t->smmu->strtab_base = base | STRTAB_BASE_RA;
		t->smmu->strtab_cfg = FIELD_PREP(STRTAB_LOG2SIZE, t->smmu->bits) | FIELD_PREP(STRTAB_SPLIT, SPLIT) |
				      FIELD_PREP(STRTAB_FMT, STRTAB_FMT_TWO_LEVEL);
	}
	free(t->l1);
	free(t->groups);
	return good;
}

static bool linear_build(struct table *t)
{
	uint64_t base, size = table_size(t->smmu);

	if (!pages_take(t->p, size, &base)) {
		return false;
	}
	entries_write(t, words_at(t->p, base), 0, UINT64_C(1) << t->smmu->bits);
	t->smmu->strtab_base = base | STRTAB_BASE_RA;
	t->smmu->strtab_cfg = FIELD_PREP(STRTAB_LOG2SIZE, t->smmu->bits);
	return true;
}

bool plan_smmus_build(struct plan *p)
{
	for (size_t i = 0; i < p->smmu_count; i++) {
		struct table t = {.p = p, .smmu = &p->smmus[i]};
		p->smmus[i].page = p->pool.used;
		if (!(t.smmu->m->two_level ? two_level_build(&t) : linear_build(&t))) {
			return false;
		}
		p->smmus[i].page_end = p->pool.used;
	}
	return true;
}
