// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: the event queue and global errors (IHI 0070 3.5, 7).
 *
 * Somebody has the duty to look after them, or the SMMU is free: then it interrupts when
 * there is something. The CPU that is interrupted, anybody's, turns its interrupts off,
 * looks whose the first event is, and gives that domain the duty; it takes no event and
 * waits for nobody. The domain's own CPUs take its events, give the duty to whose the next
 * one is, and free the SMMU when there are no more. So what a domain causes costs itself,
 * and a storm a fixed share of one CPU of its own: so many events are looked at in each
 * period. What does not fit into the queue meanwhile is lost, which is said; it was
 * aborted all the same.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "iommu/smmuv3.h"

uint64_t iommu_work;

/* The duty changes hands: by whoever has it. */
static void event_give(struct smmuv3 *s, uint32_t domain)
{
	__atomic_store_n(&s->duty, domain + 1, __ATOMIC_RELEASE);
	iommu_owe(domain);
}

static bool event_claim(struct smmuv3 *s, uint32_t from)
{
	return __atomic_compare_exchange_n(&s->duty, &from, SMMUV3_BUSY, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* Where the next event is, or will be. It is the SMMU's memory: each word is read once. */
static const uint64_t *event_slot(const struct smmuv3 *s)
{
	uint32_t size = BIT32(s->desc->evtq_log2);
	const uint64_t *slot = &s->desc->evtq[(s->evt_cons & (size - 1)) * EVT_WORDS];

	if (s->desc->coherent == 0) {
		arch_dcache_invalidate(slot, EVT_WORDS * sizeof(*slot));
	}
	return slot;
}

/* Whose work an event is, by its first word. */
static uint32_t event_keeper(const struct smmuv3 *s, uint64_t w0)
{
	return smmuv3_keeper(s, (uint32_t)FIELD_GET(EVT0_SID, w0));
}

/* Whose turn it is by the first event. False: there is none. */
static bool event_next(const struct smmuv3 *s, uint32_t *domain)
{
	uint32_t log2 = s->desc->evtq_log2;
	uint32_t count = smmuv3_queue_used(smmuv3_read32(s, SMMU_EVTQ_PROD), s->evt_cons, log2);

	*domain = s->busiest;
	if (count - 1 < BIT32(log2)) {
		/* The event after the position that covers it. */
		dsb_sy();
		*domain = event_keeper(s, __atomic_load_n(event_slot(s), __ATOMIC_RELAXED));
	}
	return count != 0;
}

/* Errors but those of commands: whoever gives commands looks for these. */
static bool event_has_error(const struct smmuv3 *s)
{
	return ((smmuv3_read32(s, SMMU_GERROR) ^ smmuv3_read32(s, SMMU_GERRORN)) & ~GERROR_CMDQ) != 0;
}

bool smmuv3_notice(struct smmuv3 *s, uint32_t *domain)
{
	if (smmuv3_is_dead(s) || !event_claim(s, SMMUV3_FREE)) {
		return false;
	}
	smmuv3_write32(s, SMMU_IRQ_CTRL, 0);
	(void)event_next(s, domain);
	event_give(s, *domain);
	return true;
}

/* Finds the domain that has more events than all others together, if there is one. */
static void event_vote(struct smmuv3 *s, uint32_t domain)
{
	if (s->votes == 0) {
		s->busiest = domain;
	}
	if (s->busiest != domain) {
		s->votes--;
	} else if (s->votes < SMMUV3_PERIOD_EVENTS) {
		s->votes++;
	}
}

static void event_lost(struct smmuv3 *s, struct smmuv3_turn *t, enum smmuv3_text why)
{
	smmuv3_report(s, why, t->now);
	t->to.wake |= smmuv3_guest_lost();
}

/* Takes events as long as they are this domain's, at the most `max` of the `count` that
 * there are. Returns how many that was. */
static uint32_t event_take(struct smmuv3 *s, struct smmuv3_turn *t, uint32_t count, uint32_t max)
{
	uint32_t taken = 0;
	struct smmuv3_event e;

	while (taken < count && taken < max) {
		const uint64_t *slot = event_slot(s);

		for (uint32_t w = 0; w < EVT_WORDS; w++) {
			e.w[w] = __atomic_load_n(&slot[w], __ATOMIC_RELAXED);
		}
		if (event_keeper(s, e.w[0]) != t->domain) {
			break;
		}
		s->evt_cons = (s->evt_cons + 1) & (BIT32(s->desc->evtq_log2 + 1) - 1);
		event_vote(s, t->domain);
		if (!smmuv3_guest_event(s, &e)) {
			smmuv3_report_event(s, &e, t->now);
		}
		t->to.irqs |= s->irqs;
		taken++;
	}
	return taken;
}

static uint32_t event_drain(struct smmuv3 *s, struct smmuv3_turn *t, uint32_t max)
{
	uint32_t log2 = s->desc->evtq_log2;
	uint32_t prod = smmuv3_read32(s, SMMU_EVTQ_PROD);
	uint32_t count = smmuv3_queue_used(prod, s->evt_cons, log2);
	bool overflow = (prod & EVTQ_OVERFLOW) != s->evt_overflow;

	if (count > BIT32(log2)) {
		event_lost(s, t, SMMUV3_TEXT_PROD);
		s->evt_cons = prod & (BIT32(log2 + 1) - 1);
		count = 1;
	} else {
		/* The events after the position that covers them, and before they are given back. */
		dsb_sy();
		count = event_take(s, t, count, max);
		dsb_sy();
	}
	if (overflow) {
		event_lost(s, t, SMMUV3_TEXT_OVERFLOW);
		s->evt_overflow = prod & EVTQ_OVERFLOW;
	}
	if (count != 0 || overflow) {
		smmuv3_write32(s, SMMU_EVTQ_CONS, s->evt_cons | s->evt_overflow);
	}
	return count;
}

/* Returns how many global errors there were to look at. */
static uint32_t event_global(struct smmuv3 *s, struct smmuv3_turn *t)
{
	uint32_t errors = smmuv3_read32(s, SMMU_GERROR) ^ smmuv3_read32(s, SMMU_GERRORN);

	if (errors == 0) {
		return 0;
	}
	if ((errors & GERROR_SFM) != 0) {
		smmuv3_give_up(s, "is in service failure mode");
		return 1;
	}
	/* While there are commands under way, whoever gave them sees to it, and tells it. */
	if ((errors & GERROR_CMDQ) != 0 && spin_trylock(&s->lock)) {
		(void)smmuv3_cmdq_recover(s);
		smmuv3_release(s);
	}
	errors &= ~GERROR_CMDQ;
	if ((errors & GERROR_EVTQ_ABT) != 0) {
		event_lost(s, t, SMMUV3_TEXT_ABORT);
	} else if (errors != 0) {
		smmuv3_report(s, SMMUV3_TEXT_GERROR, t->now);
	}
	if (errors != 0) {
		smmuv3_acknowledge(s, errors);
	}
	return 1;
}

/* Nobody's turn for a while, and then `domain`'s. From now on, so that guests run meanwhile
 * however slow this was. */
static void event_pause(struct smmuv3 *s, struct smmuv3_turn *t, uint32_t domain)
{
	bool over = s->period_events >= SMMUV3_PERIOD_EVENTS;
	uint64_t end = time_after_us(over ? SMMUV3_PERIOD_US : IOMMU_FOREIGN_US);

	s->period_end = over ? end : s->period_end;
	__atomic_store_n(&s->later, end, __ATOMIC_RELAXED);
	event_give(s, domain);
	if (domain == t->domain) {
		t->to.later = true;
	} else {
		t->to.wake |= BIT64(domain);
	}
}

/* The queue is empty: only an event that finds it so interrupts. True: free, or another's
 * turn; false: there was something again. */
static bool event_free(struct smmuv3 *s, struct smmuv3_turn *t)
{
	uint32_t domain;

	if (s->desc->evtq_intid == 0 || s->desc->gerror_intid == 0) {
		__atomic_store_n(&s->later, time_after_us(SMMUV3_PERIOD_US), __ATOMIC_RELAXED);
		t->to.later = s->keeper == t->domain;
		event_give(s, s->keeper);
		return true;
	}
	if (!smmuv3_set_irqs(s, true)) {
		return true;
	}
	__atomic_store_n(&s->duty, SMMUV3_FREE, __ATOMIC_SEQ_CST);
	/* What came before the interrupts were on causes none. */
	if ((!event_next(s, &domain) && !event_has_error(s)) || !event_claim(s, SMMUV3_FREE)) {
		return true;
	}
	return !smmuv3_set_irqs(s, false);
}

/* Some of what is the domain's to do. False: that was all, or it is not its turn now. */
static bool event_round(struct smmuv3 *s, struct smmuv3_turn *t, uint32_t *room)
{
	uint32_t left = SMMUV3_PERIOD_EVENTS - s->period_events;
	uint32_t count = event_global(s, t);
	uint32_t domain;
	bool any;

	if (smmuv3_is_dead(s)) {
		return false;
	}
	count += event_drain(s, t, *room < left ? *room : left);
	count += count == 0;
	s->period_events += count;
	*room = *room > count ? *room - count : 0;
	any = event_next(s, &domain);
	if (s->period_events >= SMMUV3_PERIOD_EVENTS || (*room == 0 && (!any || domain == t->domain))) {
		event_pause(s, t, any ? domain : t->domain);
		return false;
	}
	if (any && domain != t->domain) {
		event_give(s, domain);
		t->to.wake |= BIT64(domain);
		return false;
	}
	return any || !event_free(s, t);
}

void smmuv3_take_turn(struct smmuv3 *s, struct smmuv3_turn *t)
{
	uint32_t room = t->own ? SMMUV3_PERIOD_EVENTS : SMMUV3_FOREIGN_EVENTS;

	if (__atomic_load_n(&s->duty, __ATOMIC_RELAXED) != t->domain + 1 || smmuv3_is_dead(s)) {
		return;
	}
	if (!smmuv3_over(t->now, __atomic_load_n(&s->later, __ATOMIC_RELAXED))) {
		t->to.later = true;
		return;
	}
	if (!event_claim(s, t->domain + 1)) {
		return;
	}
	if (smmuv3_over(t->now, s->period_end)) {
		s->period_end = time_after_us(SMMUV3_PERIOD_US);
		s->period_events = 0;
	}
	while (event_round(s, t, &room)) {
	}
}
