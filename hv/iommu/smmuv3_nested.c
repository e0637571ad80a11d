// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: streams whose stage 1 is a guest's (IHI 0070 3.3, 3.21, 5.2).
 *
 * Of an entry only words 0 and 1 ever change: words 2 and 3, the stage 2, are as the
 * generator made them. It is invalid, or Config is abort, stage 2 alone, or both stages;
 * stage 1 alone would walk the guest's addresses as physical ones.
 */
#include "iommu/nested.h"
#include "iommu/smmuv3.h"
#include "iommu/smmuv3_stage1.h"

#define STE0_S1 (STE0_S1FMT | STE0_S1CONTEXTPTR | STE0_S1CDMAX)
#define STE1_GUEST (STE1_S1DSS | STE1_S1CIR | STE1_S1COR | STE1_S1CSH)
#define STE1_STAGE1 (STE1_GUEST | STE1_MEV | STE1_S1STALLD | STE1_EATS)

/* The hypervisor's words 0 and 1 for what the guest says; `base` is word 1 as it is. */
static void nested_make(const struct smmuv3 *s, const struct iommu_stage1 *ste, uint64_t base, uint64_t w[2])
{
	w[1] = base & ~STE1_STAGE1;
	if ((ste->w[0] & STE0_V) == 0) {
		w[0] = STE0_INVALID;
		return;
	}
	switch (FIELD_GET(STE0_CONFIG, ste->w[0])) {
	case STE_CONFIG_BYPASS:
		w[0] = STE0_PASS;
		break;
	case STE_CONFIG_S1:
		w[0] = STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_NESTED) | (ste->w[0] & STE0_S1);
		/* Events are merged where that can be done. Faults of the guest's must not
		 * stall: nobody would resume them. */
		w[1] |= (ste->w[1] & STE1_GUEST) | STE1_MEV;
		if (FIELD_GET(IDR0_STALL_MODEL, smmuv3_read32(s, SMMU_IDR0)) == IDR0_STALL_OFFERED) {
			w[1] |= STE1_S1STALLD;
		}
		break;
	default:
		w[0] = STE0_BLOCK;
		break;
	}
}

/* The SMMU is to read the entry again, and its contexts. */
static bool nested_forget(struct smmuv3 *s, uint32_t sid)
{
	return smmuv3_cmdq_add(s, CMD_CFGI_STE | FIELD_PREP(CMD0_SID, sid), 0);
}

/* And has by the time it returns true. */
static bool nested_refetch(struct smmuv3 *s, uint32_t sid)
{
	return nested_forget(s, sid) && smmuv3_nested_sync(s);
}

/*
 * Changes words 0 and 1 of an entry so that the SMMU, which reads them one by one and at
 * any time, uses no mixture: word 1 changes only while Config says that its stage-1 fields
 * are ignored. *more: the last change is still to be made known.
 */
static bool nested_change(struct smmuv3 *s, uint32_t sid, uint64_t pa, const uint64_t w[2], uint32_t cpu,
			  bool *more)
{
	const uint64_t *ste = smmuv3_nested_at(pa);
	uint64_t now = ste[0];
	bool live = FIELD_GET(STE0_CONFIG, now) == STE_CONFIG_NESTED;
	bool lives = FIELD_GET(STE0_CONFIG, w[0]) == STE_CONFIG_NESTED;

	if (ste[1] != w[1]) {
		if (live) {
			now = lives ? STE0_BLOCK : w[0];
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
	bool sync; /* some entry is to be read again, and may not have been yet */
	uint32_t reread; /* entries that the SMMU has had to read again */
};

static bool nested_set(struct smmuv3 *s, uint32_t domain, uint32_t sid, const struct iommu_stage1 *ste,
		       uint32_t cpu, struct nested_result *r)
{
	const struct stream_desc *owner = smmuv3_find_stream(s->desc, sid);
	struct smmuv3_run run = smmuv3_stream_find(s, sid, (uint64_t)sid + 1);
	bool more = false;
	bool own;
	uint64_t old[2];
	uint64_t w[2];

	if (owner == NULL || owner->domain != domain || run.count == 0) {
		return true;
	}
	old[0] = smmuv3_nested_at(run.pa)[0];
	old[1] = smmuv3_nested_at(run.pa)[1];
	nested_make(s, ste, old[1], w);
	if (old[0] == w[0] && old[1] == w[1]) {
		/* Its contexts may have changed. */
		if (FIELD_GET(STE0_CONFIG, old[0]) != STE_CONFIG_NESTED) {
			return true;
		}
		r->sync = true;
		r->reread++;
		return nested_forget(s, sid);
	}
	own = smmuv3_nested_is_own(s, sid, run.pa);
	/* What it shares aborts: that is where guests' tables begin. */
	if (!own && smmuv3_ste_aborts(w[0])) {
		return true;
	}
	if (!own && !smmuv3_nested_split(s, domain, sid, cpu)) {
		return !s->dead;
	}
	run = smmuv3_stream_find(s, sid, (uint64_t)sid + 1);
	r->kind |= FIELD_GET(STE0_CONFIG, old[0]) != FIELD_GET(STE0_CONFIG, w[0]);
	r->reread++;
	return nested_change(s, sid, run.pa, w, cpu, &more) && (!more || nested_refetch(s, sid));
}

/* What was cached by one stage is not for two, whatever the guest remembers to do. */
static bool nested_finish(struct smmuv3 *s, uint32_t domain, uint32_t cpu, const struct nested_result *r)
{
	uint64_t tlbi = CMD_TLBI_S12_VMALL | FIELD_PREP(CMD0_VMID, smmuv3_stream_vmid(domain));

	if (r->kind) {
		return smmuv3_nested_join(s, cpu) && smmuv3_cmdq_add(s, tlbi, 0) && smmuv3_nested_sync(s);
	}
	return !r->sync || smmuv3_nested_sync(s);
}

bool iommu_nested_begin(uint32_t domain, uint32_t cpu)
{
	return smmuv3_set_all(domain, cpu, STE0_INVALID);
}

bool iommu_nested_install(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t count,
			  const struct iommu_stage1 *ste, uint32_t cpu, uint32_t *reread)
{
	struct smmuv3 *s = smmuv3_get(smmu);
	struct nested_result r = {false, false, 0};
	bool good;

	spin_lock(&s->lock);
	good = !s->dead;
	for (uint32_t i = 0; i < count && good; i++) {
		good = nested_set(s, domain, sid + i, &ste[i], cpu, &r);
	}
	good = good && nested_finish(s, domain, cpu, &r);
	smmuv3_release(s);
	*reread = r.reread;
	return good;
}

/* The entries of one run, so many as one call may. Returns how many were looked at; 0: the
 * SMMU has been given up. */
static uint64_t nested_abort_run(struct smmuv3 *s, uint32_t domain, uint64_t sid,
				 const struct smmuv3_run *run, uint32_t cpu, struct nested_result *r)
{
	static const struct iommu_stage1 invalid;
	uint64_t i;

	for (i = 0; i < run->count && r->reread < IOMMU_BATCH; i++) {
		uint64_t w0 = smmuv3_nested_at(run->pa)[i * STE_WORDS];

		if (w0 != STE0_INVALID && !nested_set(s, domain, (uint32_t)(sid + i), &invalid, cpu, r)) {
			return 0;
		}
	}
	return i;
}

bool iommu_nested_abort(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t *count, uint32_t cpu,
			uint32_t *reread)
{
	struct smmuv3 *s = smmuv3_get(smmu);
	uint64_t end = (uint64_t)sid + *count;
	struct smmuv3_run done = {0, 0, 0};
	struct nested_result r = {false, false, 0};
	uint64_t at = sid;
	bool good;

	spin_lock(&s->lock);
	good = !s->dead;
	while (at < end && good && r.reread < IOMMU_BATCH) {
		struct smmuv3_run run = smmuv3_stream_find(s, at, end);
		uint64_t passed = run.count;

		/* What several share aborts already: that is where guests' tables begin. */
		if (run.pa != done.pa || run.count != done.count) {
			passed = nested_abort_run(s, domain, at, &run, cpu, &r);
			good = passed != 0 || run.count == 0;
			done = run;
		}
		at = passed == run.count ? run.next : at + passed;
	}
	good = good && nested_finish(s, domain, cpu, &r);
	smmuv3_release(s);
	*count = (uint32_t)(at - sid);
	*reread = r.reread;
	return good;
}

/* Takes the guest's part out of word 1 of entries that translate no stage 1. */
static void nested_clear_run(const struct smmuv3 *s, const struct smmuv3_run *run, uint32_t cpu)
{
	for (uint64_t i = 0; i < run->count; i++) {
		uint64_t pa = run->pa + i * STE_SIZE;
		uint64_t w1 = smmuv3_nested_at(pa)[1];

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
	return smmuv3_nested_join(s, cpu);
}
