// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3: events and global errors (IHI 0070, 3.5.3, 7). A record says what the
 * guest's own stage 1 did: virtual stream ID, no physical address, nothing of stage 2.
 */
#include "guest/vgic.h"
#include "guest/vsmmuv3/priv.h"

#define EVT_SIZE (EVT_WORDS * sizeof(uint64_t))
#define EVT1_ACCESS (EVT1_PNU | EVT1_IND | EVT1_RNW)

void vsmmu_pulse(struct vsmmu *v, uint32_t intid)
{
	if (intid != 0) {
		vgic_set_level(v->domain, intid, true);
		vgic_set_level(v->domain, intid, false);
	}
}

void vsmmu_raise(struct vsmmu *v, uint32_t gerror)
{
	uint32_t fresh = gerror & ~(v->gerror ^ v->gerrorn);

	v->gerror ^= fresh;
	if (fresh != 0 && (v->irq_ctrl & IRQ_GERROR) != 0) {
		vsmmu_pulse(v, v->desc->gerror_intid);
	}
}

/* The virtual stream ID of `sid` of an SMMU. False: none of its streams. */
static bool event_virtual(const struct vsmmu *v, uint32_t smmu, uint64_t sid, uint64_t *virt)
{
	for (uint32_t i = 0; i < v->desc->stream_count; i++) {
		const struct vstream_desc *run = &v->desc->streams[i];

		if (run->smmu == smmu && sid - run->first < run->count) {
			*virt = run->virt + (sid - run->first);
			return true;
		}
	}
	return false;
}

/* What of word 1, 2 and 3 the guest may see, by the kind that it sees. */
static void event_words(uint64_t kind, const uint64_t from[EVT_WORDS], uint64_t to[EVT_WORDS])
{
	switch (kind) {
	case EVT_F_TRANSLATION:
	case EVT_F_ADDR_SIZE:
	case EVT_F_ACCESS:
	case EVT_F_PERMISSION:
		to[1] = (from[1] & EVT1_ACCESS) | FIELD_PREP(EVT1_CLASS, EVT_CLASS_IN);
		to[2] = from[2];
		break;
	case EVT_F_WALK_EABT:
		to[1] = (from[1] & EVT1_ACCESS) | FIELD_PREP(EVT1_CLASS, EVT_CLASS_TT);
		to[2] = from[2];
		break;
	case EVT_F_TRANSL_FORBIDDEN:
	case EVT_F_TLB_CONFLICT:
		to[1] = from[1] & EVT1_ACCESS;
		to[2] = from[2];
		break;
	default: /* they say no more than which stream, or where that was fetched */
		break;
	}
}

/* C_BAD_STE, of an entry of the SMMU's: what it is by the guest's own table as that is now,
 * with *ipa for FetchAddr; 0: nothing. */
static uint64_t event_of_table(struct vsmmu *v, const struct iommu_event *e, uint64_t virt, uint64_t *ipa)
{
	struct iommu_stage1 ste = {{0, 0}};
	uint32_t why;

	if ((v->cr0 & CR0_SMMUEN) == 0) {
		return 0;
	}
	why = vsmmu_read_ste(v, virt, &ste, ipa);
	if (why == EVT_C_BAD_STREAMID) {
		return (v->cr2 & CR2_RECINVSID) != 0 ? why : 0;
	}
	if (why != 0 || (ste.w[0] & STE0_V) == 0) {
		return why != 0 ? why : EVT_C_BAD_STE;
	}
	/* Nothing is wrong with it by now; with what the SMMU has there may be. */
	return e->aborted || FIELD_GET(STE0_CONFIG, ste.w[0]) == STE_CONFIG_ABORT ? 0 : EVT_C_BAD_STE;
}

/* The guest's record. False: it is none of its streams, or nothing that it is told. */
static bool event_make(struct vsmmu *v, const struct iommu_event *e, uint64_t w[EVT_WORDS])
{
	uint64_t kind = FIELD_GET(EVT0_ID, e->w[0]);
	uint64_t class = FIELD_GET(EVT1_CLASS, e->w[1]);
	uint64_t ipa = 0;
	uint64_t virt;

	if (!event_virtual(v, e->smmu, FIELD_GET(EVT0_SID, e->w[0]), &virt)) {
		return false;
	}
	if (kind == EVT_C_BAD_STE) {
		kind = event_of_table(v, e, virt, &ipa);
		if (kind == 0) {
			return false;
		}
	}
	/* Its structures are where stage 2 has nothing: as if memory had not answered. */
	if (kind >= EVT_F_TRANSLATION && kind <= EVT_F_PERMISSION && class != EVT_CLASS_IN) {
		kind = class == EVT_CLASS_CD ? EVT_F_CD_FETCH : EVT_F_WALK_EABT;
	}
	w[0] = kind | FIELD_PREP(EVT0_SID, virt);
	if ((e->w[0] & EVT0_SSV) != 0 && FIELD_GET(IDR1_SSIDSIZE, v->idr1) != 0) {
		w[0] |= e->w[0] & (EVT0_SSV | EVT0_SSID);
	}
	w[1] = 0;
	w[2] = 0;
	w[3] = kind == EVT_F_STE_FETCH ? ipa & EVT3_FETCH : 0;
	event_words(kind, e->w, w);
	return true;
}

/* Events are lost: said once until the guest acknowledges it. */
static void event_overflow(struct vsmmu *v)
{
	if (((v->evtq_prod ^ v->evtq_cons) & EVTQ_OVERFLOW) == 0) {
		v->evtq_prod ^= EVTQ_OVERFLOW;
	}
}

static void event_put(struct vsmmu *v, const uint64_t w[EVT_WORDS])
{
	uint32_t mask = v->evtq_mask;
	uint32_t used = (v->evtq_prod - v->evtq_cons) & mask;
	uint32_t next = (v->evtq_prod & EVTQ_OVERFLOW) | ((v->evtq_prod + 1) & mask);

	if (used > mask >> 1) {
		event_overflow(v);
		return;
	}
	if (!vsmmu_write_memory(v, vsmmu_queue_at(v->evtq_base, mask, v->evtq_prod, 5), w, EVT_SIZE)) {
		vsmmu_raise(v, GERROR_EVTQ_ABT);
		return;
	}
	/* Behind the record: the guest may read this on another CPU. */
	__atomic_store_n(&v->evtq_prod, next, __ATOMIC_RELEASE);
	if (used == 0 && (v->irq_ctrl & IRQ_EVTQ) != 0) {
		vsmmu_pulse(v, v->desc->evtq_intid);
	}
}

void vsmmu_take_events(struct vsmmu *v)
{
	uint32_t domain = (uint32_t)(v->domain - domains);
	struct iommu_event e;
	uint64_t w[EVT_WORDS];
	uint32_t taken = 0;
	bool lost;

	while (taken < VSMMU_EVENTS && iommu_nested_event(domain, &e, &lost)) {
		taken++;
		if ((v->cr0ack & CR0_EVTQEN) != 0 && event_make(v, &e, w)) {
			event_put(v, w);
		}
	}
	if (taken == VSMMU_EVENTS) {
		/* There may be more, or word that some were lost. */
		__atomic_store_n(&v->poked, 1, __ATOMIC_SEQ_CST);
	} else if (lost && (v->cr0ack & CR0_EVTQEN) != 0) {
		event_overflow(v);
	}
}
