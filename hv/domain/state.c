// SPDX-License-Identifier: Apache-2.0
/* The states of vCPUs and domains: the books alone, callers do what follows. */
#include "domain/domain.h"
#include "lib/time.h"

/* One for all domains: whether the machine goes off depends on all of them. */
static struct spinlock domain_lock;

static bool vcpu_change(struct vcpu *vcpu, uint32_t *from, enum vcpu_state to)
{
	return __atomic_compare_exchange_n(&vcpu->state, from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool vcpu_is_last(struct vcpu *vcpu)
{
	return __atomic_sub_fetch(&vcpu->domain->cpus_on, 1, __ATOMIC_SEQ_CST) == 0;
}

enum vcpu_state vcpu_claim(struct vcpu *vcpu)
{
	uint32_t state = VCPU_OFF;

	if (vcpu_change(vcpu, &state, VCPU_ON_PENDING)) {
		__atomic_fetch_add(&vcpu->domain->cpus_on, 1, __ATOMIC_SEQ_CST);
	}
	return (enum vcpu_state)state;
}

bool vcpu_set_on(struct vcpu *vcpu)
{
	uint32_t state = VCPU_ON_PENDING;

	__atomic_store_n(&vcpu->late, 0, __ATOMIC_RELAXED);
	return vcpu_change(vcpu, &state, VCPU_ON);
}

bool vcpu_unclaim(struct vcpu *vcpu, bool *last)
{
	uint32_t state = VCPU_ON_PENDING;

	__atomic_store_n(&vcpu->late, 0, __ATOMIC_RELAXED);
	if (!vcpu_change(vcpu, &state, VCPU_OFF)) {
		return false;
	}
	*last = vcpu_is_last(vcpu);
	return true;
}

bool vcpu_set_off(struct vcpu *vcpu)
{
	bool last = vcpu_is_last(vcpu);

	__atomic_store_n(&vcpu->state, VCPU_OFF, __ATOMIC_SEQ_CST);
	return last;
}

enum vcpu_state vcpu_get_state(const struct vcpu *vcpu)
{
	return (enum vcpu_state)__atomic_load_n(&vcpu->state, __ATOMIC_SEQ_CST);
}

/* domain_lock is held. */
static bool domain_any_runs(void)
{
	bool any = false;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		const struct domain *d = &domains[i];

		any |= d->state == DOMAIN_STARTING || d->state == DOMAIN_RUNNING ||
		       (d->state == DOMAIN_STOPPING && d->after == DOMAIN_AFTER_RESTART);
	}
	return any;
}

/* domain_lock is held. */
static bool domain_goes(struct domain *d, uint32_t from, enum domain_state to, enum domain_after after)
{
	if ((from >> d->state & 1) == 0) {
		return false;
	}
	if (to == DOMAIN_STARTING) {
		d->tries = d->state == DOMAIN_OFF ? 0 : d->tries;
		d->good = time_after_us(DOMAIN_GOOD_US);
	}
	d->after = after;
	__atomic_store_n(&d->state, to, __ATOMIC_SEQ_CST);
	return true;
}

bool domain_change(struct domain *d, uint32_t from, enum domain_state to, enum domain_after after, bool *any)
{
	bool done;

	spin_lock(&domain_lock);
	done = domain_goes(d, from, to, after);
	*any = domain_any_runs();
	spin_unlock(&domain_lock);
	return done;
}

/* What has no copy of its payload cannot start again. */
static bool domain_may_try(const struct domain *d, uint32_t tries)
{
	return d->desc->on_fault == ON_FAULT_RESTART && tries < d->desc->retries &&
	       (d->desc->flags & DOMAIN_HARDWARE) == 0;
}

bool domain_change_by_fault(struct domain *d, bool *again, bool *any)
{
	uint32_t tries;
	bool done;

	spin_lock(&domain_lock);
	tries = time_over(d->good) ? 0 : d->tries;
	*again = domain_may_try(d, tries);
	done = domain_goes(d, BIT32(DOMAIN_STARTING) | BIT32(DOMAIN_RUNNING), DOMAIN_STOPPING,
			   *again ? DOMAIN_AFTER_RESTART : DOMAIN_AFTER_OFF);
	if (done) {
		d->faults++;
		d->tries = tries + *again;
	}
	*any = domain_any_runs();
	spin_unlock(&domain_lock);
	return done;
}

enum domain_state domain_get_state(const struct domain *d)
{
	return (enum domain_state)__atomic_load_n(&d->state, __ATOMIC_SEQ_CST);
}

bool domain_has_ended(const struct domain *d)
{
	enum domain_state state = domain_get_state(d);

	return state == DOMAIN_OFF || state == DOMAIN_DESTROYED;
}
