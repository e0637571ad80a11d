/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GICv3 as the guest finds it: one security state (GICD_CTLR.DS), affinity
 * routing only, LPIs if the domain has any (guest/its), no 1-of-N. Redistributor frame i is vCPU i.
 */
#include "guest/its/its.h"
#include "guest/vgic_priv.h"

#define PIDR2_GICV3 0x3bU

/* The affinity of a vCPU as GICR_TYPER[63:32] has it. */
static uint64_t vgic_affinity(const struct domain *d, uint32_t index)
{
	uint64_t mpidr = vcpu_mpidr(d, index);

	return (FIELD_GET(GENMASK64(39, 32), mpidr) << 24) | (mpidr & GENMASK64(23, 0));
}

uint32_t vgic_reset_groups(void)
{
	return VGIC_GROUPS_V3;
}

uint32_t vgic_fixed_sgis(void)
{
	return 0;
}

bool vgic_sgi_has_source(void)
{
	return false;
}

uint8_t vgic_reset_route(void)
{
	return 0;
}

uint32_t vgic_make_typer(const struct domain *d)
{
	uint32_t typer = (gic_typer() & (uint32_t)(GICD_TYPER_LINES | GICD_TYPER_A3V | GICD_TYPER_RSS)) |
			 (uint32_t)GICD_TYPER_NO1N;

	if (d->desc->msi == NULL) {
		return typer | (uint32_t)FIELD_PREP(GICD_TYPER_IDBITS, 9); /* 10 bits of INTID */
	}
	return typer | GICD_TYPER_LPIS | (uint32_t)FIELD_PREP(GICD_TYPER_IDBITS, LPI_ID_BITS - 1) |
	       (uint32_t)FIELD_PREP(GICD_TYPER_NUM_LPIS, __builtin_ctz(d->desc->msi->lpi_count) - 1);
}

void vgic_apply_route(struct domain *d, uint32_t intid)
{
	gic_spi_route(intid, &d->desc->cpus[*vgic_route(d, intid)], 1);
}

struct vcpu *vgic_route_target(struct domain *d, uint8_t route)
{
	return domain_vcpu(d, route);
}

void vgic_cpu_routes(struct vcpu *v)
{
	(void)v; /* every route could be programmed at once */
}

/* The vCPU that a GICD_IROUTER value means: one with all of its affinity, or, for a
 * write of the low half, one with its Aff2..0. Or none. */
static uint32_t vgic_find_affinity(const struct domain *d, uint64_t value, uint64_t mask)
{
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		if (((vcpu_mpidr(d, i) ^ value) & mask) == 0) {
			return i;
		}
	}
	return UINT32_MAX;
}

static bool vgic_router_access(struct mmio_access *a, uint32_t offset)
{
	struct domain *d = a->vcpu->domain;
	uint32_t intid = offset / 8;
	uint8_t *route = vgic_route(d, intid);
	uint32_t shift = 8 * (offset % 8);
	uint64_t all = GENMASK64(39, 32) | GENMASK64(23, 0);
	uint64_t lane = a->size == 8 ? UINT64_MAX : UINT64_C(0xffffffff) << shift;
	uint64_t value;
	uint32_t target;

	if (a->size < 4) {
		return false;
	}
	if (route == NULL) {
		a->value = a->write ? a->value : 0;
		return true;
	}
	value = vcpu_mpidr(d, *route) & all;
	if (!a->write) {
		a->value = (value & lane) >> shift;
		return true;
	}
	value = (value & ~lane) | ((a->value << shift) & lane);
	target = vgic_find_affinity(d, value, all);
	if (target == UINT32_MAX && lane == UINT64_C(0xffffffff)) {
		target = vgic_find_affinity(d, value, all & lane);
	}
	/* An affinity that none of the domain's CPUs has changes nothing. */
	if (target != UINT32_MAX && target != *route) {
		*route = (uint8_t)target;
		vgic_route_changed(a->vcpu, intid);
	}
	return true;
}

static uint32_t vgic_gicd_read(struct mmio_access *a, uint32_t reg)
{
	struct domain *d = a->vcpu->domain;

	switch (reg) {
	case GICD_CTLR:
		return __atomic_load_n(&d->vgic.ctlr, __ATOMIC_RELAXED) | GICD_CTLR_ARE | GICD_CTLR_DS;
	case GICD_TYPER:
		return d->vgic.typer;
	case GICD_IIDR:
		return gic_iidr();
	default:
		return reg >= GICD_V3_ID ? vgic_id_register(reg - GICD_V3_ID, PIDR2_GICV3) : 0;
	}
}

/* Out of line, so that the one below needs no stack frame. */
static __attribute__((noinline)) bool vgic_gicd_other(struct mmio_access *a)
{
	uint32_t reg = (uint32_t)a->offset;

	if (a->offset >= GICD_V3_SIZE || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	if (reg >= GICD_IROUTER && reg < GICD_IROUTER + 8 * INTIDS) {
		return vgic_router_access(a, reg - GICD_IROUTER);
	}
	if (vgic_file_has(reg)) {
		bool prio = reg >= GICD_IPRIORITYR && reg < GICD_ICFGR;
		uint32_t first = prio ? reg & 0x3ff : reg >= GICD_ICFGR ? (reg & 0xff) * 4 : (reg & 0x7f) * 8;

		if (first >= 32) {
			return vgic_file_access(a, a->vcpu, reg);
		}
		/* INTID 0..31 are the redistributors': RAZ/WI here. */
		a->value = a->write ? a->value : 0;
		return a->size == 4 || (prio && a->size == 1);
	}
	if (a->size != 4 && (a->size != 1 || reg < GICD_ITARGETSR || reg >= GICD_ICFGR)) {
		return false;
	}
	if (!a->write) {
		a->value = a->size == 4 ? vgic_gicd_read(a, reg) : 0;
	} else if (reg == GICD_CTLR) {
		vgic_write_ctlr(a->vcpu, (uint32_t)a->value);
	}
	return true;
}

bool vgic_gicd_access(struct mmio_access *a)
{
	if (a->offset == GICD_TYPER && a->size == 4 && !a->write) {
		a->value = a->vcpu->domain->vgic.typer;
		return true;
	}
	return vgic_gicd_other(a);
}

static uint64_t vgic_gicr_typer(const struct domain *d, uint32_t index)
{
	return FIELD_PREP(GICR_TYPER_AFF, vgic_affinity(d, index)) |
	       FIELD_PREP(GICR_TYPER_NUMBER, index) |
	       (index + 1 == d->desc->cpu_count ? GICR_TYPER_LAST : 0) |
	       (d->desc->msi != NULL ? GICR_TYPER_PLPIS : 0);
}

static void vgic_write_waker(struct mmio_access *a, struct vcpu *of)
{
	uint32_t asleep = (a->value & GICR_WAKER_SLEEP) != 0;

	if (__atomic_exchange_n(&of->vgic.asleep, asleep, __ATOMIC_RELAXED) != asleep) {
		vgic_at(a->vcpu, of, VGIC_OP_RESYNC, 0, 0);
	}
}

/* The RD frame. Without LPIs its 64-bit registers but TYPER are reserved. */
static bool vgic_rd_access(struct mmio_access *a, struct vcpu *of, uint32_t reg)
{
	uint64_t typer = vgic_gicr_typer(of->domain, of->index);

	if (a->size < 4) {
		return false;
	}
	if (of->domain->desc->msi != NULL && vlpi_rd_access(a, of, reg)) {
		return true;
	}
	if (a->write) {
		if (reg == GICR_WAKER && a->size == 4) {
			vgic_write_waker(a, of);
		}
		return true;
	}
	a->value = 0;
	if (reg == GICR_TYPER) {
		a->value = a->size == 8 ? typer : (uint32_t)typer;
	} else if (reg == GICR_TYPER + 4) {
		a->value = typer >> 32;
	} else if (reg == GICR_IIDR) {
		a->value = gic_iidr();
	} else if (reg == GICR_WAKER && __atomic_load_n(&of->vgic.asleep, __ATOMIC_RELAXED) != 0) {
		a->value = GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP;
	} else if (reg >= GICD_V3_ID) {
		a->value = vgic_id_register(reg - GICD_V3_ID, PIDR2_GICV3);
	}
	return true;
}

/* The SGI frame: word 0 of each file. */
static bool vgic_sgi_access(struct mmio_access *a, struct vcpu *of, uint32_t reg)
{
	bool word0 = reg < GICD_IPRIORITYR ? (reg & 0x7f) == 0
					   : reg < GICD_IPRIORITYR + 32 || (reg >= GICD_ICFGR && reg < GICD_ICFGR + 8);

	if (vgic_file_has(reg) && word0) {
		return vgic_file_access(a, of, reg);
	}
	a->value = a->write ? a->value : 0;
	return a->size == 4;
}

bool vgic_gicr_access(struct mmio_access *a)
{
	struct domain *d = a->vcpu->domain;
	uint64_t frame = a->offset >> GICR_FRAME_SHIFT;
	uint32_t reg = (uint32_t)(a->offset & (GICR_SIZE - 1));
	struct vcpu *of;

	if (reg == GICR_SGI_FRAME + GICD_ISENABLER && frame == a->vcpu->index && a->write && a->size == 4) {
		vgic_enable_own(a->vcpu, (uint32_t)a->value);
		return true;
	}
	if (frame >= d->desc->cpu_count || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	of = domain_vcpu(d, (uint32_t)frame);
	if (reg < GICR_SGI_FRAME) {
		return vgic_rd_access(a, of, reg);
	}
	return vgic_sgi_access(a, of, reg - GICR_SGI_FRAME);
}

/* ICC_SGI1R_EL1 that names the CPU of that affinity alone, but for the INTID. */
static uint64_t vgic_sgi_list(uint64_t mpidr)
{
	return FIELD_PREP(ICC_SGIR_AFF3, mpidr >> 32) | FIELD_PREP(ICC_SGIR_RS, mpidr >> 4) |
	       FIELD_PREP(ICC_SGIR_AFF2, mpidr >> 16) | FIELD_PREP(ICC_SGIR_AFF1, mpidr >> 8) |
	       BIT64(mpidr & 0xf);
}

/* ICC_SGI1R_EL1 and its like (IHI 0069 12.2.20). Group 0 only: targets on which the SGI
 * is in Group 1 do not get it. */
static void vgic_sgi_targets(struct vcpu *v, uint64_t value, bool group0_only)
{
	const struct domain *d = v->domain;
	uint32_t sgi = (uint32_t)FIELD_GET(ICC_SGIR_INTID, value);
	uint64_t cluster = (FIELD_GET(ICC_SGIR_AFF3, value) << 32) |
			   (FIELD_GET(ICC_SGIR_AFF2, value) << 16) |
			   (FIELD_GET(ICC_SGIR_AFF1, value) << 8) | (FIELD_GET(ICC_SGIR_RS, value) << 4);

	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		uint64_t mpidr = vcpu_mpidr(d, i);
		struct vcpu *t = domain_vcpu(d, i);
		bool hit = (value & ICC_SGIR_IRM) != 0
				   ? t != v
				   : ((mpidr ^ cluster) & (GENMASK64(39, 32) | GENMASK64(23, 4))) == 0 &&
					     (value >> (mpidr & 0xf) & 1) != 0;

		if (hit && !(group0_only && (t->vgic.group >> sgi & 1) != 0)) {
			vgic_send_sgi(v, t, sgi);
		}
	}
}

bool vgic_write_sgi1r(struct vcpu *v, uint64_t value)
{
	uint64_t self = vcpu_mpidr(v->domain, v->index);

	if ((value & ~ICC_SGIR_INTID) == vgic_sgi_list(self)) {
		vgic_inject_sgi(v, (uint32_t)FIELD_GET(ICC_SGIR_INTID, value), 0);
		return true;
	}
	vgic_sgi_targets(v, value, false);
	return true;
}

bool vgic_write_sgi0r(struct vcpu *v, uint64_t value)
{
	vgic_sgi_targets(v, value, true);
	return true;
}

bool vgic_write_dir(struct vcpu *v, uint64_t value)
{
	uint32_t intid = (uint32_t)FIELD_GET(ICC_DIR_INTID, value);

	if (intid < INTIDS) {
		vgic_op_local(v, VGIC_OP_DEACTIVATE, intid / 32, BIT32(intid % 32));
	}
	return true;
}
