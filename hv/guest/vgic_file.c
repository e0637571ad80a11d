/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The distributor's register files: one bit, one byte or two bits per INTID; GICR's SGI
 * frame has the same for INTID 0..31. State of backed interrupts is the physical GIC's,
 * but for those that some vCPU has: active there, pending or active here.
 */
#include "guest/vgic_priv.h"

#include "irq/gic.h"

/* PPIs and SPIs of word w, in `bits`, that the physical GIC backs. */
static uint32_t vgic_hw(const struct vcpu *of, uint32_t w, uint32_t bits)
{
	return vgic_backed(of->domain, w) & bits & (w == 0 ? ~UINT32_C(0xffff) : UINT32_MAX);
}

static bool vgic_powered(const struct vcpu *v)
{
	return __atomic_load_n(&v->vgic.running, __ATOMIC_ACQUIRE) != 0;
}

static uint32_t vgic_hw_read(struct vcpu *of, uint32_t reg, uint32_t w, uint32_t bits)
{
	bits = vgic_hw(of, w, bits);
	if (bits == 0 || (w == 0 && !vgic_powered(of))) {
		return 0;
	}
	return gic_read_word(vcpu_cpu(of)->index, reg, w) & bits;
}

static void vgic_hw_write(struct vcpu *of, uint32_t reg, uint32_t w, uint32_t bits)
{
	bits = vgic_hw(of, w, bits);
	if (bits != 0 && (w != 0 || vgic_powered(of))) {
		gic_write_word(vcpu_cpu(of)->index, reg, w, bits);
	}
}

/* The op on interrupts of word w, wherever they are. Only those that can be somewhere
 * cost anything: the physical GIC has them active. */
static uint32_t vgic_op(struct vcpu *v, struct vcpu *of, uint32_t op, uint32_t w, uint32_t bits)
{
	if (w == 0) {
		return vgic_at(v, of, op, 0, bits);
	}
	bits = vgic_hw_read(of, GICD_ISACTIVER, w, bits) |
	       (vgic_virq_read(of->domain, VGIC_VIRQ_HELD, w) & bits);
	return bits != 0 ? vgic_everywhere(v, op, w, bits) : 0;
}

/* Virqs may have become deliverable. */
static void vgic_settle(struct vcpu *v)
{
	if (vgic_virq_update(v->domain)) {
		vgic_take_inbox(v);
		vgic_refill(v);
	}
}

void vgic_enable_own(struct vcpu *v, uint32_t bits)
{
	struct vgic_cpu *c = &v->vgic;
	uint32_t backed = vgic_backed(v->domain, 0) & bits & ~UINT32_C(0xffff);

	__atomic_fetch_or(&c->enable, backed | (bits & UINT32_C(0xffff)), __ATOMIC_RELAXED);
	if (backed != 0) {
		gic_write_word(vcpu_cpu(v)->index, GICD_ISENABLER, 0, backed);
	}
	if ((c->pend[0] & bits) != 0) {
		vgic_refill(v);
	}
}

static void vgic_enable_private(struct vcpu *v, struct vcpu *of, uint32_t bits)
{
	if (v == of) {
		vgic_enable_own(v, bits);
		return;
	}
	bits &= vgic_private(of->domain);
	__atomic_fetch_or(&of->vgic.enable, bits, __ATOMIC_RELAXED);
	vgic_hw_write(of, GICD_ISENABLER, 0, bits);
	vgic_at(v, of, VGIC_OP_RESYNC, 0, 0);
}

static void vgic_disable(struct vcpu *v, struct vcpu *of, uint32_t w, uint32_t bits)
{
	vgic_hw_write(of, GICD_ICENABLER, w, bits);
	if (w == 0) {
		__atomic_fetch_and(&of->vgic.enable, ~bits | vgic_fixed_sgis(), __ATOMIC_RELAXED);
		bits &= ~vgic_fixed_sgis();
	} else {
		vgic_virq_write(of->domain, VGIC_VIRQ_ENABLE, w, bits, false);
	}
	/* From here on the physical GIC gives none of them to anybody. */
	gic_wait_disabled(vcpu_cpu(of)->index, w);
	vgic_op(v, of, VGIC_OP_RETRACT, w, bits & (vgic_private(of->domain) | (w == 0 ? 0 : UINT32_MAX)));
}

static void vgic_set_pending(struct vcpu *v, struct vcpu *of, uint32_t w, uint32_t bits)
{
	uint32_t sgis = w == 0 && !vgic_sgi_has_source() ? bits & 0xffff : 0;
	uint32_t pending;

	vgic_latch(of, w, vgic_hw(of, w, bits), true);
	/* Pending once is enough. */
	pending = vgic_op(v, of, VGIC_OP_QUERY_PEND, w, bits);
	vgic_virq_write(of->domain, VGIC_VIRQ_HELD_LATCH, w, bits & pending, true);
	bits &= ~pending;
	for (; sgis != 0; sgis &= sgis - 1) {
		vgic_send_sgi(v, of, (uint32_t)__builtin_ctz(sgis));
	}
	vgic_hw_write(of, GICD_ISPENDR, w, bits);
	vgic_virq_write(of->domain, VGIC_VIRQ_PENDING, w, bits, true);
}

static void vgic_clear_pending(struct vcpu *v, struct vcpu *of, uint32_t w, uint32_t bits)
{
	if (w == 0 && vgic_sgi_has_source()) {
		bits &= ~UINT32_C(0xffff);
	}
	vgic_latch(of, w, vgic_hw(of, w, bits), false);
	vgic_hw_write(of, GICD_ICPENDR, w, bits);
	vgic_virq_write(of->domain, VGIC_VIRQ_PENDING, w, bits, false);
	vgic_op(v, of, VGIC_OP_UNPEND, w, bits);
}

static void vgic_set_active(struct vcpu *v, struct vcpu *of, uint32_t w, uint32_t bits)
{
	if (w == 0) {
		vgic_at(v, of, VGIC_OP_ACTIVATE_NEW, 0, bits & vgic_private(of->domain));
		return;
	}
	bits &= vgic_backed(of->domain, w) | of->domain->desc->virq_mask[w];
	bits &= ~vgic_op(v, of, VGIC_OP_ACTIVATE, w, bits);
	vgic_op_local(v, VGIC_OP_ACTIVATE_NEW, w, bits);
}

static uint32_t vgic_read_bits(struct vcpu *v, struct vcpu *of, uint32_t reg, uint32_t w)
{
	struct domain *d = of->domain;

	switch (reg & ~UINT32_C(0x7f)) {
	case GICD_IGROUPR:
		return w == 0 ? of->vgic.group & vgic_private(d) : vgic_read_groups(d, w);
	case GICD_ISENABLER:
	case GICD_ICENABLER:
		if (w == 0) {
			return __atomic_load_n(&of->vgic.enable, __ATOMIC_RELAXED);
		}
		return vgic_hw_read(of, GICD_ISENABLER, w, UINT32_MAX) |
		       vgic_virq_read(d, VGIC_VIRQ_ENABLE, w);
	case GICD_ISPENDR:
	case GICD_ICPENDR:
		return vgic_op(v, of, VGIC_OP_QUERY_PEND, w, UINT32_MAX) |
		       vgic_hw_read(of, GICD_ISPENDR, w, UINT32_MAX) |
		       vgic_virq_read(d, VGIC_VIRQ_PENDING, w);
	default:
		return vgic_op(v, of, VGIC_OP_QUERY_ACTIVE, w, UINT32_MAX);
	}
}

static void vgic_write_group(struct vcpu *v, struct vcpu *of, uint32_t w, uint32_t value)
{
	if (w == 0) {
		of->vgic.group = value & vgic_private(of->domain);
		vgic_at(v, of, VGIC_OP_RESYNC, 0, 0);
	} else {
		vgic_write_groups(of->domain, w, value);
		vgic_op(v, of, VGIC_OP_RESYNC, w, UINT32_MAX);
	}
}

static void vgic_write_bits(struct vcpu *v, struct vcpu *of, uint32_t reg, uint32_t w, uint32_t value)
{
	switch (reg & ~UINT32_C(0x7f)) {
	case GICD_IGROUPR:
		vgic_write_group(v, of, w, value);
		break;
	case GICD_ISENABLER:
		if (w == 0) {
			vgic_enable_private(v, of, value);
		} else {
			vgic_hw_write(of, GICD_ISENABLER, w, value);
			vgic_virq_write(of->domain, VGIC_VIRQ_ENABLE, w, value, true);
		}
		break;
	case GICD_ICENABLER:
		vgic_disable(v, of, w, value);
		break;
	case GICD_ISPENDR:
		vgic_set_pending(v, of, w, value);
		break;
	case GICD_ICPENDR:
		vgic_clear_pending(v, of, w, value);
		break;
	case GICD_ISACTIVER:
		vgic_set_active(v, of, w, value);
		break;
	default:
		vgic_op(v, of, VGIC_OP_DEACTIVATE, w, value);
		break;
	}
	if (of->domain->desc->virq_mask[w] != 0) {
		vgic_settle(v);
	}
}

/* One byte per INTID, the first of `size` is `intid`. */
static void vgic_prio_access(struct mmio_access *a, struct vcpu *of, uint32_t intid)
{
	uint32_t w = intid / 32;
	uint64_t value = 0;
	uint32_t changed = 0;

	for (uint32_t i = 0; i < a->size; i++) {
		uint8_t *prio = vgic_prio(of, intid + i);

		if (prio == NULL) {
			continue;
		}
		if (!a->write) {
			value |= (uint64_t)*prio << (8 * i);
			continue;
		}
		*prio = (uint8_t)(a->value >> (8 * i)) & gich_prio_mask();
		changed |= BIT32((intid + i) % 32);
		if (vgic_hw(of, w, BIT32((intid + i) % 32)) != 0 && (w != 0 || vgic_powered(of))) {
			gic_write_priority(vcpu_cpu(of)->index, intid + i, *prio);
		}
	}
	a->value = a->write ? a->value : value;
	if (changed != 0 && a->write && vgic_op(a->vcpu, of, VGIC_OP_QUERY_PEND, w, changed) != 0) {
		vgic_op(a->vcpu, of, VGIC_OP_RESYNC, w, changed);
	}
}

/* Bit i of a half word to bits 2i and 2i + 1. */
static uint32_t vgic_spread(uint32_t half)
{
	uint32_t x = half & 0xffff;

	x = (x | (x << 8)) & 0x00ff00ff;
	x = (x | (x << 4)) & 0x0f0f0f0f;
	x = (x | (x << 2)) & 0x33333333;
	x = (x | (x << 1)) & 0x55555555;
	return x | (x << 1);
}

/* Every second bit, from bit 1, to a half word. */
static uint32_t vgic_gather(uint32_t config)
{
	uint32_t x = (config >> 1) & 0x55555555;

	x = (x | (x >> 1)) & 0x33333333;
	x = (x | (x >> 2)) & 0x0f0f0f0f;
	x = (x | (x >> 4)) & 0x00ff00ff;
	return (x | (x >> 8)) & 0xffff;
}

/* GICD_ICFGR<n>: bit 1 of each pair says edge-triggered, bit 0 is reserved. SGIs are. A
 * physical interrupt does not change while it is enabled: that is UNPREDICTABLE. */
static void vgic_config_access(struct mmio_access *a, struct vcpu *of, uint32_t n)
{
	uint32_t w = n / 2;
	uint32_t shift = 16 * (n % 2);
	uint32_t own = vgic_spread(vgic_hw(of, w, UINT32_MAX) >> shift) & UINT32_C(0xaaaaaaaa);
	uint32_t cpu = vcpu_cpu(of)->index;
	bool here = w != 0 || vgic_powered(of);
	uint32_t virqs = of->domain->desc->virq_mask[w] >> shift & 0xffff;

	if (n == 0) {
		a->value = a->write ? a->value : UINT32_C(0xaaaaaaaa);
		return;
	}
	if (a->write) {
		uint32_t edge = vgic_gather((uint32_t)a->value);

		own &= ~vgic_spread(vgic_hw_read(of, GICD_ISENABLER, w, UINT32_MAX) >> shift);
		if (own != 0 && here) {
			gic_write_config(cpu, n, own, (uint32_t)a->value);
		}
		vgic_virq_write(of->domain, VGIC_VIRQ_EDGE, w, (edge & virqs) << shift, true);
		vgic_virq_write(of->domain, VGIC_VIRQ_EDGE, w, (~edge & virqs) << shift, false);
	} else {
		a->value = (own != 0 && here ? gic_read_config(cpu, n) & own : 0) |
			   (vgic_spread(vgic_virq_read(of->domain, VGIC_VIRQ_EDGE, w) >> shift) &
			    UINT32_C(0xaaaaaaaa));
	}
}

bool vgic_file_access(struct mmio_access *a, struct vcpu *of, uint32_t reg)
{
	uint32_t w = (reg & 0x7f) / 4;

	if (reg >= GICD_IPRIORITYR && reg < GICD_ITARGETSR) {
		if (a->size != 1 && a->size != 4) {
			return false;
		}
		vgic_prio_access(a, of, reg - GICD_IPRIORITYR);
		return true;
	}
	if (a->size != 4) {
		return false;
	}
	if (reg >= GICD_ICFGR) {
		vgic_config_access(a, of, (reg - GICD_ICFGR) / 4);
	} else if (a->write) {
		vgic_write_bits(a->vcpu, of, reg, w, (uint32_t)a->value);
	} else {
		a->value = vgic_read_bits(a->vcpu, of, reg, w);
	}
	return true;
}
