// SPDX-License-Identifier: Apache-2.0
/* IPMMU: from whatever firmware left to the state of the tables. */
#include "arch/cpu.h"
#include "drivers/console.h"
#include "iommu/ipmmu.h"

/* Stage-2 tables are read by some revisions of the chip alone. */
static const char *ipmmu_check_chip(void)
{
	const struct ipmmu_desc *d = board.ipmmu;
	uint32_t prr = mmio_read32(d->prr);

	if ((prr & PRR_PRODUCT) == d->product && (prr & PRR_CUT) >= d->cut_min) {
		return NULL;
	}
	log_error("%s: PRR 0x%x: product 0x%x, ES%u.%u; stage 2 needs product 0x%x, ES%u.%u", d->units[0].name,
		  prr, prr & PRR_PRODUCT, ((prr & PRR_CUT_MAJOR) >> 4) + 1, prr & PRR_CUT_MINOR, d->product,
		  ((d->cut_min & PRR_CUT_MAJOR) >> 4) + 1, d->cut_min & PRR_CUT_MINOR);
	return "the IPMMU of this chip has no stage 2";
}

/* Waits until the bits of a register are as wanted. */
static bool ipmmu_wait(uint64_t reg, uint32_t mask, uint32_t value)
{
	uint64_t end = time_after_us(IPMMU_POWER_US);
	bool over;

	do {
		over = time_over(end);
		if ((mmio_read32(reg) & mask) == value) {
			return true;
		}
		arch_relax();
	} while (!over);
	return false;
}

/* Turns the unit's power domain on. A unit without power passes no DMA, as its masters are
 * without it too, but must not be touched. SYSC is no domain's, so that none turns it off,
 * and on again to a unit that lets everything pass. */
static void ipmmu_power_on(uint32_t unit)
{
	const struct ipmmu_unit_desc *u = &board.ipmmu->units[unit];

	if (u->power == 0 || (mmio_read32(u->power + PWRSR) & PWRSR_OFF) == 0) {
		return;
	}
	if (ipmmu_wait(ALIGN_DOWN(u->power, PAGE_SIZE) + SYSC_SYSCSR, SYSCSR_PONENB, SYSCSR_PONENB)) {
		mmio_write32(u->power + PWRONCR, PWRONCR_ON);
	}
	if (!ipmmu_wait(u->power + PWRSR, PWRSR_OFF, 0)) {
		ipmmu.off |= BIT32(unit);
		log_warn("%s: its power domain does not turn on: neither it nor what is behind it works", u->name);
	}
}

/* What a unit must be set to before its contexts mean what they say. */
static const char *ipmmu_prepare(uint32_t unit)
{
	if (ipmmu_is_off(unit)) {
		return unit == 0 ? "the root of the IPMMUs has no power" : NULL;
	}
	ipmmu_write(unit, IMSCTLR, ipmmu_read(unit, IMSCTLR) & ~IMSCTLR_USE_SECGRP);
	if ((ipmmu_read(unit, IMSCTLR) & IMSCTLR_USE_SECGRP) != 0) {
		return "an IPMMU belongs to the secure world: IMSCTLR.USE_SECGRP stays 1";
	}
	if (unit == 0) {
		ipmmu_write(0, IMSAUXCTLR, ipmmu_read(0, IMSAUXCTLR) | IMSAUXCTLR_S2PTE);
		if ((ipmmu_read(0, IMSAUXCTLR) & IMSAUXCTLR_S2PTE) == 0) {
			return "the IPMMU reads no stage-2 tables: IMSAUXCTLR.S2PTE stays 0";
		}
	}
	return NULL;
}

/* The context that blocks first, then all micro-TLBs to it; so the others can be set. */
static bool ipmmu_block_all(void)
{
	const struct ipmmu_desc *d = board.ipmmu;
	bool good = ipmmu_context_set(IPMMU_BLOCKS);

	for (uint32_t i = 0; i < d->unit_count && good; i++) {
		good = ipmmu_follow(i, 0, d->units[i].utlbs, IPMMU_BLOCKS, false);
	}
	for (uint32_t c = IPMMU_BLOCKS + 1; c < IPMMU_CONTEXTS_MAX && good; c++) {
		for (uint32_t i = d->unit_count; i-- > 0;) {
			if (!ipmmu_is_off(i)) {
				ipmmu_write(i, IMCTR(c), 0);
			}
		}
	}
	return good;
}

const char *ipmmu_init(void)
{
	const struct ipmmu_desc *d = board.ipmmu;
	const char *problem = ipmmu_check_chip();
	bool good;

	ipmmu.dead = false;
	ipmmu.off = 0;
	ipmmu.blocked = 0;
	ipmmu.broken = 0;
	/* The root first: the caches cannot be used before. */
	for (uint32_t i = 0; i < d->unit_count && problem == NULL; i++) {
		ipmmu_power_on(i);
		problem = ipmmu_prepare(i);
	}
	if (problem != NULL) {
		ipmmu.dead = true;
		return problem;
	}
	good = ipmmu_block_all();
	for (uint32_t c = IPMMU_BLOCKS + 1; c < d->context_count && good; c++) {
		good = ipmmu_context_set(c) && ipmmu_context_follow(c, false);
	}
	return good ? NULL : "an IPMMU does not confine DMA";
}
