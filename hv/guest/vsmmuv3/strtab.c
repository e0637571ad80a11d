// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3: the guest's stream table (IHI 0070, 3.3 and 5). Its entries are read when
 * it says that they have changed, never when DMA comes. Only those of streams that the
 * domain has are looked at; ones that cannot be read, or are not there, are as if invalid.
 * Which of that an entry is, is looked up once more when the SMMU has recorded that DMA met
 * an invalid one.
 */
#include "guest/vsmmuv3/priv.h"

#define STE_SIZE (STE_WORDS * sizeof(uint64_t))
#define STE_SHIFT 6u
#define L1STD_SHIFT 3u
#define S1FMT_RESERVED 3u /* as 0, which is linear */
#define S1DSS_RESERVED 3u /* as 0 */
#define SPLIT_LEAST 6u

const struct vstream_desc *vsmmu_find_stream(const struct vsmmu_desc *d, uint64_t virt)
{
	uint32_t from = 0;
	uint32_t to = d->stream_count;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (virt < d->streams[mid].virt) {
			to = mid;
		} else if (virt - d->streams[mid].virt >= d->streams[mid].count) {
			from = mid + 1;
		} else {
			return &d->streams[mid];
		}
	}
	return NULL;
}

/* S1CDMax, which counts only where there are substreams. */
static uint64_t strtab_cdmax(const struct vsmmu *v, uint64_t w0)
{
	return FIELD_GET(IDR1_SSIDSIZE, v->idr1) != 0 ? FIELD_GET(STE0_S1CDMAX, w0) : 0;
}

/* Whether a stage-1 entry is not ILLEGAL (5.2.2): without stalls, substreams as the hardware
 * has them, contexts at an address that there is. */
static bool strtab_is_legal(const struct vsmmu *v, const uint64_t w[2])
{
	static const uint8_t oas_bits[] = {32, 36, 40, 42, 44, 48};
	uint64_t bits = oas_bits[FIELD_GET(IDR5_OAS, v->idr5)];
	uint64_t cdmax = strtab_cdmax(v, w[0]);
	uint64_t fmt = FIELD_GET(STE0_S1FMT, w[0]);

	return (w[1] & STE1_S1STALLD) == 0 && (w[0] & STE0_S1CONTEXTPTR) >> bits == 0 &&
	       cdmax <= FIELD_GET(IDR1_SSIDSIZE, v->idr1) &&
	       (cdmax == 0 || fmt == 0 || fmt == S1FMT_RESERVED || (v->idr0 & IDR0_CD2L) != 0);
}

void vsmmu_decode_ste(const struct vsmmu *v, struct iommu_stage1 *ste)
{
	const uint64_t w[2] = {ste->w[0], ste->w[1]};
	uint64_t config = FIELD_GET(STE0_CONFIG, w[0]);

	*ste = (struct iommu_stage1){{0, 0}};
	if ((w[0] & STE0_V) == 0 || config > STE_CONFIG_S1 ||
	    (config == STE_CONFIG_S1 && !strtab_is_legal(v, w))) {
		return;
	}
	/* All below bypass abort. */
	ste->w[0] = STE0_V | FIELD_PREP(STE0_CONFIG, config < STE_CONFIG_BYPASS ? STE_CONFIG_ABORT : config);
	if (config == STE_CONFIG_S1) {
		ste->w[0] |= w[0] & STE0_S1CONTEXTPTR;
		ste->w[1] = w[1] & (STE1_S1CIR | STE1_S1COR | STE1_S1CSH);
	}
	if (config == STE_CONFIG_S1 && strtab_cdmax(v, w[0]) != 0) {
		ste->w[0] |= w[0] & STE0_S1CDMAX;
		ste->w[0] |= FIELD_GET(STE0_S1FMT, w[0]) != S1FMT_RESERVED ? w[0] & STE0_S1FMT : 0;
		ste->w[1] |= FIELD_GET(STE1_S1DSS, w[1]) != S1DSS_RESERVED ? w[1] & STE1_S1DSS : 0;
	}
}

static bool strtab_is_two_level(const struct vsmmu *v)
{
	return FIELD_GET(STRTAB_CFG_FMT, v->strtab_cfg) == STRTAB_FMT_TWO_LEVEL;
}

/* An address without what lies below 2^bits. */
static uint64_t strtab_align(uint64_t address, uint64_t bits)
{
	return bits < 64 ? ALIGN_DOWN(address, BIT64(bits)) : 0;
}

/* Stream IDs beyond IDR1.SIDSIZE are none (6.3.25); for where the table is LOG2SIZE counts as
 * it is (6.3.24). */
static uint32_t strtab_log2(const struct vsmmu *v)
{
	uint32_t log2 = (uint32_t)FIELD_GET(STRTAB_CFG_LOG2SIZE, v->strtab_cfg);

	return log2 < v->desc->sid_bits ? log2 : v->desc->sid_bits;
}

/* Reserved values count as 6 (6.3.25). */
static uint32_t strtab_split(const struct vsmmu *v)
{
	uint32_t split = (uint32_t)FIELD_GET(STRTAB_CFG_SPLIT, v->strtab_cfg);

	return split == 8 || split == 10 ? split : SPLIT_LEAST;
}

/* IPA of the entry of `sid`, and how many stream IDs from there on fare alike: entries that
 * follow, or none. Else why there is none: EVT_C_BAD_STREAMID, EVT_F_STE_FETCH. */
static uint32_t strtab_find(struct vsmmu *v, uint64_t sid, uint64_t *ipa, uint64_t *count)
{
	uint64_t ids = BIT64(strtab_log2(v));
	uint64_t log2 = FIELD_GET(STRTAB_CFG_LOG2SIZE, v->strtab_cfg);
	uint64_t base = v->strtab_base & STRTAB_ADDR;
	uint64_t split = strtab_split(v);
	uint64_t low = sid & (BIT64(split) - 1);
	uint64_t span, desc;

	if (sid >= ids) {
		*count = UINT64_MAX;
		return EVT_C_BAD_STREAMID;
	}
	*count = ids - sid;
	if (!strtab_is_two_level(v)) {
		*ipa = strtab_align(base, log2 + STE_SHIFT) + sid * STE_SIZE;
		return 0;
	}
	*count = *count < BIT64(split) - low ? *count : BIT64(split) - low;
	*ipa = strtab_align(base, log2 > split ? log2 - split + L1STD_SHIFT : 0) + (sid >> split) * sizeof(desc);
	if (!vsmmu_read_memory(v, *ipa, &desc, sizeof(desc))) {
		return EVT_F_STE_FETCH;
	}
	span = FIELD_GET(L1STD_SPAN, desc);
	if (span == 0 || span > split + 1 || low >= BIT64(span - 1)) {
		return EVT_C_BAD_STREAMID;
	}
	*count = *count < BIT64(span - 1) - low ? *count : BIT64(span - 1) - low;
	*ipa = ALIGN_DOWN(desc & L1STD_L2PTR, STE_SIZE << (span - 1)) + low * STE_SIZE;
	return 0;
}

uint32_t vsmmu_read_ste(struct vsmmu *v, uint64_t virt, struct iommu_stage1 *ste, uint64_t *ipa)
{
	uint64_t count;
	uint32_t why = strtab_find(v, virt, ipa, &count);

	if (why != 0) {
		return why;
	}
	if (!vsmmu_read_memory(v, *ipa, ste, sizeof(*ste))) {
		return EVT_F_STE_FETCH;
	}
	vsmmu_decode_ste(v, ste);
	return 0;
}

/* As many streams from walk_at on as make one step; what that costs is added to *cost, in
 * entries. Returns how many; 0: an SMMU has been given up. */
static uint64_t strtab_step(struct vsmmu *v, const struct vstream_desc *run, uint32_t *cost)
{
	/* Not read: as if invalid. */
	struct iommu_stage1 ste[VSMMU_CHUNK] = {{{0, 0}}};
	uint32_t domain = (uint32_t)(v->domain - domains);
	uint32_t sid = run->first + (uint32_t)(v->walk_at - run->virt);
	uint64_t end = run->virt + (uint64_t)run->count;
	uint64_t most = (end < v->walk_end ? end : v->walk_end) - v->walk_at;
	uint64_t ipa = 0;
	uint32_t reread;
	uint64_t found;
	uint32_t count;
	bool good;

	if (strtab_find(v, v->walk_at, &ipa, &found) != 0) {
		count = (uint32_t)(found < most ? found : most);
		good = iommu_nested_abort(run->smmu, domain, sid, &count, cpu_this()->index, &reread);
		*cost += 1 + count / VSMMU_CHUNK;
	} else {
		found = found < most ? found : most;
		most = (PAGE_SIZE - ipa % PAGE_SIZE) / STE_SIZE;
		found = found < most ? found : most;
		count = (uint32_t)(found < VSMMU_CHUNK ? found : VSMMU_CHUNK);
		(void)vsmmu_read_items(v, ipa, ste, sizeof(ste[0]), STE_SIZE, count);
		for (uint32_t i = 0; i < count; i++) {
			vsmmu_decode_ste(v, &ste[i]);
		}
		good = iommu_nested_install(run->smmu, domain, sid, count, ste, cpu_this()->index, &reread);
		*cost += count;
	}
	*cost += reread * VSMMU_COMMAND_COST;
	return good ? count : 0;
}

void vsmmu_begin_walk(struct vsmmu *v, enum vsmmu_walk what, uint64_t first, uint64_t last)
{
	v->touched = true;
	v->walk = what;
	v->walk_at = first;
	v->walk_end = last + 1;
}

/* From walk_at on, the first virtual stream ID that the domain has; NULL: no more. */
static const struct vstream_desc *strtab_next(struct vsmmu *v)
{
	const struct vsmmu_desc *d = v->desc;

	for (uint32_t i = 0; i < d->stream_count; i++) {
		if (v->walk_at < (uint64_t)d->streams[i].virt + d->streams[i].count) {
			v->walk_at = v->walk_at > d->streams[i].virt ? v->walk_at : d->streams[i].virt;
			return v->walk_at < v->walk_end ? &d->streams[i] : NULL;
		}
	}
	return NULL;
}

bool vsmmu_walk(struct vsmmu *v)
{
	while (v->room != 0) {
		const struct vstream_desc *run = strtab_next(v);
		uint32_t cost = 0;
		uint64_t count;

		if (run == NULL) {
			v->walk = WALK_NONE;
			return true;
		}
		count = strtab_step(v, run, &cost);
		if (count == 0) {
			vsmmu_raise(v, GERROR_SFM);
			v->failed = true;
			v->walk = WALK_NONE;
			return true;
		}
		v->walk_at += count;
		v->room -= v->room < cost ? v->room : cost;
	}
	return false;
}
