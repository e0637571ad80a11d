/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virqs: SPIs that only software raises. A virq is with the domain (not held), or with
 * one vCPU, its holder, from when it becomes deliverable until it has ended. List
 * registers of virqs ask for maintenance at the end, and the line is looked at again:
 * that is what "level-sensitive" means.
 */
#include "guest/vgic_priv.h"

_Static_assert(CPUS_MAX < UINT8_MAX, "holder is an index + 1");

void vgic_virq_init(struct domain *d)
{
	struct vgic_domain *g = &d->vgic;

	g->virq_count = 0;
	for (uint32_t n = 32; n < INTIDS && g->virq_count < VGIC_VIRQS_MAX; n++) {
		uint32_t bits = d->desc->virq_mask[n / 32] >> (n % 32);

		if (bits == 0) {
			n |= 31;
		} else if ((bits & 1) != 0) {
			g->virq[g->virq_count++] = (struct vgic_virq){
				.intid = (uint16_t)n,
				.prio = GIC_PRIO_RESET,
				.route = vgic_reset_route(),
				.group1 = vgic_reset_groups() != 0,
				.edge = (d->desc->irq_edge[n / 32] >> (n % 32) & 1) != 0,
			};
		}
	}
}

struct vgic_virq *vgic_virq_find(struct domain *d, uint32_t intid)
{
	for (uint32_t i = 0; i < d->vgic.virq_count; i++) {
		if (d->vgic.virq[i].intid == intid) {
			return &d->vgic.virq[i];
		}
	}
	return NULL;
}

static bool vgic_virq_asserted(const struct vgic_virq *q)
{
	return q->latch || (q->line && !q->edge);
}

bool vgic_virq_update(struct domain *d)
{
	struct vgic_domain *g = &d->vgic;
	bool mine = false;

	spin_lock(&g->lock);
	for (uint32_t i = 0; i < g->virq_count; i++) {
		struct vgic_virq *q = &g->virq[i];
		struct vcpu *target;

		if (q->holder != 0 || !q->enable || !vgic_virq_asserted(q)) {
			continue;
		}
		target = vgic_route_target(d, q->route);
		if (target == NULL || __atomic_load_n(&target->vgic.running, __ATOMIC_ACQUIRE) == 0) {
			continue;
		}
		q->holder = (uint8_t)(target->index + 1);
		q->latch_held = q->latch;
		q->latch = false;
		__atomic_fetch_or(&target->vgic.virq_in, BIT32(i), __ATOMIC_RELEASE);
		if (vcpu_cpu(target) == cpu_this()) {
			mine = true;
		} else {
			vgic_kick(target);
		}
	}
	spin_unlock(&g->lock);
	return mine;
}

void vgic_virq_release(struct domain *d, uint32_t intid, bool pending)
{
	struct vgic_virq *q = vgic_virq_find(d, intid);

	if (q != NULL) {
		spin_lock(&d->vgic.lock);
		q->holder = 0;
		q->latch = q->latch || (pending && q->latch_held);
		q->latch_held = false;
		spin_unlock(&d->vgic.lock);
	}
}

void vgic_virq_pend_again(struct domain *d, uint32_t intid)
{
	struct vgic_virq *q = vgic_virq_find(d, intid);

	if (q != NULL) {
		spin_lock(&d->vgic.lock);
		q->latch = q->latch || q->latch_held;
		q->latch_held = false;
		spin_unlock(&d->vgic.lock);
	}
}

bool vgic_virq_wanted(struct vcpu *v, uint32_t intid)
{
	struct vgic_virq *q = vgic_virq_find(v->domain, intid);
	bool wanted = false;

	if (q != NULL) {
		spin_lock(&v->domain->vgic.lock);
		wanted = q->enable && (vgic_virq_asserted(q) || q->latch_held) &&
			 vgic_route_target(v->domain, q->route) == v;
		spin_unlock(&v->domain->vgic.lock);
	}
	return wanted;
}

uint32_t vgic_virq_take(struct vcpu *v, uint32_t w, uint32_t bits)
{
	struct vgic_domain *g = &v->domain->vgic;
	uint32_t taken = 0;

	spin_lock(&g->lock);
	for (uint32_t i = 0; i < g->virq_count; i++) {
		struct vgic_virq *q = &g->virq[i];

		if (q->intid / 32 == w && (bits >> (q->intid % 32) & 1) != 0 && q->holder == 0) {
			q->holder = (uint8_t)(v->index + 1);
			q->latch_held = false;
			taken |= BIT32(q->intid % 32);
		}
	}
	spin_unlock(&g->lock);
	return taken;
}

uint32_t vgic_virq_read(struct domain *d, enum vgic_virq_field f, uint32_t w)
{
	struct vgic_domain *g = &d->vgic;
	uint32_t bits = 0;

	if (d->desc->virq_mask[w] == 0) {
		return 0;
	}
	spin_lock(&g->lock);
	for (uint32_t i = 0; i < g->virq_count; i++) {
		const struct vgic_virq *q = &g->virq[i];
		bool is[] = {
			[VGIC_VIRQ_ENABLE] = q->enable,
			[VGIC_VIRQ_PENDING] = vgic_virq_asserted(q),
			[VGIC_VIRQ_HELD] = q->holder != 0,
			[VGIC_VIRQ_EDGE] = q->edge,
			[VGIC_VIRQ_GROUP] = q->group1,
		};

		if (q->intid / 32 == w && is[f]) {
			bits |= BIT32(q->intid % 32);
		}
	}
	spin_unlock(&g->lock);
	return bits;
}

void vgic_virq_write(struct domain *d, enum vgic_virq_field f, uint32_t w, uint32_t bits, bool on)
{
	struct vgic_domain *g = &d->vgic;

	if ((d->desc->virq_mask[w] & bits) == 0) {
		return;
	}
	spin_lock(&g->lock);
	for (uint32_t i = 0; i < g->virq_count; i++) {
		struct vgic_virq *q = &g->virq[i];

		if (q->intid / 32 != w || (bits >> (q->intid % 32) & 1) == 0) {
			continue;
		}
		switch (f) {
		case VGIC_VIRQ_ENABLE:
			q->enable = on;
			break;
		case VGIC_VIRQ_PENDING:
			q->latch = on;
			break;
		case VGIC_VIRQ_HELD_LATCH:
			q->latch_held = on && q->holder != 0;
			break;
		case VGIC_VIRQ_EDGE:
			q->edge = on;
			break;
		case VGIC_VIRQ_GROUP:
			q->group1 = on;
			break;
		default:
			break;
		}
	}
	spin_unlock(&g->lock);
}

void vgic_set_level(struct domain *d, uint32_t intid, bool level)
{
	struct vgic_virq *q = vgic_virq_find(d, intid);
	struct vcpu *holder = NULL;
	struct vcpu *self = &cpu_this()->vcpu;
	bool dropped;

	if (q == NULL) {
		return;
	}
	spin_lock(&d->vgic.lock);
	q->latch = q->latch || (q->edge && level && !q->line);
	dropped = !level && q->line && !q->edge && !q->latch_held;
	q->line = level;
	if (dropped && q->holder != 0) {
		holder = domain_vcpu(d, q->holder - 1U);
	}
	spin_unlock(&d->vgic.lock);

	if (holder != NULL && holder == self) {
		vgic_op_local(self, VGIC_OP_RETRACT, intid / 32, BIT32(intid % 32));
	} else if (holder != NULL) {
		__atomic_store_n(&holder->vgic.resync, 1, __ATOMIC_RELEASE);
		vgic_kick(holder);
	} else if (level && vgic_virq_update(d)) {
		vgic_take_inbox(self);
		vgic_refill(self);
	}
}
