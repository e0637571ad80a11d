// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: streams whose stage 1 is a guest's (IHI 0070 3.3, 3.21, 5.2).
 *
 * Of an entry only words 0 and 1 ever change: words 2 and 3, the stage 2, are as the
 * generator made them. Config is abort, stage 2 alone, or both stages; stage 1 alone
 * would walk the guest's addresses as physical ones.
 *
 * Groups of streams that fare alike share a second-level table. One in which a guest
 * makes entries differ gets a page of its own in its place, until all are alike again.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "iommu/nested.h"
#include "iommu/smmuv3.h"
#include "iommu/smmuv3_stage1.h"
#include "lib/string.h"

#define GROUPS_MAX 256
#define GROUP_WORDS (PAGE_SIZE / sizeof(uint64_t))
#define STE0_S1 (STE0_S1FMT | STE0_S1CONTEXTPTR | STE0_S1CDMAX)
#define STE1_GUEST (STE1_S1DSS | STE1_S1CIR | STE1_S1COR | STE1_S1CSH)
#define STE1_STAGE1 (STE1_GUEST | STE1_MEV | STE1_S1STALLD | STE1_EATS)

/* A page of desc->nested that stands in for a shared one. */
struct nested_group {
	uint64_t shared; /* the level-1 descriptor that it took the place of; 0: free */
	uint32_t index;  /* in the level-1 table */
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

static const uint64_t *nested_at(uint64_t pa)
{
	return (const uint64_t *)(uintptr_t)home_va(&board.home, pa);
}

static const uint64_t *nested_l1(const struct smmuv3 *s)
{
	return nested_at(s->desc->strtab_base & STRTAB_ADDR);
}

/* The group in whose own page `pa` is, or NULL. */
static struct nested_group *nested_find(const struct smmuv3 *s, uint64_t pa)
{
	for (uint32_t n = 0; n < nested_count(s); n++) {
		struct nested_group *g = &nested_groups[s->index][n];

		if (g->shared != 0 && own_pa(nested_page(s, n)) == ALIGN_DOWN(pa, PAGE_SIZE)) {
			return g;
		}
	}
	return NULL;
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

static bool nested_forget_all(struct smmuv3 *s)
{
	return smmuv3_cmdq_add(s, CMD_CFGI_ALL, FIELD_PREP(CMD1_RANGE, CMD_RANGE_ALL)) &&
	       (smmuv3_cmdq_sync(s) || smmuv3_give_up(s, "does not change its stream table"));
}

/* Gives the group of `sid` a second level of its own. False: it cannot have one. */
static bool nested_split(struct smmuv3 *s, uint32_t sid, uint32_t cpu)
{
	uint32_t index = sid >> FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);
	uint64_t desc = nested_l1(s)[index];

	for (uint32_t n = 0; n < nested_count(s); n++) {
		struct nested_group *g = &nested_groups[s->index][n];

		if (g->shared == 0) {
			*g = (struct nested_group){.shared = desc, .index = index};
			memcpy(nested_page(s, n), nested_at(desc & L1STD_L2PTR), PAGE_SIZE);
			if (s->desc->coherent == 0) {
				arch_dcache_clean(nested_page(s, n), PAGE_SIZE);
			}
			dsb_sy();
			nested_store_l1(s, index, own_pa(nested_page(s, n)) | (desc & L1STD_SPAN), cpu);
			return nested_forget_all(s);
		}
	}
	return false;
}

/* Whether the entry at `pa` of stream `sid` is for that stream, or can be made so. */
static bool nested_own(struct smmuv3 *s, uint32_t sid, uint64_t pa, uint32_t cpu)
{
	uint32_t index = sid >> FIELD_GET(STRTAB_CFG_SPLIT, s->desc->strtab_cfg);

	if (FIELD_GET(STRTAB_CFG_FMT, s->desc->strtab_cfg) != STRTAB_FMT_TWO_LEVEL || nested_find(s, pa) != NULL ||
	    !nested_is_shared(s, index) || nested_split(s, sid, cpu)) {
		return true;
	}
	if (!s->dead) {
		log_error("%s: stream 0x%x cannot have stage 1: all %u pages for that are taken (nested-groups)",
			  s->desc->name, sid, nested_count(s));
	}
	return false;
}

/* Puts the shared second levels back where a group's own page says the same. */
static bool nested_join(struct smmuv3 *s, uint32_t cpu)
{
	uint64_t same[GROUPS_MAX / 64] = {0};
	bool any = false;

	for (uint32_t n = 0; n < nested_count(s); n++) {
		const struct nested_group *g = &nested_groups[s->index][n];

		if (g->shared != 0 &&
		    memcmp(nested_page(s, n), nested_at(g->shared & L1STD_L2PTR), PAGE_SIZE) == 0) {
			nested_store_l1(s, g->index, g->shared, cpu);
			same[n / 64] |= BIT64(n % 64);
			any = true;
		}
	}
	/* Only then are they free: the SMMU may know them until then. */
	if (!any || !nested_forget_all(s)) {
		return !any;
	}
	for (uint32_t n = 0; n < nested_count(s); n++) {
		if ((same[n / 64] & BIT64(n % 64)) != 0) {
			nested_groups[s->index][n].shared = 0;
		}
	}
	return true;
}

/* The hypervisor's words 0 and 1 for what the guest says; `base` is word 1 as it is. */
static void nested_make(const struct smmuv3 *s, const struct iommu_stage1 *ste, uint64_t base, uint64_t w[2])
{
	uint32_t stall = (uint32_t)FIELD_GET(IDR0_STALL_MODEL, smmuv3_read32(s, SMMU_IDR0));

	w[1] = base & ~STE1_STAGE1;
	switch (FIELD_GET(STE0_CONFIG, ste->w[0])) {
	case STE_CONFIG_BYPASS:
		w[0] = STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_S2);
		break;
	case STE_CONFIG_S1:
		w[0] = STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_NESTED) | (ste->w[0] & STE0_S1);
		/* Events are merged where that can be done. Faults of the guest's must not
		 * stall: nobody would resume them. */
		w[1] |= (ste->w[1] & STE1_GUEST) | STE1_MEV | (stall == IDR0_STALL_OFFERED ? STE1_S1STALLD : 0);
		break;
	default:
		w[0] = STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_ABORT);
		break;
	}
}

/* The SMMU reads the entry again, and has by the time it returns true. */
static bool nested_refetch(struct smmuv3 *s, uint32_t sid)
{
	return smmuv3_cmdq_add(s, CMD_CFGI_STE | FIELD_PREP(CMD0_SID, sid), 0) &&
	       (smmuv3_cmdq_sync(s) || smmuv3_give_up(s, "does not change a stream"));
}

/*
 * Changes words 0 and 1 of an entry so that the SMMU, which reads them one by one and at
 * any time, uses no mixture: word 1 changes only while Config says that its stage-1 fields
 * are ignored. *more: the last change is still to be made known.
 */
static bool nested_change(struct smmuv3 *s, uint32_t sid, uint64_t pa, const uint64_t w[2], uint32_t cpu,
			  bool *more)
{
	const uint64_t *ste = nested_at(pa);
	uint64_t now = ste[0];
	bool live = FIELD_GET(STE0_CONFIG, now) == STE_CONFIG_NESTED;
	bool lives = FIELD_GET(STE0_CONFIG, w[0]) == STE_CONFIG_NESTED;

	if (ste[1] != w[1]) {
		if (live) {
			now = lives ? STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_ABORT) : w[0];
			smmuv3_stream_store(s, pa, now, cpu);
			if (!nested_refetch(s, sid)) {
				return false;
			}
		}
		smmuv3_stream_store(s, pa + sizeof(uint64_t), w[1], cpu);
		if (!nested_refetch(s, sid)) {
			return false;
		}
	}
	if (now != w[0]) {
		smmuv3_stream_store(s, pa, w[0], cpu);
		*more = true;
	}
	return true;
}

/* What has come of a call's entries. */
struct nested_result {
	bool kind; /* some stream translates in other stages than before */
	bool same; /* one of stage 1 is as it was: but its contexts are to be read anew */
};

static bool nested_set(struct smmuv3 *s, uint32_t domain, uint32_t sid, const struct iommu_stage1 *ste,
		       uint32_t cpu, struct nested_result *r)
{
	const struct stream_desc *owner = smmuv3_find_stream(s->desc, sid);
	struct smmuv3_run run = smmuv3_stream_find(s, sid, (uint64_t)sid + 1);
	bool more = false;
	uint64_t old[2];
	uint64_t w[2];

	if (owner == NULL || owner->domain != domain || run.count == 0) {
		return true;
	}
	old[0] = nested_at(run.pa)[0];
	old[1] = nested_at(run.pa)[1];
	nested_make(s, ste, old[1], w);
	if ((old[0] & STE0_V) == 0 || (old[0] == w[0] && old[1] == w[1])) {
		r->same |= FIELD_GET(STE0_CONFIG, old[0]) == STE_CONFIG_NESTED;
		return true;
	}
	if (!nested_own(s, sid, run.pa, cpu)) {
		/* What it shares is abort: that is where guests' tables begin. */
		return !s->dead;
	}
	run = smmuv3_stream_find(s, sid, (uint64_t)sid + 1);
	r->kind |= FIELD_GET(STE0_CONFIG, old[0]) != FIELD_GET(STE0_CONFIG, w[0]);
	return nested_change(s, sid, run.pa, w, cpu, &more) && (!more || nested_refetch(s, sid));
}

/* What was cached by one stage is not for two, whatever the guest remembers to do. */
static bool nested_finish(struct smmuv3 *s, uint32_t domain, uint32_t sid, uint32_t count, uint32_t cpu,
			  const struct nested_result *r)
{
	if (r->kind) {
		return nested_join(s, cpu) && smmuv3_forget_domain(s, domain);
	}
	if (r->same) {
		return count == 1 ? nested_refetch(s, sid) : nested_forget_all(s);
	}
	return true;
}

bool iommu_nested_install(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t count,
			  const struct iommu_stage1 *ste, uint32_t cpu)
{
	struct smmuv3 *s = smmuv3_get(smmu);
	struct nested_result r = {false, false};
	bool good;

	spin_lock(&s->lock);
	good = !s->dead;
	for (uint32_t i = 0; i < count && good; i++) {
		good = nested_set(s, domain, sid + i, &ste[i], cpu, &r);
	}
	good = good && nested_finish(s, domain, sid, count, cpu, &r);
	spin_unlock(&s->lock);
	return good;
}

/* The entries of one run. */
static bool nested_abort_run(struct smmuv3 *s, uint32_t domain, uint64_t sid, const struct smmuv3_run *run,
			     uint32_t cpu, struct nested_result *r)
{
	static const struct iommu_stage1 abort;
	bool good = true;

	for (uint64_t i = 0; i < run->count && good; i++) {
		uint64_t w0 = nested_at(run->pa)[i * STE_WORDS];

		if ((w0 & STE0_V) != 0 && FIELD_GET(STE0_CONFIG, w0) != STE_CONFIG_ABORT) {
			good = nested_set(s, domain, (uint32_t)(sid + i), &abort, cpu, r);
		}
	}
	return good;
}

bool iommu_nested_abort(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t count, uint32_t cpu)
{
	struct smmuv3 *s = smmuv3_get(smmu);
	uint64_t end = (uint64_t)sid + count;
	struct smmuv3_run done = {0, 0, 0};
	struct nested_result r = {false, false};
	bool good;

	spin_lock(&s->lock);
	good = !s->dead;
	for (uint64_t at = sid; at < end && good;) {
		struct smmuv3_run run = smmuv3_stream_find(s, at, end);

		/* What several share aborts already: that is where guests' tables begin. */
		if (run.pa != done.pa || run.count != done.count) {
			good = nested_abort_run(s, domain, at, &run, cpu, &r);
			done = run;
		}
		at = run.next;
	}
	good = good && nested_finish(s, domain, sid, count, cpu, &r);
	spin_unlock(&s->lock);
	return good;
}

/* Takes the guest's part out of word 1 of entries that translate no stage 1. */
static void nested_clear_run(const struct smmuv3 *s, const struct smmuv3_run *run, uint32_t cpu)
{
	for (uint64_t i = 0; i < run->count; i++) {
		uint64_t pa = run->pa + i * STE_SIZE;
		uint64_t w1 = nested_at(pa)[1];

		if ((w1 & STE1_STAGE1) != 0) {
			smmuv3_stream_store(s, pa + sizeof(w1), w1 & ~STE1_STAGE1, cpu);
		}
	}
}

bool smmuv3_nested_clear(struct smmuv3 *s, uint32_t domain, uint32_t cpu)
{
	if (board.domains[domain].vsmmu == NULL) {
		return true;
	}
	for (uint32_t i = 0; i < s->desc->stream_count; i++) {
		uint64_t end = (uint64_t)s->desc->streams[i].first + s->desc->streams[i].count;
		struct smmuv3_run done = {0, 0, 0};

		for (uint64_t sid = end - s->desc->streams[i].count;
		     sid < end && s->desc->streams[i].domain == domain;) {
			struct smmuv3_run run = smmuv3_stream_find(s, sid, end);

			if (run.pa != done.pa || run.count != done.count) {
				nested_clear_run(s, &run, cpu);
				done = run;
			}
			sid = run.next;
		}
	}
	return nested_join(s, cpu);
}
