// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: the event queue and global errors (IHI 0070 3.5, 7).
 *
 * A storm costs the machine a fixed share of one CPU: so many events are looked at
 * in each period, and then the SMMU's interrupts are off for the rest of it. What
 * does not fit into the queue meanwhile is lost, which is said; it was aborted all
 * the same.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "iommu/iommu.h"
#include "iommu/smmuv3.h"

uint32_t iommu_put_off;

void smmuv3_put_off(const struct smmuv3 *s)
{
	__atomic_fetch_or(&iommu_put_off, BIT32(s->index), __ATOMIC_RELAXED);
}

/* Takes a number of events off the queue, from evt_cons on. */
static void event_read(struct smmuv3 *s, uint32_t count)
{
	uint32_t log2 = s->desc->evtq_log2;

	for (uint32_t i = 0; i < count; i++) {
		const uint64_t *slot = &s->desc->evtq[(s->evt_cons & (BIT32(log2) - 1)) * EVT_WORDS];
		struct smmuv3_event e;

		if (s->desc->coherent == 0) {
			arch_dcache_invalidate(slot, EVT_WORDS * sizeof(*slot));
		}
		/* Once each: it is the SMMU's memory until then. */
		for (uint32_t w = 0; w < EVT_WORDS; w++) {
			e.w[w] = __atomic_load_n(&slot[w], __ATOMIC_RELAXED);
		}
		s->evt_cons = (s->evt_cons + 1) & (BIT32(log2 + 1) - 1);
		if (!smmuv3_guest_event(s, &e)) {
			smmuv3_report_event(s, &e);
		}
	}
}

/* Takes what the queue holds, at most `max` events. Returns how many that was. */
static uint32_t event_drain(struct smmuv3 *s, uint32_t max)
{
	uint32_t log2 = s->desc->evtq_log2;
	uint32_t prod = smmuv3_read32(s, SMMU_EVTQ_PROD);
	uint32_t count = smmuv3_queue_used(prod, s->evt_cons, log2);
	bool overflow = (prod & EVTQ_OVERFLOW) != s->evt_overflow;

	if (count > BIT32(log2)) {
		smmuv3_report(s, "EVTQ_PROD makes no sense, events are lost");
		smmuv3_guest_lost();
		s->evt_cons = prod & (BIT32(log2 + 1) - 1);
		count = 1;
	} else {
		count = count < max ? count : max;
		/* The events after the position that covers them, and before they are given back. */
		dsb_sy();
		event_read(s, count);
		dsb_sy();
	}
	if (overflow) {
		smmuv3_report(s, "the event queue was full, events are lost");
		smmuv3_guest_lost();
		s->evt_overflow = prod & EVTQ_OVERFLOW;
	}
	if (count != 0 || overflow) {
		smmuv3_write32(s, SMMU_EVTQ_CONS, s->evt_cons | s->evt_overflow);
	}
	return count;
}

/* Returns how many global errors there were to look at. */
static uint32_t event_global(struct smmuv3 *s)
{
	uint32_t errors = smmuv3_read32(s, SMMU_GERROR) ^ smmuv3_read32(s, SMMU_GERRORN);

	if (errors == 0) {
		return 0;
	}
	if ((errors & GERROR_SFM) != 0) {
		smmuv3_give_up(s, "is in service failure mode");
		return 1;
	}
	if ((errors & GERROR_CMDQ) != 0 && !smmuv3_cmdq_recover(s)) {
		return 1;
	}
	errors &= ~GERROR_CMDQ;
	if ((errors & GERROR_EVTQ_ABT) != 0) {
		smmuv3_report(s, "cannot write its event queue, events are lost");
		smmuv3_guest_lost();
	} else if (errors != 0) {
		smmuv3_report(s, "global error of an unknown kind");
	}
	/* Exactly those that are active: any other would count as one from then on. */
	if (errors != 0) {
		smmuv3_write32(s, SMMU_GERRORN, smmuv3_read32(s, SMMU_GERRORN) ^ errors);
	}
	return 1;
}

void smmuv3_take_events(struct smmuv3 *s)
{
	uint32_t count;

	if (time_over(s->period_end)) {
		s->period_end = time_after_us(SMMUV3_PERIOD_US);
		s->period_events = 0;
	}
	/* Until the queue is found empty: only an event that finds it so interrupts. */
	do {
		if (s->dead) {
			return;
		}
		if (s->period_events >= SMMUV3_PERIOD_EVENTS) {
			/* From now on, so that guests run meanwhile however slow this was. */
			s->period_end = time_after_us(SMMUV3_PERIOD_US);
			s->muted = true;
			smmuv3_set_irqs(s, false);
			break;
		}
		count = event_global(s);
		if (!s->dead) {
			count += event_drain(s, SMMUV3_PERIOD_EVENTS - s->period_events);
		}
		s->period_events += count;
	} while (count != 0);
	if (s->muted || s->owing || s->desc->evtq_intid == 0 || s->desc->gerror_intid == 0) {
		smmuv3_put_off(s);
	}
}

void smmuv3_catch_up(struct smmuv3 *s)
{
	if (s->dead) {
		return;
	}
	if (s->muted) {
		s->muted = false;
		if (!smmuv3_set_irqs(s, true)) {
			return;
		}
	}
	if (s->owing) {
		smmuv3_report_rest(s);
	}
	/* Events that came while the interrupts were off cause none. */
	smmuv3_take_events(s);
}
