/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of interrupts: priority, group and route, as the guest wrote them. An SPI
 * that the physical GIC backs has one owner, so these tables need no domain.
 */
#include "guest/vgic_priv.h"

static uint8_t spi_prio[INTIDS];
static uint8_t spi_route[INTIDS];
static uint32_t spi_group[IRQ_WORDS];
static uint32_t spi_latched[IRQ_WORDS];

uint8_t *vgic_prio(struct vcpu *v, uint32_t intid)
{
	struct vgic_virq *q;

	if (intid < 32) {
		return (vgic_private(v->domain) >> intid & 1) != 0 ? &v->vgic.prio[intid] : NULL;
	}
	if (intid >= INTIDS) {
		return NULL;
	}
	if (vgic_is_backed(v->domain, intid)) {
		return &spi_prio[intid];
	}
	q = vgic_virq_find(v->domain, intid);
	return q != NULL ? &q->prio : NULL;
}

uint8_t *vgic_route(struct domain *d, uint32_t intid)
{
	struct vgic_virq *q;

	if (intid < 32 || intid >= INTIDS) {
		return NULL;
	}
	if (vgic_is_backed(d, intid)) {
		return &spi_route[intid];
	}
	q = vgic_virq_find(d, intid);
	return q != NULL ? &q->route : NULL;
}

uint32_t vgic_group(struct vcpu *v, uint32_t intid)
{
	const struct vgic_virq *q;

	if (intid < 32) {
		return v->vgic.group >> intid & 1;
	}
	if (vgic_is_backed(v->domain, intid)) {
		return spi_group[intid / 32] >> (intid % 32) & 1;
	}
	q = vgic_virq_find(v->domain, intid);
	return q != NULL && q->group1 ? 1 : 0;
}

uint32_t vgic_read_groups(struct domain *d, uint32_t w)
{
	return (spi_group[w] & vgic_backed(d, w)) | vgic_virq_read(d, VGIC_VIRQ_GROUP, w);
}

static void vgic_merge_bits(uint32_t *word, uint32_t mask, uint32_t value)
{
	__atomic_fetch_or(word, mask & value, __ATOMIC_RELAXED);
	__atomic_fetch_and(word, ~mask | value, __ATOMIC_RELAXED);
}

void vgic_write_groups(struct domain *d, uint32_t w, uint32_t value)
{
	vgic_merge_bits(&spi_group[w], vgic_backed(d, w), value);
	vgic_virq_write(d, VGIC_VIRQ_GROUP, w, value, true);
	vgic_virq_write(d, VGIC_VIRQ_GROUP, w, ~value, false);
}

bool vgic_is_latched(struct vcpu *v, uint32_t intid)
{
	uint32_t word = intid < 32 ? v->vgic.latch : spi_latched[intid / 32];

	return (word >> (intid % 32) & 1) != 0;
}

void vgic_latch(struct vcpu *v, uint32_t w, uint32_t bits, bool on)
{
	vgic_merge_bits(w == 0 ? &v->vgic.latch : &spi_latched[w], bits, on ? UINT32_MAX : 0);
}

/* Trigger of the interrupts in `bits` of word w as the board says. */
static void vgic_reset_config(const struct domain *d, uint32_t cpu, uint32_t w, uint32_t bits)
{
	for (uint32_t half = 0; half < 2; half++) {
		uint32_t own = bits >> (16 * half) & 0xffff;
		uint32_t edge = d->desc->irq_edge[w] >> (16 * half) & own;
		uint32_t mask = 0;
		uint32_t value = 0;

		for (; own != 0; own &= own - 1) {
			uint32_t shift = 2 * (uint32_t)__builtin_ctz(own);

			mask |= UINT32_C(2) << shift;
			value |= (edge & own & -own) != 0 ? UINT32_C(2) << shift : 0;
		}
		if (mask != 0) {
			gic_write_config(cpu, 2 * w + half, mask, value);
		}
	}
}

void vgic_reset_spis(struct domain *d)
{
	for (uint32_t w = 1; w < IRQ_WORDS; w++) {
		uint32_t bits = vgic_backed(d, w);

		if (bits == 0) {
			continue;
		}
		gic_write_word(0, GICD_ICENABLER, w, bits);
		gic_write_word(0, GICD_ICPENDR, w, bits);
		gic_write_word(0, GICD_ICACTIVER, w, bits);
		vgic_reset_config(d, 0, w, bits);
		vgic_merge_bits(&spi_group[w], bits, vgic_reset_groups());
		vgic_merge_bits(&spi_latched[w], bits, 0);
		for (; bits != 0; bits &= bits - 1) {
			uint32_t intid = 32 * w + (uint32_t)__builtin_ctz(bits);

			spi_prio[intid] = GIC_PRIO_RESET;
			gic_write_priority(0, intid, GIC_PRIO_RESET);
			spi_route[intid] = vgic_reset_route();
			vgic_apply_route(d, intid);
		}
	}
}

void vgic_reset_private(struct vcpu *v)
{
	v->vgic.enable = vgic_fixed_sgis();
	v->vgic.group = vgic_reset_groups();
	v->vgic.latch = 0;
	v->vgic.asleep = 0;
	for (uint32_t n = 0; n < 32; n++) {
		v->vgic.prio[n] = GIC_PRIO_RESET;
	}
}

void vgic_apply_private(struct vcpu *v)
{
	uint32_t cpu = vcpu_cpu(v)->index;
	uint32_t ppis = vgic_backed(v->domain, 0) & ~UINT32_C(0xffff);

	vgic_reset_config(v->domain, cpu, 0, ppis);
	for (uint32_t m = ppis; m != 0; m &= m - 1) {
		uint32_t intid = (uint32_t)__builtin_ctz(m);

		gic_write_priority(cpu, intid, v->vgic.prio[intid]);
	}
	gic_write_word(cpu, GICD_ISENABLER, 0, v->vgic.enable & ppis);
}
