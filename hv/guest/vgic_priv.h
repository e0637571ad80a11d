/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the vgic*.c files only. */
#ifndef HV_GUEST_VGIC_PRIV_H
#define HV_GUEST_VGIC_PRIV_H

#include "guest/vgic.h"
#include "irq/gic.h"

/* What one vCPU's CPU does to those of the interrupts `bits` of word `word` that it
 * has: in a list register, or waiting for one. */
enum vgic_op {
	VGIC_OP_RESYNC,       /* all that is pending: anew, by present priorities and groups */
	VGIC_OP_QUERY_ANY,    /* which are here */
	VGIC_OP_QUERY_PEND,   /* which are pending */
	VGIC_OP_QUERY_ACTIVE, /* which are active */
	VGIC_OP_RETRACT,      /* pending: back to where they came from; SGIs wait */
	VGIC_OP_UNPEND,       /* pending: forget */
	VGIC_OP_ACTIVATE,     /* make active */
	VGIC_OP_ACTIVATE_NEW, /* make active, also what is not here */
	VGIC_OP_DEACTIVATE,   /* active: not any more */
	VGIC_OP_LPI_MOVE,     /* vlpi_move(bits) */
};

/*
 * Properties of interrupts (vgic_prop.c)
 */

/* Bits of word `w` that the physical GIC backs. */
static inline uint32_t vgic_backed(const struct domain *d, uint32_t w)
{
	return d->desc->irq_mask[w];
}

static inline bool vgic_is_backed(const struct domain *d, uint32_t intid)
{
	return (d->desc->irq_mask[intid / 32] >> (intid % 32) & 1) != 0;
}

/* Bits of word 0 that a vCPU has: the SGIs, and the domain's PPIs. */
static inline uint32_t vgic_private(const struct domain *d)
{
	return d->desc->irq_mask[0] | UINT32_C(0xffff);
}

/* Where the priority is kept; NULL: not the domain's. INTID 0..31: vCPU v's. */
uint8_t *vgic_prio(struct vcpu *v, uint32_t intid);
/* Where the route of an SPI is kept; NULL: not the domain's. GICv3: vCPU index;
 * GICv2: set of vCPUs. */
uint8_t *vgic_route(struct domain *d, uint32_t intid);
/* Group, 0 or 1, of an interrupt that is the domain's. */
uint32_t vgic_group(struct vcpu *v, uint32_t intid);
/* The groups of an SPI word's interrupts. */
uint32_t vgic_read_groups(struct domain *d, uint32_t w);
void vgic_write_groups(struct domain *d, uint32_t w, uint32_t value);
/* The domain's SPIs as out of reset: properties here and state in the physical GIC. */
void vgic_reset_spis(struct domain *d);
void vgic_reset_private(struct vcpu *v);
/* Programs the vCPU's PPIs in its CPU's GIC: trigger, priority, enable. */
void vgic_apply_private(struct vcpu *v);

/* Interrupts made pending by ISPENDR since they last were not: a level-sensitive one
 * among them is to stay pending although its line is low. */
bool vgic_is_latched(struct vcpu *v, uint32_t intid);
void vgic_latch(struct vcpu *v, uint32_t w, uint32_t bits, bool on);

/*
 * List registers (vgic_lr.c, vgic_op.c): on the vCPU's own CPU only
 */

/* Delivers interrupt `intid`, which the physical GIC gave us. */
void vgic_inject(struct vcpu *v, uint32_t intid);
/* Makes an SGI pending, sent by vCPU `from` (< 8; GICv2 only). */
void vgic_inject_sgi(struct vcpu *v, uint32_t sgi, uint32_t from);
/* Takes in the SGIs and virqs that others sent. */
void vgic_take_inbox(struct vcpu *v);
/* Fills list registers from what waits, by priority; sets the maintenance conditions. */
void vgic_refill(struct vcpu *v);
/* Ends of interrupts that asked for maintenance, or had no list register. */
void vgic_maintain(struct vcpu *v);
/* Empty list registers, in use. */
uint32_t vgic_lr_used(const struct vcpu *v);
uint32_t vgic_op_local(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits);
/* An interrupt that is active without a list register is so no more. */
void vgic_end_act(struct vcpu *v, uint32_t intid);

static inline void vgic_set_pend(struct vcpu *v, uint32_t intid)
{
	v->vgic.pend[intid / 32] |= BIT32(intid % 32);
	v->vgic.pend_words |= BIT32(intid / 32);
}

static inline void vgic_clear_pend(struct vcpu *v, uint32_t intid)
{
	v->vgic.pend[intid / 32] &= ~BIT32(intid % 32);
	if (v->vgic.pend[intid / 32] == 0) {
		v->vgic.pend_words &= ~BIT32(intid / 32);
	}
}

static inline void vgic_set_act(struct vcpu *v, uint32_t intid)
{
	v->vgic.act[intid / 32] |= BIT32(intid % 32);
	v->vgic.act_words |= BIT32(intid / 32);
}

static inline void vgic_clear_act(struct vcpu *v, uint32_t intid)
{
	v->vgic.act[intid / 32] &= ~BIT32(intid % 32);
	v->vgic.forced[intid / 32] &= ~BIT32(intid % 32);
	if (v->vgic.act[intid / 32] == 0) {
		v->vgic.act_words &= ~BIT32(intid / 32);
	}
}

/*
 * Between CPUs (vgic_call.c)
 */

/* Makes the CPU of `target` look at its vgic state. */
void vgic_kick(struct vcpu *target);
/* The op on the caller `v`, then, for those bits that are not there, on the other
 * running vCPUs of its domain. Waits for them. The union of the answers. */
uint32_t vgic_everywhere(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits);
/* The op on vCPU `target`, which may be `v`; nothing if it is off. */
uint32_t vgic_at(struct vcpu *v, struct vcpu *target, uint32_t op, uint32_t w, uint32_t bits);
/* Answers the requests of others. */
void vgic_answer(struct vcpu *v);
/* Sends an SGI from vCPU `v` to `target`. */
void vgic_send_sgi(struct vcpu *v, struct vcpu *target, uint32_t sgi);

/*
 * Virqs (vgic_virq.c)
 */
void vgic_virq_init(struct domain *d);
struct vgic_virq *vgic_virq_find(struct domain *d, uint32_t intid);
/* Hands those that have become deliverable to the vCPUs they are routed to. True:
 * the calling CPU's vCPU has got something in its inbox. */
bool vgic_virq_update(struct domain *d);
/* The holder lets go; `pending`: without having delivered it. */
void vgic_virq_release(struct domain *d, uint32_t intid, bool pending);
/* It became active without being acknowledged: what was latched stays pending. */
void vgic_virq_pend_again(struct domain *d, uint32_t intid);
/* Whether a virq pending at its holder v is still to be delivered there. */
bool vgic_virq_wanted(struct vcpu *v, uint32_t intid);
/* Makes vCPU v the holder of those of `bits` that have none, and says which. */
uint32_t vgic_virq_take(struct vcpu *v, uint32_t w, uint32_t bits);

enum vgic_virq_field {
	VGIC_VIRQ_ENABLE,
	VGIC_VIRQ_PENDING, /* read: by line or latch; write: by ISPENDR, ICPENDR */
	VGIC_VIRQ_HELD,    /* read only */
	VGIC_VIRQ_HELD_LATCH, /* write only: pending at its holder, and to stay so */
	VGIC_VIRQ_EDGE,
	VGIC_VIRQ_GROUP,
};

/* Virqs of word `w` for which the field is set; sets it for those in `bits`. */
uint32_t vgic_virq_read(struct domain *d, enum vgic_virq_field f, uint32_t w);
void vgic_virq_write(struct domain *d, enum vgic_virq_field f, uint32_t w, uint32_t bits, bool on);

/*
 * Register files (vgic_file.c): those of one bit, one byte and two bits per INTID
 */

/* Accesses one of those registers. `reg` is its offset in the distributor, or in the SGI
 * frame; INTID 0..31 are those of vCPU `of`. False: abort. */
bool vgic_file_access(struct mmio_access *a, struct vcpu *of, uint32_t reg);

/* Offsets that vgic_file_access() knows, ITARGETSR excepted. */
static inline bool vgic_file_has(uint32_t reg)
{
	return (reg >= GICD_IGROUPR && reg < GICD_ITARGETSR) ||
	       (reg >= GICD_ICFGR && reg < GICD_IGRPMODR);
}

/* A vCPU's write to its own GICR_ISENABLER0 (GICv2: GICD_ISENABLER0). */
void vgic_enable_own(struct vcpu *v, uint32_t bits);
/* After the route of an SPI changed: a pending one moves. */
void vgic_route_changed(struct vcpu *v, uint32_t intid);
/* GICD_CTLR's group enables. */
void vgic_write_ctlr(struct vcpu *v, uint32_t groups);
/* Groups forwarded to a vCPU, from GICD_CTLR and GICR_WAKER. */
uint32_t vgic_forwarded(const struct vcpu *v);
/* Identification registers: `reg` is the offset from the first, PIDR4. */
uint32_t vgic_id_register(uint32_t reg, uint32_t pidr2);

/*
 * What depends on the version (vgic_v2.c, vgic_v3.c)
 */
#define VGIC_GROUPS_V2 UINT32_C(0)  /* out of reset: firmware leaves a GICv2 guest group 0, */
#define VGIC_GROUPS_V3 UINT32_MAX   /* as its GICV delivers it; a GICv3 guest group 1 */

uint32_t vgic_reset_groups(void);
/* SGIs that cannot be disabled. */
uint32_t vgic_fixed_sgis(void);
/* Whether pending SGIs remember who sent them, and only SGI registers change them. */
bool vgic_sgi_has_source(void);
uint8_t vgic_reset_route(void);
uint32_t vgic_make_typer(const struct domain *d);
/* Programs the physical route of a backed SPI. */
void vgic_apply_route(struct domain *d, uint32_t intid);
/* The vCPU that a virq of that route goes to; NULL: none. */
struct vcpu *vgic_route_target(struct domain *d, uint8_t route);
/* After vCPU v came on: routes that could not be programmed before. */
void vgic_cpu_routes(struct vcpu *v);

#endif
