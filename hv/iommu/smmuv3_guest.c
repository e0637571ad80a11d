// SPDX-License-Identifier: Apache-2.0
/* SMMUv3: what a domain with a virtual one asks of it, and hears from it. */
#include "iommu/iommu.h"
#include "iommu/nested.h"
#include "iommu/smmuv3.h"

/* Events that are kept for a domain until guest/vsmmuv3 takes them: right behind
 * iommu_serve(), on a CPU of its own. */
#define RING_EVENTS 64u
#define RINGS IOMMU_LISTENERS

struct guest_ring {
	struct spinlock lock;
	uint32_t domain; /* + 1; 0: nobody's */
	bool on;
	bool lost;
	uint32_t head, tail; /* run freely */
};

static struct guest_ring guest_rings[RINGS];
/* Most are never used: no boot clears them. */
__attribute__((section(".noinit"))) static struct iommu_event guest_events[RINGS][RING_EVENTS];

static struct iommu_event *guest_slot(const struct guest_ring *r, uint32_t position)
{
	return &guest_events[r - guest_rings][position % RING_EVENTS];
}

/* The domain's ring; NULL: it has none, and then its events go to the console. */
static struct guest_ring *guest_ring(uint32_t domain)
{
	for (uint32_t i = 0; i < RINGS; i++) {
		if (__atomic_load_n(&guest_rings[i].domain, __ATOMIC_ACQUIRE) == domain + 1) {
			return &guest_rings[i];
		}
	}
	return NULL;
}

/* Rings are never given back: a domain that once had one may have it again. */
static struct guest_ring *guest_take_ring(uint32_t domain)
{
	struct guest_ring *r = guest_ring(domain);

	for (uint32_t i = 0; i < RINGS && r == NULL; i++) {
		uint32_t nobody = 0;

		if (__atomic_compare_exchange_n(&guest_rings[i].domain, &nobody, domain + 1, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
			r = &guest_rings[i];
		}
	}
	return r;
}

void iommu_nested_listen(uint32_t domain, bool on)
{
	struct guest_ring *r = guest_take_ring(domain);

	if (r != NULL) {
		spin_lock(&r->lock);
		r->on = on;
		r->lost = false;
		r->tail = r->head;
		spin_unlock(&r->lock);
	}
}

bool iommu_nested_event(uint32_t domain, struct iommu_event *e, bool *lost)
{
	struct guest_ring *r = guest_ring(domain);
	bool any = false;

	*lost = false;
	if (r == NULL) {
		return false;
	}
	spin_lock(&r->lock);
	if (r->head != r->tail) {
		*e = *guest_slot(r, r->tail++);
		any = true;
	} else {
		/* They came behind all that were kept. */
		*lost = r->lost;
		r->lost = false;
	}
	spin_unlock(&r->lock);
	return any;
}

/* Whether an event says no more than that we have the stream aborted. */
static bool guest_is_aborted(const struct smmuv3 *s, const struct smmuv3_event *e)
{
	uint64_t sid = FIELD_GET(EVT0_SID, e->w[0]);
	struct smmuv3_run run;

	if (FIELD_GET(EVT0_ID, e->w[0]) != EVT_C_BAD_STE) {
		return false;
	}
	run = smmuv3_stream_find(s, sid, sid + 1);
	return run.count != 0 && smmuv3_ste_aborts(smmuv3_nested_at(run.pa)[0]);
}

/* Whether the one before, which nobody has taken yet, says the same. Such may be merged,
 * whatever STE.MEV (7.3.1); and storms of them are of streams that a guest has forgotten. */
static bool guest_is_repeated(const struct guest_ring *r, const struct smmuv3 *s,
			      const struct smmuv3_event *e)
{
	const struct iommu_event *last = guest_slot(r, r->head - 1);

	return r->head != r->tail && last->aborted && last->smmu == s->index && last->w[0] == e->w[0];
}

static bool guest_keep(struct guest_ring *r, const struct smmuv3 *s, const struct smmuv3_event *e)
{
	bool on;

	spin_lock(&r->lock);
	on = r->on;
	if (on && guest_is_repeated(r, s, e)) {
		spin_unlock(&r->lock);
		return true;
	}
	if (on && r->head - r->tail < RING_EVENTS) {
		*guest_slot(r, r->head++) =
			(struct iommu_event){{e->w[0], e->w[1], e->w[2], e->w[3]}, s->index, guest_is_aborted(s, e)};
	} else {
		r->lost |= on;
	}
	spin_unlock(&r->lock);
	return on;
}

uint64_t smmuv3_guest_lost(void)
{
	uint64_t told = 0;

	for (uint32_t i = 0; i < RINGS; i++) {
		struct guest_ring *r = &guest_rings[i];

		spin_lock(&r->lock);
		if (r->on) {
			r->lost = true;
			iommu_owe(r->domain - 1);
			told |= BIT64(r->domain - 1);
		}
		spin_unlock(&r->lock);
	}
	return told;
}

/* Whose business an event is. A fault of stage 2 on the way through the guest's own
 * structures is both's: implementations set S2 or not, but CLASS tells. */
enum guest_share { GUEST_NONE, GUEST_ALONE, GUEST_TOO };

static enum guest_share guest_share(const struct smmuv3_event *e)
{
	bool class_in = FIELD_GET(EVT1_CLASS, e->w[1]) == EVT_CLASS_IN;

	switch (FIELD_GET(EVT0_ID, e->w[0])) {
	case EVT_C_BAD_STE:
	case EVT_F_BAD_ATS_TREQ:
	case EVT_F_STREAM_DISABLED:
	case EVT_F_TRANSL_FORBIDDEN:
	case EVT_C_BAD_SUBSTREAMID:
	case EVT_F_CD_FETCH:
	case EVT_C_BAD_CD:
		return GUEST_ALONE;
	case EVT_F_WALK_EABT:
	case EVT_F_TLB_CONFLICT:
		return (e->w[1] & EVT1_S2) == 0 ? GUEST_ALONE : GUEST_NONE;
	case EVT_F_TRANSLATION:
	case EVT_F_ADDR_SIZE:
	case EVT_F_ACCESS:
	case EVT_F_PERMISSION:
		if (!class_in) {
			return GUEST_TOO;
		}
		return (e->w[1] & EVT1_S2) == 0 ? GUEST_ALONE : GUEST_NONE;
	default:
		return GUEST_NONE;
	}
}

bool smmuv3_guest_event(const struct smmuv3 *s, const struct smmuv3_event *e)
{
	const struct stream_desc *stream =
		smmuv3_find_stream(s->desc, (uint32_t)FIELD_GET(EVT0_SID, e->w[0]));
	enum guest_share share = guest_share(e);
	struct guest_ring *r;

	if (share == GUEST_NONE || stream == NULL || stream->domain >= board.domain_count ||
	    board.domains[stream->domain].vsmmu == NULL) {
		return false;
	}
	r = guest_ring(stream->domain);
	if (r != NULL && guest_keep(r, s, e)) {
		return share == GUEST_ALONE;
	}
	/* Nobody listens any more, but the guest's table is what it is about. */
	return guest_is_aborted(s, e);
}

/* The smaller of two in the field `mask`. */
static uint32_t guest_min(uint64_t mask, uint32_t a, uint32_t b)
{
	return (a & mask) < (b & mask) ? (uint32_t)(a & mask) : (uint32_t)(b & mask);
}

static bool guest_add_ids(struct smmuv3 *s, struct iommu_ids *ids)
{
	uint32_t idr0 = smmuv3_read32(s, SMMU_IDR0);
	uint32_t idr1 = smmuv3_read32(s, SMMU_IDR1);
	uint32_t idr3 = smmuv3_read32(s, SMMU_IDR3);
	uint32_t idr5 = smmuv3_read32(s, SMMU_IDR5);

	/* TERM_MODEL 1 offers less than 0. */
	ids->idr0 = (ids->idr0 & idr0 & ~IDR0_TERM_MODEL) | ((ids->idr0 | idr0) & IDR0_TERM_MODEL);
	ids->idr1 = guest_min(IDR1_SSIDSIZE, ids->idr1, idr1);
	ids->idr3 = (ids->idr3 & idr3 & ~(uint32_t)IDR3_BBML) | guest_min(IDR3_BBML, ids->idr3, idr3);
	ids->idr5 = (ids->idr5 & idr5 & IDR5_GRAN4K) | guest_min(IDR5_OAS, ids->idr5, idr5);
	ids->aidr = guest_min(AIDR_MINOR, ids->aidr, smmuv3_read32(s, SMMU_AIDR));
	ids->iidr = smmuv3_read32(s, SMMU_IIDR);
	ids->coherent = ids->coherent && s->desc->coherent != 0;
	return !s->dead && (idr0 & IDR0_S1P) != 0 && (idr0 & IDR0_S2P) != 0;
}

bool iommu_nested_ids(uint32_t smmus, struct iommu_ids *ids)
{
	bool good = true;

	*ids = (struct iommu_ids){~IDR0_TERM_MODEL, UINT32_MAX, UINT32_MAX, UINT32_MAX, 0, UINT32_MAX, true};
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		if ((smmus & BIT32(i)) != 0) {
			good = guest_add_ids(smmuv3_get(i), ids) && good;
		}
	}
	return good && smmus != 0;
}

static bool guest_run(struct smmuv3 *s, const struct iommu_command *commands, uint32_t count)
{
	bool good = true;

	for (uint32_t i = 0; i < count && good; i++) {
		if ((commands[i].smmus & BIT32(s->index)) != 0) {
			good = smmuv3_cmdq_add(s, commands[i].w[0], commands[i].w[1]);
		}
	}
	return good && smmuv3_cmdq_sync(s);
}

bool iommu_nested_run(const struct iommu_command *commands, uint32_t count)
{
	uint32_t smmus = 0;
	bool good = true;

	for (uint32_t i = 0; i < count; i++) {
		smmus |= commands[i].smmus;
	}
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = smmuv3_get(i);

		if ((smmus & BIT32(i)) != 0) {
			spin_lock(&s->lock);
			good = guest_run(s, commands, count) && good;
			smmuv3_release(s);
		}
	}
	return good;
}
