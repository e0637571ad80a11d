/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual GIC: life cycle, physical interrupts, what both versions' registers share. */
#include "guest/vgic_priv.h"

#include "arch/barrier.h"
#include "guest/its/its.h"
#include "guest/xen/xen.h"
#include "lib/string.h"

/* Other CPUs may be setting the level of one. */
static void vgic_reset_virqs(struct domain *d)
{
	spin_lock(&d->vgic.lock);
	d->vgic.ctlr = 0;
	vgic_virq_init(d);
	spin_unlock(&d->vgic.lock);
}

void vgic_domain_init(struct domain *d)
{
	d->vgic.typer = vgic_make_typer(d);
	vgic_reset_virqs(d);
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		struct vcpu *v = domain_vcpu(d, i);

		v->vgic = (struct vgic_cpu){.running = 0};
		vgic_reset_private(v);
	}
	vgic_reset_spis(d);
	vits_domain_init(d);
}

void vgic_domain_off(struct domain *d)
{
	vgic_reset_virqs(d);
	vgic_reset_spis(d);
	vits_domain_off(d);
}

/* Back on its CPU: interrupts may come. */
static void vgic_cpu_start(struct vcpu *v)
{
	vgic_apply_private(v);
	v->vgic.groups = vgic_forwarded(v);
	v->vgic.hcr = GICH_HCR_EN;
	gich_write_hcr(GICH_HCR_EN);
	__atomic_store_n(&v->vgic.running, 1, __ATOMIC_SEQ_CST);
	vgic_cpu_routes(v);
	vgic_virq_update(v->domain);
	vgic_answer(v);
	isb();
}

void vgic_cpu_init(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;

	c->lr_mask = BIT32(gich_lr_count()) - 1;
	gich_reset();
	vgic_cpu_start(v);
}

/* Everything the vCPU has, pending or active, in whichever word. */
static void vgic_give_up(struct vcpu *v)
{
	vlpi_retract(v);
	for (uint32_t w = 0; w < IRQ_WORDS; w++) {
		vgic_op_local(v, VGIC_OP_RETRACT, w, UINT32_MAX);
		vgic_op_local(v, VGIC_OP_DEACTIVATE, w, UINT32_MAX);
	}
}

/* As at reset; but `calls`, where others take back theirs by themselves. SGIs that are
 * sent only now stay pending for when it is on again. */
static void vgic_forget(struct vgic_cpu *c)
{
	const size_t others = offsetof(struct vgic_cpu, enable);

	__atomic_store_n(&c->resync, 0, __ATOMIC_RELAXED);
	memset((uint8_t *)c + others, 0, sizeof(*c) - others);
}

void vgic_cpu_off(struct vcpu *v)
{
	uint32_t cpu = vcpu_cpu(v)->index;
	uint32_t ppis = vgic_backed(v->domain, 0) & ~UINT32_C(0xffff);

	/* The lock: whoever saw it running has given it its virq by now, none comes after. */
	spin_lock(&v->domain->vgic.lock);
	__atomic_store_n(&v->vgic.running, 0, __ATOMIC_SEQ_CST);
	spin_unlock(&v->domain->vgic.lock);
	v->vgic.groups = 0; /* nothing goes into a list register any more */
	vgic_give_up(v);
	gic_write_word(cpu, GICD_ICENABLER, 0, ppis);
	gich_reset();
	vgic_forget(&v->vgic);
	vgic_reset_private(v);
	/* Those routed elsewhere meanwhile go on there. */
	vgic_virq_update(v->domain);
}

bool vgic_cpu_suspend(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;

	vgic_answer(v);
	for (uint32_t n = 0; n < VGIC_LRS_MAX; n++) {
		bool used = (vgic_lr_used(v) >> n & 1) != 0;

		c->saved_lr[n] = used ? gich_read_lr(n) : 0;
		if ((c->saved_lr[n] & GICH_LR_PENDING) != 0) {
			return false;
		}
	}
	gich_save(&c->saved_vmcr, c->saved_apr);
	return c->waiting == 0;
}

/* What is active on the guest's behalf in the CPU's own GIC registers is so again. */
static void vgic_restore_active(struct vcpu *v)
{
	uint32_t active = v->vgic.act[0];

	for (uint32_t n = 0; n < VGIC_LRS_MAX; n++) {
		uint64_t intid = FIELD_GET(GICH_LR_INTID, v->vgic.saved_lr[n]);

		if (v->vgic.saved_lr[n] != 0 && intid < 32) {
			active |= BIT32(intid);
		}
	}
	for (uint32_t n = 16; n < 32; n++) {
		active |= v->vgic.pend[0] & BIT32(n);
	}
	gic_write_word(vcpu_cpu(v)->index, GICD_ISACTIVER, 0,
		       active & vgic_backed(v->domain, 0) & ~UINT32_C(0xffff));
}

void vgic_cpu_resume(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;

	gich_reset();
	gich_restore(c->saved_vmcr, c->saved_apr);
	for (uint32_t n = 0; n < gich_lr_count(); n++) {
		gich_write_lr(n, c->saved_lr[n]);
	}
	vgic_restore_active(v);
	vgic_cpu_start(v);
}

/* An interrupt that nobody here owns: it shall not come again. */
static void vgic_stray(struct vcpu *v, uint32_t iar)
{
	uint32_t intid = gic_intid(iar);

	if (intid >= VGIC_SGIS) {
		gic_write_word(vcpu_cpu(v)->index, GICD_ICENABLER, intid / 32, BIT32(intid % 32));
	}
	gic_deactivate(iar);
}

/* What is not the domain's own. */
static void vgic_handle_own(struct vcpu *v, uint32_t iar)
{
	uint32_t intid = gic_intid(iar);

	if (intid == HV_SGI_VGIC) {
		/* First: a later SGI must make itself felt. */
		gic_deactivate(iar);
		vgic_answer(v);
	} else if (intid == HV_SGI_ITS) {
		gic_deactivate(iar);
		vits_continue(v);
	} else if (intid == HV_SGI_EVENT) {
		gic_deactivate(iar);
		xen_vcpu_events(v);
	} else if (intid == board.gic.maintenance) {
		vgic_maintain(v);
		isb();
		gic_deactivate(iar);
	} else {
		vgic_stray(v, iar);
	}
}

void vgic_handle_irq(struct vcpu *v, uint32_t iar)
{
	uint32_t intid = gic_intid(iar);

	if (intid >= VGIC_SGIS && vgic_is_backed(v->domain, intid)) {
		vgic_inject(v, intid);
	} else {
		vgic_handle_own(v, iar);
	}
}

uint32_t vgic_forwarded(const struct vcpu *v)
{
	uint32_t ctlr = __atomic_load_n(&v->domain->vgic.ctlr, __ATOMIC_RELAXED);

	return __atomic_load_n(&v->vgic.asleep, __ATOMIC_RELAXED) != 0 ? 0 : ctlr;
}

void vgic_write_ctlr(struct vcpu *v, uint32_t groups)
{
	if (__atomic_exchange_n(&v->domain->vgic.ctlr, groups & 3, __ATOMIC_RELAXED) != (groups & 3)) {
		vgic_everywhere(v, VGIC_OP_RESYNC, 0, 0);
	}
}

void vgic_route_changed(struct vcpu *v, uint32_t intid)
{
	uint32_t w = intid / 32;
	uint32_t bit = BIT32(intid % 32);

	if (vgic_is_backed(v->domain, intid)) {
		vgic_apply_route(v->domain, intid);
		if ((gic_read_word(0, GICD_ISACTIVER, w) & bit) != 0) {
			vgic_everywhere(v, VGIC_OP_RETRACT, w, bit);
		}
	} else if ((vgic_virq_read(v->domain, VGIC_VIRQ_HELD, w) & bit) != 0) {
		vgic_everywhere(v, VGIC_OP_RETRACT, w, bit);
	} else if (vgic_virq_update(v->domain)) {
		vgic_take_inbox(v);
		vgic_refill(v);
	}
}

uint32_t vgic_id_register(uint32_t reg, uint32_t pidr2)
{
	/* PIDR4..7, PIDR0..3, CIDR0..3 (IHI 0069 12.1.15): an Arm Ltd. GIC. */
	static const uint8_t id[] = {
		0x44, 0x00, 0x00, 0x00, 0x92, 0xb4, 0x00, 0x00, 0x0d, 0xf0, 0x05, 0xb1,
	};

	return reg / 4 == 6 ? pidr2 : id[reg / 4];
}

void vgic_raise_ppi(struct vcpu *v, uint32_t intid)
{
	if (intid >= VGIC_SGIS && intid < 32 && vgic_is_backed(v->domain, intid)) {
		vgic_latch(v, 0, BIT32(intid), true);
		gic_write_word(vcpu_cpu(v)->index, GICD_ISPENDR, 0, BIT32(intid));
	}
}
