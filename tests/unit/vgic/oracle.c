// SPDX-License-Identifier: Apache-2.0
#include "unit/vgic/oracle.h"

struct oracle_irq *oracle_irq(struct oracle *o, uint32_t vcpu, uint32_t intid)
{
	return intid < 32 ? &o->cpu[vcpu].banked[intid] : &o->spi[intid];
}

bool oracle_pending(const struct oracle_irq *q)
{
	return q->latch || q->senders != 0 || (q->line && !q->edge);
}

bool oracle_deliverable(struct oracle *o, uint32_t vcpu, uint32_t intid, bool *must)
{
	const struct oracle_irq *q = oracle_irq(o, vcpu, intid);
	const struct oracle_cpu *c = &o->cpu[vcpu];
	uint32_t group = q->group1 ? 2 : 1;
	bool routed = intid < 32 || (o->v2 ? (q->route >> vcpu & 1) != 0 : q->route == vcpu);
	bool alone = intid < 32 || !o->v2 || (q->route & (q->route - 1)) == 0;

	*must = oracle_pending(q) && alone;
	return q->mine && q->enabled && !q->active && routed && (oracle_pending(q) || q->maybe) &&
	       (o->ctlr & group) != 0 && !c->asleep && (c->groups & group) != 0 && q->prio < c->pmr &&
	       q->prio < c->running;
}

uint32_t oracle_best(struct oracle *o, uint32_t vcpu)
{
	uint32_t best = 0x100;

	for (uint32_t n = 0; n < ORACLE_INTIDS; n++) {
		bool must;

		if (oracle_deliverable(o, vcpu, n, &must) && must && oracle_irq(o, vcpu, n)->prio < best) {
			best = oracle_irq(o, vcpu, n)->prio;
		}
	}
	return best;
}

void oracle_line(struct oracle_irq *q, bool level)
{
	if (q->edge && level && !q->line) {
		q->twice = q->twice || ((q->latch || q->maybe) && !q->active);
		q->latch = true;
	}
	/* The physical GIC may have given it to the hypervisor while it was high. */
	q->maybe = q->maybe || (!q->edge && q->line && !level && q->backed && !q->active);
	q->line = level;
}

void oracle_ack(struct oracle_irq *q)
{
	q->active = true;
	q->latch = false;
	q->maybe = q->twice;
	q->twice = false;
}

void oracle_set_pending(struct oracle_irq *q)
{
	q->latch = true;
}

void oracle_clear_pending(struct oracle_irq *q)
{
	q->latch = false;
	q->senders = 0;
	q->maybe = false;
	q->twice = false;
}
