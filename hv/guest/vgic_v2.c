/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GICv2 as the guest finds it: groups without Security Extensions. CPU
 * interface i is vCPU i; the guest's CPU interface is the hardware's GICV.
 */
#include "guest/vgic_priv.h"

#define PIDR2_GICV2 0x2bU
#define CPUS_V2 8U

uint32_t vgic_reset_groups(void)
{
	return VGIC_GROUPS_V2;
}

uint32_t vgic_fixed_sgis(void)
{
	return UINT32_C(0xffff);
}

bool vgic_sgi_has_source(void)
{
	return true;
}

uint8_t vgic_reset_route(void)
{
	return 1; /* vCPU 0 */
}

static uint32_t vgic_cpus(const struct domain *d)
{
	return d->desc->cpu_count < CPUS_V2 ? d->desc->cpu_count : CPUS_V2;
}

uint32_t vgic_make_typer(const struct domain *d)
{
	return (gic_typer() & (uint32_t)GICD_TYPER_LINES) |
	       (uint32_t)FIELD_PREP(GICD_TYPER_CPUS, vgic_cpus(d) - 1);
}

void vgic_apply_route(struct domain *d, uint32_t intid)
{
	uint8_t cpus_of_route[CPUS_V2];
	uint32_t count = 0;

	for (uint32_t m = *vgic_route(d, intid); m != 0; m &= m - 1) {
		cpus_of_route[count++] = d->desc->cpus[__builtin_ctz(m)];
	}
	gic_spi_route(intid, cpus_of_route, count);
}

/* A virq goes to the first of its vCPUs that runs. */
struct vcpu *vgic_route_target(struct domain *d, uint8_t route)
{
	for (uint32_t m = route; m != 0; m &= m - 1) {
		struct vcpu *v = domain_vcpu(d, (uint32_t)__builtin_ctz(m));

		if (__atomic_load_n(&v->vgic.running, __ATOMIC_ACQUIRE) != 0) {
			return v;
		}
	}
	return NULL;
}

/* Until a CPU has been on, nobody knows which GIC CPU interface it has. */
void vgic_cpu_routes(struct vcpu *v)
{
	struct domain *d = v->domain;

	for (uint32_t w = 1; w < IRQ_WORDS; w++) {
		for (uint32_t bits = vgic_backed(d, w); bits != 0; bits &= bits - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(bits);

			if ((*vgic_route(d, intid) >> v->index & 1) != 0) {
				vgic_apply_route(d, intid);
			}
		}
	}
}

/* GICD_ITARGETSR: one byte per INTID. */
static bool vgic_targets_access(struct mmio_access *a, uint32_t intid)
{
	struct domain *d = a->vcpu->domain;
	uint32_t valid = BIT32(vgic_cpus(d)) - 1;
	uint64_t value = 0;

	if (a->size != 1 && a->size != 4) {
		return false;
	}
	for (uint32_t i = 0; i < a->size; i++) {
		uint8_t *route = vgic_route(d, intid + i);
		uint8_t wanted = (uint8_t)(a->value >> (8 * i)) & (uint8_t)valid;

		if (intid + i < 32) {
			bool own = (vgic_private(d) >> (intid + i) & 1) != 0;

			value |= own ? BIT64(a->vcpu->index) << (8 * i) : 0;
		} else if (route != NULL && !a->write) {
			value |= (uint64_t)*route << (8 * i);
		} else if (route != NULL && *route != wanted) {
			*route = wanted;
			vgic_route_changed(a->vcpu, intid + i);
		}
	}
	a->value = a->write ? a->value : value;
	return true;
}

/* GICD_SGIR (IHI 0048B 4.3.15). */
static void vgic_write_sgir(struct vcpu *v, uint32_t value)
{
	const struct domain *d = v->domain;
	uint32_t sgi = (uint32_t)FIELD_GET(GICD_SGIR_INTID, value);
	uint32_t targets;

	switch (FIELD_GET(GICD_SGIR_FILTER, value)) {
	case GICD_SGIR_FILTER_LIST:
		targets = (uint32_t)FIELD_GET(GICD_SGIR_TARGETS, value);
		break;
	case GICD_SGIR_FILTER_OTHERS:
		targets = ~BIT32(v->index);
		break;
	case GICD_SGIR_FILTER_SELF:
		targets = BIT32(v->index);
		break;
	default:
		return;
	}
	for (targets &= BIT32(vgic_cpus(d)) - 1; targets != 0; targets &= targets - 1) {
		vgic_send_sgi(v, domain_vcpu(d, (uint32_t)__builtin_ctz(targets)), sgi);
	}
}

/* Who has this SGI pending at vCPU v: one bit per sender. */
static uint8_t vgic_sgi_senders(struct vcpu *v, uint32_t sgi)
{
	uint8_t senders = v->vgic.sgi_src[sgi];

	for (uint32_t used = vgic_lr_used(v); used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);

		if (FIELD_GET(GICH_LR_INTID, lr) == sgi && (lr & GICH_LR_PENDING) != 0) {
			senders |= (uint8_t)BIT32(FIELD_GET(GICH_LR_SOURCE, lr));
		}
	}
	return senders;
}

/* GICD_SPENDSGIR, GICD_CPENDSGIR: one byte per SGI, one bit per sender. */
static bool vgic_pendsgi_access(struct mmio_access *a, uint32_t sgi, bool set)
{
	struct vcpu *v = a->vcpu;
	uint64_t value = 0;

	if (a->size != 1 && a->size != 4) {
		return false;
	}
	vgic_take_inbox(v);
	for (uint32_t i = 0; i < a->size; i++) {
		uint8_t senders = vgic_sgi_senders(v, sgi + i);
		uint8_t bits = (uint8_t)(a->value >> (8 * i));

		value |= (uint64_t)senders << (8 * i);
		if (!a->write || bits == 0) {
			continue;
		}
		senders = set ? (uint8_t)(senders | bits) : (uint8_t)(senders & ~bits);
		vgic_op_local(v, VGIC_OP_UNPEND, 0, BIT32(sgi + i));
		if (senders != 0) {
			v->vgic.sgi_src[sgi + i] = senders;
			vgic_set_pend(v, sgi + i);
		}
	}
	vgic_refill(v);
	a->value = a->write ? a->value : value;
	return true;
}

static uint32_t vgic_gicd_read(struct mmio_access *a, uint32_t reg)
{
	struct domain *d = a->vcpu->domain;

	switch (reg) {
	case GICD_CTLR:
		return __atomic_load_n(&d->vgic.ctlr, __ATOMIC_RELAXED);
	case GICD_TYPER:
		return d->vgic.typer;
	case GICD_IIDR:
		return gic_iidr();
	default:
		return reg >= GICD_V2_ID ? vgic_id_register(reg - GICD_V2_ID, PIDR2_GICV2) : 0;
	}
}

bool vgic_gicd_access(struct mmio_access *a)
{
	uint32_t reg = (uint32_t)a->offset;

	if (a->offset == GICD_TYPER && a->size == 4 && !a->write) {
		a->value = a->vcpu->domain->vgic.typer;
		return true;
	}
	if (a->offset == GICD_SGIR && a->size == 4 && a->write) {
		vgic_write_sgir(a->vcpu, (uint32_t)a->value);
		return true;
	}
	if (a->offset == GICD_ISENABLER && a->size == 4 && a->write) {
		vgic_enable_own(a->vcpu, (uint32_t)a->value);
		return true;
	}
	if (a->offset >= GICD_V2_SIZE || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	if (vgic_file_has(reg)) {
		return vgic_file_access(a, a->vcpu, reg);
	}
	if (reg >= GICD_ITARGETSR && reg < GICD_ICFGR) {
		return vgic_targets_access(a, reg - GICD_ITARGETSR);
	}
	if (reg >= GICD_CPENDSGIR && reg < GICD_CPENDSGIR + 16) {
		return vgic_pendsgi_access(a, reg - GICD_CPENDSGIR, false);
	}
	if (reg >= GICD_SPENDSGIR && reg < GICD_SPENDSGIR + 16) {
		return vgic_pendsgi_access(a, reg - GICD_SPENDSGIR, true);
	}
	if (a->size != 4) {
		return false;
	}
	if (!a->write) {
		a->value = vgic_gicd_read(a, reg);
	} else if (reg == GICD_CTLR) {
		vgic_write_ctlr(a->vcpu, (uint32_t)a->value);
	}
	return true;
}

bool vgic_gicr_access(struct mmio_access *a)
{
	(void)a;
	return false; /* there are no redistributors */
}

bool vgic_write_sgi1r(struct vcpu *v, uint64_t value)
{
	(void)v;
	(void)value;
	return false;
}

bool vgic_write_sgi0r(struct vcpu *v, uint64_t value)
{
	return vgic_write_sgi1r(v, value);
}

bool vgic_write_dir(struct vcpu *v, uint64_t value)
{
	return vgic_write_sgi1r(v, value);
}
