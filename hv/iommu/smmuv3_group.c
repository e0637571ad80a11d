// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: second levels of the stream table of their own (IHI 0070 3.3.2, 5.1).
 *
 * Groups of streams that fare alike share a second-level table. One in which a guest
 * makes entries differ gets a page of its own in its place, until all are alike again.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "iommu/smmuv3.h"
#include "iommu/smmuv3_stage1.h"
#include "lib/string.h"

#define GROUPS_MAX 256
#define GROUP_WORDS (PAGE_SIZE / sizeof(uint64_t))

/* A page of desc->nested that stands in for a shared one. */
struct nested_group {
	uint64_t shared; /* the level-1 descriptor that it took the place of; 0: free */
	uint32_t index;  /* in the level-1 table */
	uint32_t domain; /* whose share it is of */
};

__attribute__((section(".noinit"))) static struct nested_group nested_groups[SMMUS_MAX][GROUPS_MAX];

static uint32_t nested_count(const struct smmuv3 *s)
{
	const struct smmu_desc *d = s->desc;

	/* A page is one group's second level. */
	if (FIELD_GET(STRTAB_CFG_FMT, d->strtab_cfg) != STRTAB_FMT_TWO_LEVEL ||
	    STE_SIZE << FIELD_GET(STRTAB_CFG_SPLIT, d->strtab_cfg) != PAGE_SIZE) {
		return 0;
	}
	return d->nested_pages < GROUPS_MAX ? (uint32_t)d->nested_pages : GROUPS_MAX;
}

void smmuv3_nested_init(const struct smmuv3 *s)
{
	memset(nested_groups[s->index], 0, sizeof(nested_groups[s->index]));
}

static uint64_t *nested_page(const struct smmuv3 *s, uint32_t n)
{
	return s->desc->nested + n * GROUP_WORDS;
}

const uint64_t *smmuv3_nested_at(uint64_t pa)
{
	return (const uint64_t *)(uintptr_t)home_va(&board.home, pa);
}

static const uint64_t *nested_l1(const struct smmuv3 *s)
{
	return smmuv3_nested_at(s->desc->strtab_base & STRTAB_ADDR);
}

/* The group in whose own page `pa` is, or NULL. */
static struct nested_group *nested_find(const struct smmuv3 *s, uint64_t pa)
{
	/* Before the first page: a large number. */
	uint64_t n = (home_va(&board.home, pa) - (uint64_t)(uintptr_t)s->desc->nested) / PAGE_SIZE;

	return n < nested_count(s) && nested_groups[s->index][n].shared != 0 ? &nested_groups[s->index][n] : NULL;
}

uint64_t smmuv3_nested_under(const struct smmuv3 *s, uint64_t pa)
{
	const struct nested_group *g = pa == 0 ? NULL : nested_find(s, pa);

	return g == NULL ? 0 : (g->shared & L1STD_L2PTR) + pa % PAGE_SIZE;
}

static void nested_store_l1(const struct smmuv3 *s, uint32_t index, uint64_t desc, uint32_t cpu)
{
	smmuv3_stream_store(s, (s->desc->strtab_base & STRTAB_ADDR) + index * sizeof(desc), desc, cpu);
}

/* Whether another group has the same second level. Those that do mostly are neighbours. */
static bool nested_is_shared(const struct smmuv3 *s, uint32_t index)
{
	const uint64_t *l1 = nested_l1(s);
	uint32_t ids = (uint32_t)FIELD_GET(STRTAB_CFG_LOG2SIZE, s->desc->strtab_cfg);
	uint32_t split = (uint32_t)FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);
	uint32_t count = ids > split ? BIT32(ids - split) : 1;

	for (uint32_t step = 1; step < count; step++) {
		if ((index >= step && l1[index - step] == l1[index]) ||
		    (index + step < count && l1[index + step] == l1[index])) {
			return true;
		}
	}
	/* Or had it, and will have it again. */
	for (uint32_t n = 0; n < nested_count(s); n++) {
		if (nested_groups[s->index][n].shared == l1[index]) {
			return true;
		}
	}
	return false;
}

bool smmuv3_nested_sync(struct smmuv3 *s)
{
	return smmuv3_cmdq_sync(s) || smmuv3_give_up(s, "does not change a stream");
}

/* The SMMU is to read a group's level-1 descriptor and entries again. */
static bool nested_forget_group(struct smmuv3 *s, uint32_t index)
{
	uint64_t split = FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);

	return smmuv3_cmdq_add(s, CMD_CFGI_ALL | FIELD_PREP(CMD0_SID, (uint64_t)index << split),
			       FIELD_PREP(CMD1_RANGE, split - 1));
}

/* Whether the domain has all of its share: the rest is kept for the others. */
static bool nested_has_all(const struct smmuv3 *s, uint32_t domain)
{
	const struct vsmmu_desc *v = board.domains[domain].vsmmu;
	uint32_t has = 0;

	for (uint32_t n = 0; n < nested_count(s); n++) {
		const struct nested_group *g = &nested_groups[s->index][n];

		has += g->shared != 0 && g->domain == domain;
	}
	return v == NULL || has >= v->nested_groups;
}

/* Gives the group of `sid`, a stream of the domain's, a second level of its own. False: it
 * cannot have one. */
static bool nested_take_page(struct smmuv3 *s, uint32_t domain, uint32_t sid, uint32_t cpu)
{
	uint32_t index = sid >> FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);
	uint64_t desc = nested_l1(s)[index];
	bool full = nested_has_all(s, domain);

	for (uint32_t n = 0; n < nested_count(s) && !full; n++) {
		struct nested_group *g = &nested_groups[s->index][n];

		if (g->shared == 0) {
			*g = (struct nested_group){.shared = desc, .index = index, .domain = domain};
			memcpy(nested_page(s, n), smmuv3_nested_at(desc & L1STD_L2PTR), PAGE_SIZE);
			if (s->desc->coherent == 0) {
				arch_dcache_clean(nested_page(s, n), PAGE_SIZE);
			}
			dsb_sy();
			nested_store_l1(s, index, own_pa(nested_page(s, n)) | (desc & L1STD_SPAN), cpu);
			return nested_forget_group(s, index) && smmuv3_nested_sync(s);
		}
	}
	return false;
}

bool smmuv3_nested_is_own(const struct smmuv3 *s, uint32_t sid, uint64_t pa)
{
	uint32_t index = sid >> FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);

	return FIELD_GET(STRTAB_CFG_FMT, s->desc->strtab_cfg) != STRTAB_FMT_TWO_LEVEL ||
	       nested_find(s, pa) != NULL || !nested_is_shared(s, index);
}

bool smmuv3_nested_split(struct smmuv3 *s, uint32_t domain, uint32_t sid, uint32_t cpu)
{
	if (nested_take_page(s, domain, sid, cpu)) {
		return true;
	}
	if (!s->dead) {
		smmuv3_report_stream(s, sid, "cannot have stage 1: it has all of its pages for that (nested-groups)");
	}
	return false;
}

/* Whether a group fares as those that share a second level. Of entries that abort, some
 * with and some without an event, the guest's own table says which (iommu_nested_event()). */
static bool nested_is_same(const uint64_t *own, const uint64_t *shared)
{
	for (uint32_t i = 0; i < GROUP_WORDS; i++) {
		bool aborts = i % STE_WORDS == 0 && smmuv3_ste_aborts(own[i]) && smmuv3_ste_aborts(shared[i]);

		if (own[i] != shared[i] && !aborts) {
			return false;
		}
	}
	return true;
}

bool smmuv3_nested_join(struct smmuv3 *s, uint32_t cpu)
{
	uint64_t same[GROUPS_MAX / 64] = {0};
	bool any = false;

	for (uint32_t n = 0; n < nested_count(s); n++) {
		const struct nested_group *g = &nested_groups[s->index][n];

		if (g->shared != 0 &&
		    nested_is_same(nested_page(s, n), smmuv3_nested_at(g->shared & L1STD_L2PTR))) {
			nested_store_l1(s, g->index, g->shared, cpu);
			same[n / 64] |= BIT64(n % 64);
			any = true;
			if (!nested_forget_group(s, g->index)) {
				return false;
			}
		}
	}
	/* Only then are they free: the SMMU may know them until then. */
	if (!any || !smmuv3_nested_sync(s)) {
		return !any;
	}
	for (uint32_t n = 0; n < nested_count(s); n++) {
		if ((same[n / 64] & BIT64(n % 64)) != 0) {
			nested_groups[s->index][n].shared = 0;
		}
	}
	return true;
}
