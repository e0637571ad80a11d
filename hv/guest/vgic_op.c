/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest's accesses to pending and active state, and other CPUs' requests, do to
 * the interrupts that this vCPU has: in list registers, or waiting for one.
 */
#include "guest/its/its.h"
#include "guest/vgic_priv.h"

/* Whether a backed interrupt is pending for another reason than its line. */
static bool vgic_keeps_pending(struct vcpu *v, uint32_t intid)
{
	uint32_t config = gic_read_config(vcpu_cpu(v)->index, intid / 16);

	return (config >> (2 * (intid % 16) + 1) & 1) != 0 || vgic_is_latched(v, intid);
}

/* A pending interrupt goes back to where it came from. The physical one was active on
 * the guest's behalf: it becomes pending again, by its line or, where the line does not
 * say so any more, by the distributor's latch. */
static void vgic_give_back(struct vcpu *v, uint32_t intid)
{
	uint32_t cpu = vcpu_cpu(v)->index;
	uint32_t w = intid / 32;
	uint32_t bit = BIT32(intid % 32);

	if (intid < VGIC_SGIS) {
		vgic_set_pend(v, intid);
	} else if (vgic_is_backed(v->domain, intid)) {
		if (vgic_keeps_pending(v, intid)) {
			gic_write_word(cpu, GICD_ISPENDR, w, bit);
		}
		gic_write_word(cpu, GICD_ICACTIVER, w, bit);
	} else {
		vgic_virq_release(v->domain, intid, true);
	}
}

/* A pending interrupt is forgotten. */
static void vgic_drop(struct vcpu *v, uint32_t intid)
{
	if (intid < VGIC_SGIS) {
		return;
	}
	if (vgic_is_backed(v->domain, intid)) {
		gic_write_word(vcpu_cpu(v)->index, GICD_ICACTIVER, intid / 32, BIT32(intid % 32));
	} else {
		vgic_virq_release(v->domain, intid, false);
	}
}

/* A pending interrupt becomes active without being acknowledged, and so is pending as
 * well. List registers only ever have active what the guest has acknowledged. */
static void vgic_force(struct vcpu *v, uint32_t intid)
{
	uint32_t cpu = vcpu_cpu(v)->index;

	vgic_set_act(v, intid);
	v->vgic.forced[intid / 32] |= BIT32(intid % 32);
	if (intid < VGIC_SGIS) {
		vgic_set_pend(v, intid);
	} else if (!vgic_is_backed(v->domain, intid)) {
		vgic_virq_pend_again(v->domain, intid);
	} else if (vgic_keeps_pending(v, intid)) {
		gic_write_word(cpu, GICD_ISPENDR, intid / 32, BIT32(intid % 32));
	}
}

/* Takes the pending state out of a list register. GICv2: the sender is remembered. */
static void vgic_lr_unpend(struct vcpu *v, uint32_t n, uint64_t lr, bool keep_source)
{
	uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);
	uint64_t rest = lr & ~GICH_LR_PENDING;

	if (intid < VGIC_SGIS && vgic_sgi_has_source() && keep_source) {
		v->vgic.sgi_src[intid] |= (uint8_t)BIT32(FIELD_GET(GICH_LR_SOURCE, lr));
	}
	gich_write_lr(n, (lr & GICH_LR_ACTIVE) != 0 ? rest : 0);
}

/* The op on list register n. Returns whether the op's answer includes it. */
static bool vgic_op_lr(struct vcpu *v, uint32_t op, uint32_t n, uint64_t lr)
{
	uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);
	bool pending = (lr & GICH_LR_PENDING) != 0;
	bool active = (lr & GICH_LR_ACTIVE) != 0;

	switch (op) {
	case VGIC_OP_QUERY_PEND:
		return pending;
	case VGIC_OP_QUERY_ACTIVE:
		return active;
	case VGIC_OP_RETRACT:
		if (pending) {
			vgic_lr_unpend(v, n, lr, true);
			vgic_give_back(v, intid);
		}
		break;
	case VGIC_OP_UNPEND:
		if (pending) {
			vgic_lr_unpend(v, n, lr, false);
		}
		if (pending && !active) {
			vgic_drop(v, intid);
		}
		break;
	case VGIC_OP_ACTIVATE:
	case VGIC_OP_ACTIVATE_NEW:
		if (pending && !active) {
			vgic_lr_unpend(v, n, lr, true);
			vgic_force(v, intid);
		}
		break;
	case VGIC_OP_DEACTIVATE:
		if (active && pending) {
			gich_write_lr(n, lr & ~GICH_LR_ACTIVE);
		} else if (active) {
			gich_write_lr(n, 0);
			vgic_drop(v, intid);
		}
		break;
	default:
		break;
	}
	return true;
}

/* The op on interrupts without a list register; `bits` are those asked for,
 * `in_lr` those of them that have one all the same. */
static uint32_t vgic_op_waiting(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits, uint32_t in_lr)
{
	uint32_t pend = v->vgic.pend[w] & bits;
	uint32_t act = v->vgic.act[w] & bits;

	switch (op) {
	case VGIC_OP_QUERY_PEND:
		return pend;
	case VGIC_OP_QUERY_ACTIVE:
		return act;
	case VGIC_OP_RETRACT:
		for (uint32_t m = w == 0 ? pend & ~UINT32_C(0xffff) : pend; m != 0; m &= m - 1) {
			vgic_clear_pend(v, 32 * w + (uint32_t)__builtin_ctz(m));
			vgic_give_back(v, 32 * w + (uint32_t)__builtin_ctz(m));
		}
		break;
	case VGIC_OP_UNPEND:
		for (uint32_t m = pend; m != 0; m &= m - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(m);

			vgic_clear_pend(v, intid);
			if (intid < VGIC_SGIS) {
				v->vgic.sgi_src[intid] = 0;
			}
			if ((act & m & -m) == 0) {
				vgic_drop(v, intid);
			}
		}
		break;
	case VGIC_OP_ACTIVATE:
	case VGIC_OP_ACTIVATE_NEW:
		for (uint32_t m = pend & ~act & ~in_lr; m != 0; m &= m - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(m);

			vgic_clear_pend(v, intid);
			vgic_force(v, intid);
		}
		break;
	case VGIC_OP_DEACTIVATE:
		for (uint32_t m = act; m != 0; m &= m - 1) {
			vgic_end_act(v, 32 * w + (uint32_t)__builtin_ctz(m));
		}
		break;
	default:
		break;
	}
	return pend | act;
}

/* What is not here at all becomes active: as after ISACTIVER out of the blue. */
static void vgic_activate_new(struct vcpu *v, uint32_t w, uint32_t bits)
{
	uint32_t backed = vgic_backed(v->domain, w) & (w == 0 ? ~UINT32_C(0xffff) : UINT32_MAX);
	uint32_t taken = w == 0 ? bits & UINT32_C(0xffff) : vgic_virq_take(v, w, bits & ~backed);

	if ((bits & backed) != 0) {
		gic_write_word(vcpu_cpu(v)->index, GICD_ISACTIVER, w, bits & backed);
	}
	v->vgic.forced[w] |= (bits & backed) | taken;
	for (uint32_t m = (bits & backed) | taken; m != 0; m &= m - 1) {
		vgic_set_act(v, 32 * w + (uint32_t)__builtin_ctz(m));
	}
}

/* Everything pending leaves the list registers, and comes in again by its present
 * priority and group; virqs that are not to be delivered here any more go. */
static void vgic_resync(struct vcpu *v)
{
	v->vgic.groups = vgic_forwarded(v);
	for (uint32_t used = vgic_lr_used(v); used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);

		if ((lr & GICH_LR_PENDING) != 0) {
			uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);

			vgic_lr_unpend(v, n, lr, true);
			if (vlpi_is(intid)) {
				vlpi_wait(v, intid);
			} else {
				vgic_set_pend(v, intid);
			}
		}
	}
	if (v->domain->desc->msi != NULL) {
		v->vgic.lpis = 1;
	}
	for (uint32_t i = 0; i < v->domain->vgic.virq_count; i++) {
		uint32_t intid = v->domain->vgic.virq[i].intid;

		if ((v->vgic.pend[intid / 32] >> (intid % 32) & 1) != 0 &&
		    (v->vgic.act[intid / 32] >> (intid % 32) & 1) == 0 && !vgic_virq_wanted(v, intid)) {
			vgic_clear_pend(v, intid);
			vgic_virq_release(v->domain, intid, true);
		}
	}
}

uint32_t vgic_op_local(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits)
{
	uint32_t here = 0; /* in list registers */
	uint32_t answer = 0;

	vgic_take_inbox(v);
	if (op == VGIC_OP_RESYNC) {
		vgic_resync(v);
	} else if (op == VGIC_OP_LPI_MOVE) {
		vlpi_move(v, bits);
	} else {
		for (uint32_t used = vgic_lr_used(v); used != 0; used &= used - 1) {
			uint32_t n = (uint32_t)__builtin_ctz(used);
			uint64_t lr = gich_read_lr(n);
			uint32_t bit = BIT32(FIELD_GET(GICH_LR_INTID, lr) % 32);

			if (FIELD_GET(GICH_LR_INTID, lr) / 32 == w && (bits & bit) != 0) {
				here |= bit;
				answer |= vgic_op_lr(v, op, n, lr) ? bit : 0;
			}
		}
		if (op == VGIC_OP_ACTIVATE_NEW) {
			vgic_activate_new(v, w, bits & ~(here | v->vgic.pend[w] | v->vgic.act[w]));
		}
		/* An SGI that is active in a list register may wait as well. */
		answer |= vgic_op_waiting(v, op, w, bits, here);
	}
	if (op != VGIC_OP_QUERY_ANY && op != VGIC_OP_QUERY_PEND && op != VGIC_OP_QUERY_ACTIVE) {
		if (vgic_virq_update(v->domain)) {
			vgic_take_inbox(v);
		}
	}
	vgic_refill(v);
	return answer;
}
