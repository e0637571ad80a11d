// SPDX-License-Identifier: Apache-2.0
/* Model of list registers and of the guest's CPU interface. */
#include "models/gic_priv.h"

#define LR_INTID(lr) ((uint32_t)((lr) & 0xffff))
#define LR_PINTID(lr) ((uint32_t)((lr) >> 32 & 0x3ff))
#define LR_SOURCE(lr) ((uint32_t)((lr) >> 32 & 7))
#define LR_PRIO(lr) ((uint32_t)((lr) >> 48 & 0xff))
#define LR_GROUP(lr) ((uint32_t)((lr) >> 60 & 1))
#define LR_STATE(lr) ((uint32_t)((lr) >> 62))
#define LR_EOI BIT64(41)
#define LR_HW BIT64(61)
#define PENDING 1u
#define ACTIVE 2u

#define HCR_EN BIT32(0)
#define HCR_UIE BIT32(1)
#define HCR_LRENPIE BIT32(2)
#define HCR_NPIE BIT32(3)
#define HCR_TDIR BIT32(14)

static bool is_lpi(uint32_t intid)
{
	return gicm.cfg.its != 0 && intid >= 8192;
}

void gicm_write_lr(uint32_t cpu, uint32_t n, uint64_t lr)
{
	gicm.changes++;
	if (n >= gicm.cfg.lrs) {
		model_fail("list register %u does not exist", n);
	}
	if (LR_STATE(lr) != 0) {
		if ((lr & LR_HW) != 0 && LR_STATE(lr) == 3) {
			model_fail("list register: HW = 1, pending and active");
		}
		if ((lr & LR_HW) != 0 && LR_PINTID(lr) < 16) {
			model_fail("list register: HW = 1, SGI");
		}
		if ((lr & GENMASK64(31, 16)) != 0 || (lr & (GENMASK64(47, 45) | GENMASK64(59, 56))) != 0 ||
		    (LR_INTID(lr) >= 1020 && !is_lpi(LR_INTID(lr)))) {
			model_fail("list register: reserved bits: 0x%lx", lr);
		}
	}
	gicm.cpu[cpu].lr[n] = lr & ~(uint64_t)GENMASK64(50, 48); /* 5 priority bits */
}

void gicm_lr_check(uint32_t cpu)
{
	const struct gicm_cpu *c = &gicm.cpu[cpu];

	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		uint64_t lr = c->lr[i];

		if (LR_STATE(lr) == 0) {
			continue;
		}
		if ((lr & LR_HW) != 0 && !gicm_find(cpu, LR_PINTID(lr))->active) {
			model_fail("list register %u: physical interrupt %u is not active", i, LR_PINTID(lr));
		}
		for (uint32_t j = 0; j < i; j++) {
			if (LR_STATE(c->lr[j]) != 0 && LR_INTID(c->lr[j]) == LR_INTID(lr)) {
				model_fail("interrupt %u is in list registers %u and %u", LR_INTID(lr), j, i);
			}
		}
	}
}

uint32_t gicm_lr_count(uint32_t cpu, uint32_t vintid)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		count += LR_STATE(gicm.cpu[cpu].lr[i]) != 0 && LR_INTID(gicm.cpu[cpu].lr[i]) == vintid;
	}
	return count;
}

uint32_t gicm_eisr(uint32_t cpu)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		uint64_t lr = gicm.cpu[cpu].lr[i];

		bits |= (uint32_t)(LR_STATE(lr) == 0 && (lr & (LR_HW | LR_EOI)) == LR_EOI) << i;
	}
	return bits;
}

uint32_t gicm_elrsr(uint32_t cpu)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		bits |= (uint32_t)(LR_STATE(gicm.cpu[cpu].lr[i]) == 0) << i;
	}
	return bits & ~gicm_eisr(cpu);
}

uint32_t gicm_misr(uint32_t cpu)
{
	const struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t pending = 0;
	uint32_t valid = 0;
	uint32_t misr = 0;

	if ((c->hcr & HCR_EN) == 0) {
		return 0;
	}
	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		pending += LR_STATE(c->lr[i]) == PENDING;
		valid += LR_STATE(c->lr[i]) != 0;
	}
	misr |= gicm_eisr(cpu) != 0 ? 1 : 0;
	misr |= (c->hcr & HCR_UIE) != 0 && valid <= 1 ? 2 : 0;
	misr |= (c->hcr & HCR_LRENPIE) != 0 && c->hcr >> 27 != 0 ? 4 : 0;
	misr |= (c->hcr & HCR_NPIE) != 0 && pending == 0 ? 8 : 0;
	for (uint32_t g = 0; g < 2; g++) {
		bool on = (c->vgroups >> g & 1) != 0;

		misr |= (c->hcr >> (4 + 2 * g) & 1) != 0 && on ? 0x10u << (2 * g) : 0;
		misr |= (c->hcr >> (5 + 2 * g) & 1) != 0 && !on ? 0x20u << (2 * g) : 0;
	}
	return misr;
}

uint32_t gicm_guest_running(uint32_t cpu)
{
	uint32_t active = gicm.cpu[cpu].apr[0] | gicm.cpu[cpu].apr[1];

	return active == 0 ? 0x100 : 8 * (uint32_t)__builtin_ctz(active);
}

/* List register of the highest pending virtual interrupt, if it may be taken now. */
static uint32_t gicm_virtual_highest(uint32_t cpu, uint32_t group)
{
	const struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t limit = gicm_guest_running(cpu);
	uint32_t best = UINT32_MAX;

	if ((c->hcr & HCR_EN) == 0) {
		return UINT32_MAX;
	}
	limit = c->vpmr < limit ? c->vpmr : limit;
	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		uint64_t lr = c->lr[i];

		if (LR_STATE(lr) == PENDING && LR_PRIO(lr) < limit && (c->vgroups >> LR_GROUP(lr) & 1) != 0) {
			best = i;
			limit = LR_PRIO(lr);
		}
	}
	return best != UINT32_MAX && LR_GROUP(c->lr[best]) == group ? best : UINT32_MAX;
}

bool gicm_virq(uint32_t cpu, uint32_t group)
{
	gicm_lr_check(cpu);
	return gicm_virtual_highest(cpu, group) != UINT32_MAX;
}

uint32_t gicm_guest_iar(uint32_t cpu, uint32_t group)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t i = gicm_virtual_highest(cpu, group);

	if (i == UINT32_MAX) {
		return GICM_SPURIOUS;
	}
	gicm.changes++;
	c->apr[group] |= 1u << (LR_PRIO(c->lr[i]) / 8);
	c->lr[i] = (c->lr[i] & ~GENMASK64(63, 62)) | ((uint64_t)ACTIVE << 62);
	if (is_lpi(LR_INTID(c->lr[i])) && !gicm.cfg.lpi_stays) {
		c->lr[i] &= ~GENMASK64(63, 62);
	}
	if (gicm.cfg.version == 2 && (c->lr[i] & LR_HW) == 0) {
		return LR_INTID(c->lr[i]) | LR_SOURCE(c->lr[i]) << 10;
	}
	return LR_INTID(c->lr[i]);
}

/* Ends the active state of a virtual interrupt, and of the physical one behind it; for
 * an end of interrupt only if priority and group are those that were running. */
static void gicm_virtual_end(uint32_t cpu, uint32_t intid, bool any, uint32_t prio, uint32_t group)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];

	gicm.changes++;
	for (uint32_t i = 0; i < gicm.cfg.lrs; i++) {
		uint64_t lr = c->lr[i];

		if (LR_INTID(lr) == intid && (LR_STATE(lr) & ACTIVE) != 0) {
			if (!any && (LR_PRIO(lr) != prio || LR_GROUP(lr) != group)) {
				return;
			}
			c->lr[i] = lr & ~((uint64_t)ACTIVE << 62);
			if ((lr & LR_HW) != 0) {
				gicm_deactivate(cpu, LR_PINTID(lr));
				gicm.cpu[cpu].seen = gicm.cfg.deaf_end ? gicm.changes : gicm.cpu[cpu].seen;
			}
			return;
		}
	}
	if (c->hcr >> 27 != 31 && !is_lpi(intid)) {
		c->hcr += 1u << 27;
	}
}

void gicm_guest_eoi(uint32_t cpu, uint32_t iar, uint32_t group)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t prio;

	if (c->apr[group] == 0) {
		return;
	}
	prio = 8 * (uint32_t)__builtin_ctz(c->apr[group]);
	c->apr[group] &= c->apr[group] - 1;
	/* An LPI has no end of its own but this, whatever EOImode is. */
	if (!c->veoimode || is_lpi(iar)) {
		gicm_virtual_end(cpu, is_lpi(iar) ? iar : iar & 0x3ff, false, prio, group);
	}
}

bool gicm_guest_dir(uint32_t cpu, uint32_t iar)
{
	if ((gicm.cpu[cpu].hcr & HCR_TDIR) != 0) {
		return false;
	}
	if (gicm.cpu[cpu].veoimode) {
		gicm_virtual_end(cpu, iar & 0x3ff, true, 0, 0);
	}
	return true;
}

void gicm_guest_setup(uint32_t cpu, uint8_t pmr, uint32_t groups, bool eoimode)
{
	gicm.changes++;
	gicm.cpu[cpu].vpmr = pmr & 0xf8;
	gicm.cpu[cpu].vgroups = groups;
	gicm.cpu[cpu].veoimode = eoimode;
}
