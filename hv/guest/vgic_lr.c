/* SPDX-License-Identifier: Apache-2.0 */
/*
 * List registers: which of a vCPU's interrupts sit in them.
 *
 * What finds no list register waits in vgic.pend. Two invariants hold whenever the
 * guest runs: (1) nothing that waits and could be delivered has a higher priority
 * than what is pending in the list registers; (2) while such an interrupt waits, some
 * list register is pending, and the "no pending" maintenance interrupt is on. So the
 * order of priorities is kept, and the last pending list register that the guest
 * acknowledges brings us back at once.
 *
 * When list registers are full of active interrupts, the least urgent of those moves
 * to vgic.act. Its end is then counted by the hardware (EOIcount) or trapped (TDIR).
 */
#include "guest/its/its.h"
#include "guest/vgic_priv.h"

#define LR_STATE (GICH_LR_PENDING | GICH_LR_ACTIVE)
#define NO_LR UINT32_MAX
#define NO_INTID UINT32_MAX

uint32_t vgic_lr_used(const struct vcpu *v)
{
	return ~gich_read_elrsr() & v->vgic.lr_mask;
}

/* A list register that makes the interrupt pending. */
static uint64_t vgic_make_lr(struct vcpu *v, uint32_t intid)
{
	uint64_t lr = intid | GICH_LR_PENDING | FIELD_PREP(GICH_LR_PRIO, *vgic_prio(v, intid)) |
		      FIELD_PREP(GICH_LR_GROUP1, vgic_group(v, intid));

	if (intid >= 16 && vgic_is_backed(v->domain, intid)) {
		lr |= GICH_LR_HW | FIELD_PREP(GICH_LR_PINTID, intid);
	} else if (intid >= 32) {
		lr |= GICH_LR_EOI;
	}
	return lr;
}

static void vgic_load(struct vcpu *v, uint32_t n, uint32_t intid)
{
	uint64_t lr = vlpi_is(intid) ? vlpi_take(v, intid) : vgic_make_lr(v, intid);
	uint8_t *src = intid < VGIC_SGIS ? &v->vgic.sgi_src[intid] : NULL;

	if (!vlpi_is(intid)) {
		vgic_clear_pend(v, intid);
	}
	if (src != NULL && *src != 0) {
		lr |= FIELD_PREP(GICH_LR_SOURCE, __builtin_ctz(*src));
		*src &= (uint8_t)(*src - 1);
		if (*src != 0) {
			/* The next sender's follows when this one has ended. */
			lr |= GICH_LR_EOI;
			vgic_set_pend(v, intid);
		}
	}
	gich_write_lr(n, lr);
}

void vgic_inject(struct vcpu *v, uint32_t intid)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t prio = intid < 32 ? c->prio[intid] : *vgic_prio(v, intid);
	uint32_t group = intid < 32 ? c->group >> intid & 1 : vgic_group(v, intid);
	uint64_t lr = intid | FIELD_PREP(GICH_LR_PINTID, intid) | FIELD_PREP(GICH_LR_PRIO, prio) |
		      FIELD_PREP(GICH_LR_GROUP1, group) | GICH_LR_HW | GICH_LR_PENDING;

	if (c->waiting != 0 || (c->groups >> group & 1) == 0 || !gich_insert(c->lr_mask, lr)) {
		vgic_set_pend(v, intid);
		vgic_refill(v);
	}
}

void vgic_inject_sgi(struct vcpu *v, uint32_t sgi, uint32_t from)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t group = c->group >> sgi & 1;
	bool has_source = vgic_sgi_has_source();

	/* Nearly always: deliverable, and nothing else is there. */
	if (((c->enable & ~(c->pend[0] | c->act[0])) >> sgi & 1) != 0 && (c->groups >> group & 1) != 0 &&
	    c->waiting == 0 && vgic_lr_used(v) == 0) {
		gich_write_lr(0, sgi | FIELD_PREP(GICH_LR_SOURCE, has_source ? from : 0) |
					 FIELD_PREP(GICH_LR_PRIO, c->prio[sgi]) |
					 FIELD_PREP(GICH_LR_GROUP1, group) | GICH_LR_PENDING);
		return;
	}
	c->sgi_src[sgi] |= (uint8_t)(has_source ? BIT32(from) : 0);
	vgic_set_pend(v, sgi);
	vgic_refill(v);
}

void vgic_take_inbox(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t sgis = __atomic_exchange_n(&c->sgi_in, 0, __ATOMIC_ACQUIRE);
	uint32_t virqs = __atomic_exchange_n(&c->virq_in, 0, __ATOMIC_ACQUIRE);

	for (; sgis != 0; sgis &= sgis - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(sgis);

		c->sgi_src[n] |= __atomic_exchange_n(&c->sgi_from[n], 0, __ATOMIC_RELAXED);
		vgic_set_pend(v, n);
	}
	for (; virqs != 0; virqs &= virqs - 1) {
		vgic_set_pend(v, v->domain->vgic.virq[__builtin_ctz(virqs)].intid);
	}
}

/* An SGI that is in a list register already cannot have a second one. If it is active
 * there, the new pending state goes in too, provided that sender (GICv2), priority and
 * group are the same: the guest's end of it must find the list register as it was when
 * acknowledged. Else it waits for that end. Returns those that wait so. */
static uint32_t vgic_merge_sgis(struct vcpu *v, uint32_t used)
{
	const uint64_t same = GICH_LR_PRIO | GICH_LR_GROUP1;
	uint32_t blocked = 0;

	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);
		uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);

		if (intid >= VGIC_SGIS || (v->vgic.pend[0] & v->vgic.enable & BIT32(intid)) == 0) {
			continue;
		}
		if (!vgic_sgi_has_source() && (lr & LR_STATE) != 0 && ((lr ^ vgic_make_lr(v, intid)) & same) == 0 &&
		    (v->vgic.groups >> vgic_group(v, intid) & 1) != 0) {
			gich_write_lr(n, lr | GICH_LR_PENDING);
			vgic_clear_pend(v, intid);
			continue;
		}
		if (vgic_sgi_has_source() && (lr & GICH_LR_PENDING) != 0) {
			/* From the same sender it is pending already. */
			v->vgic.sgi_src[intid] &= (uint8_t)~BIT32(FIELD_GET(GICH_LR_SOURCE, lr));
			if (v->vgic.sgi_src[intid] == 0) {
				vgic_clear_pend(v, intid);
				continue;
			}
		}
		blocked |= BIT32(intid);
		if ((lr & LR_STATE) != 0 && (lr & GICH_LR_EOI) == 0) {
			gich_write_lr(n, lr | GICH_LR_EOI);
		}
	}
	return blocked;
}

/* What waits and may go into a list register now. */
struct vgic_best {
	uint32_t intid;      /* highest priority of them, or NO_INTID */
	uint32_t prio;
	uint32_t off_groups; /* groups of those that the guest's CPU interface has off */
};

static struct vgic_best vgic_best_pending(struct vcpu *v, uint32_t blocked, uint32_t cpu_groups)
{
	struct vgic_best best = {.intid = NO_INTID, .prio = UINT32_MAX};
	const struct vgic_cpu *c = &v->vgic;

	for (uint32_t words = c->pend_words; words != 0; words &= words - 1) {
		uint32_t w = (uint32_t)__builtin_ctz(words);
		uint32_t bits = c->pend[w] & ~c->act[w];

		if (w == 0) {
			/* Disabled PPIs and SPIs do not wait here, disabled SGIs do. */
			bits &= (c->enable | ~UINT32_C(0xffff)) & ~blocked;
		}
		for (; bits != 0; bits &= bits - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(bits);
			uint32_t group = BIT32(vgic_group(v, intid));
			uint32_t prio = *vgic_prio(v, intid);

			if ((c->groups & group) == 0) {
				continue;
			}
			if ((cpu_groups & group) == 0) {
				best.off_groups |= group;
			} else if (prio < best.prio) {
				best.intid = intid;
				best.prio = prio;
			}
		}
	}
	return best;
}

/* The same of LPIs, which are all of Group 1. */
static void vgic_best_lpi(struct vcpu *v, uint32_t cpu_groups, struct vgic_best *best)
{
	uint32_t prio;
	uint32_t intid = (v->vgic.groups & 2) != 0 ? vlpi_best(v, &prio) : NO_INTID;

	if (intid == NO_INTID) {
		return;
	}
	if ((cpu_groups & 2) == 0) {
		best->off_groups |= 2;
	} else if (prio < best->prio) {
		best->intid = intid;
		best->prio = prio;
	}
}

/* Takes what is in list register n out, into pend and act. */
static void vgic_unload(struct vcpu *v, uint32_t n, uint64_t lr)
{
	uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);

	if (vlpi_is(intid)) {
		/* Active, where the hardware makes LPIs that at all, means nothing. */
		if ((lr & GICH_LR_PENDING) != 0) {
			vlpi_wait(v, intid);
		}
		gich_write_lr(n, 0);
		return;
	}
	if ((lr & GICH_LR_PENDING) != 0) {
		if (intid < VGIC_SGIS && vgic_sgi_has_source()) {
			v->vgic.sgi_src[intid] |= (uint8_t)BIT32(FIELD_GET(GICH_LR_SOURCE, lr));
		}
		vgic_set_pend(v, intid);
	}
	if ((lr & GICH_LR_ACTIVE) != 0) {
		vgic_set_act(v, intid);
	}
	gich_write_lr(n, 0);
}

/* A list register for an interrupt of priority `prio`: an empty one; else that of the
 * least urgent pending interrupt, if less urgent than it; else, if none is pending,
 * that of the least urgent active one. Or NO_LR. */
static uint32_t vgic_make_room(struct vcpu *v, uint32_t prio, uint32_t cpu_groups)
{
	uint32_t worst[2] = {NO_LR, NO_LR}; /* [1]: of the active */
	uint32_t worst_prio[2] = {0, 0};
	uint64_t worst_lr[2] = {0, 0};
	uint32_t used = vgic_lr_used(v);

	if (used != v->vgic.lr_mask) {
		return (uint32_t)__builtin_ctz(~used);
	}
	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);
		uint32_t active = (lr & GICH_LR_ACTIVE) != 0;
		uint32_t group = (lr & GICH_LR_GROUP1) != 0 ? 2 : 1;
		uint32_t p = (uint32_t)FIELD_GET(GICH_LR_PRIO, lr);

		if (!active && (cpu_groups & group) == 0) {
			p += 0x100; /* cannot be taken now */
		}
		if ((lr & LR_STATE) != 0 && (worst[active] == NO_LR || p > worst_prio[active])) {
			worst[active] = n;
			worst_prio[active] = p;
			worst_lr[active] = lr;
		}
	}
	if (worst[0] != NO_LR && worst_prio[0] > prio) {
		vgic_unload(v, worst[0], worst_lr[0]);
		return worst[0];
	}
	if (worst[0] != NO_LR || worst[1] == NO_LR) {
		return NO_LR;
	}
	vgic_unload(v, worst[1], worst_lr[1]);
	return worst[1];
}

void vgic_refill(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t hcr = GICH_HCR_EN;

	c->waiting = 0;
	if ((c->pend_words | c->lpis) != 0) {
		uint32_t cpu_groups = gich_read_groups();
		struct vgic_best best = {.intid = NO_INTID};

		/* Each round brings the best of the rest in: list registers first fill up,
		 * then lose what is less urgent. */
		for (uint32_t i = 0; i < 2 * VGIC_LRS_MAX; i++) {
			uint32_t n;

			best = vgic_best_pending(v, vgic_merge_sgis(v, vgic_lr_used(v)), cpu_groups);
			if (c->lpis != 0) {
				vgic_best_lpi(v, cpu_groups, &best);
			}
			if (best.intid == NO_INTID) {
				break;
			}
			n = vgic_make_room(v, best.prio, cpu_groups);
			if (n == NO_LR) {
				break;
			}
			vgic_load(v, n, best.intid);
		}
		if (best.intid != NO_INTID) {
			hcr |= GICH_HCR_NPIE;
			hcr |= (cpu_groups & 1) != 0 ? GICH_HCR_GRP0DIE : 0;
			hcr |= (cpu_groups & 2) != 0 ? GICH_HCR_GRP1DIE : 0;
		}
		hcr |= (best.off_groups & 1) != 0 ? GICH_HCR_GRP0EIE : 0;
		hcr |= (best.off_groups & 2) != 0 ? GICH_HCR_GRP1EIE : 0;
		c->waiting = hcr != GICH_HCR_EN;
	}
	if (c->act_words != 0) {
		hcr |= GICH_HCR_LRENPIE | (gich_traps_dir() ? GICH_HCR_TDIR : 0);
	}
	if (hcr != c->hcr) {
		c->hcr = hcr;
		gich_write_hcr(hcr);
	}
}

void vgic_end_act(struct vcpu *v, uint32_t intid)
{
	vgic_clear_act(v, intid);
	if (intid >= 16 && vgic_is_backed(v->domain, intid)) {
		gic_write_word(vcpu_cpu(v)->index, GICD_ICACTIVER, intid / 32, BIT32(intid % 32));
	} else if (intid >= 32) {
		vgic_virq_release(v->domain, intid, false);
	}
}

/* Of what is active without a list register, the most urgent: the one that a guest
 * which ends interrupts in order ends first. What it has not acknowledged but made
 * active by ISACTIVER comes last. */
static uint32_t vgic_best_act(struct vcpu *v)
{
	uint32_t best = NO_INTID;
	uint32_t best_prio = UINT32_MAX;

	for (uint32_t words = v->vgic.act_words; words != 0; words &= words - 1) {
		uint32_t w = (uint32_t)__builtin_ctz(words);

		for (uint32_t bits = v->vgic.act[w]; bits != 0; bits &= bits - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(bits);
			uint32_t prio = *vgic_prio(v, intid);

			prio += (v->vgic.forced[w] & bits & -bits) != 0 ? 0x100 : 0;
			if (prio < best_prio) {
				best = intid;
				best_prio = prio;
			}
		}
	}
	return best;
}

void vgic_maintain(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t ended = gich_read_eisr() & c->lr_mask;
	uint64_t hcr = gich_read_hcr();
	uint64_t ends = FIELD_GET(GICH_HCR_EOICOUNT, hcr);

	for (; ended != 0; ended &= ended - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(ended);
		uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, gich_read_lr(n));

		gich_write_lr(n, 0);
		if (intid >= VGIC_SGIS) {
			vgic_end_act(v, intid);
		}
	}
	if (ends != 0) {
		gich_write_hcr(c->hcr); /* which has a count of 0 */
	}
	for (; ends != 0 && c->act_words != 0; ends--) {
		vgic_end_act(v, vgic_best_act(v));
	}
	vgic_virq_update(v->domain);
	vgic_take_inbox(v);
	vgic_refill(v);
}
