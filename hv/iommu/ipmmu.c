// SPDX-License-Identifier: Apache-2.0
/*
 * The board's IPMMUs as iommu/iommu.h wants them: one context for each domain, which all
 * its masters follow through the root and its caches, and one that maps nothing, which
 * every other micro-TLB follows. IMUCTR.MMUEN is never 0: that would let DMA pass.
 *
 * The root walks the tables in memory, not through the caches: boot wrote them with the
 * MMU off, and nothing changes them.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "iommu/iommu.h"
#include "iommu/ipmmu.h"

struct ipmmu ipmmu;
uint64_t iommu_work;

uint32_t ipmmu_read(uint32_t unit, uint32_t reg)
{
	return mmio_read32(board.ipmmu->units[unit].reg + reg);
}

void ipmmu_write(uint32_t unit, uint32_t reg, uint32_t value)
{
	mmio_write32(board.ipmmu->units[unit].reg + reg, value);
}

bool ipmmu_give_up(const char *why)
{
	const struct ipmmu_desc *d = board.ipmmu;

	if (ipmmu.dead) {
		return false;
	}
	ipmmu.dead = true;
	for (uint32_t i = 0; i < d->unit_count; i++) {
		for (uint32_t n = 0; n < d->units[i].utlbs && !ipmmu_is_off(i); n++) {
			ipmmu_write(i, IMUCTR(n), IMUCTR_FLUSH | IMUCTR_MMUEN);
		}
	}
	/* Faults that nobody looks at any more must not interrupt. */
	for (uint32_t c = 0; c < d->context_count; c++) {
		ipmmu_write(0, IMCTR(c), ipmmu_read(0, IMCTR(c)) & ~(IMCTR_INTEN | IMCTR_FLUSH));
	}
	log_error("%s: %s: given up, all DMA behind it is blocked", d->units[0].name, why);
	return false;
}

/* The caches first: they wait for the root, which says when it is done. */
bool ipmmu_flush(uint32_t context)
{
	uint64_t end;
	bool over;

	dsb_sy();
	for (uint32_t i = board.ipmmu->unit_count; i-- > 0;) {
		if (!ipmmu_is_off(i)) {
			ipmmu_write(i, IMCTR(context), ipmmu_on(context) | IMCTR_FLUSH);
		}
	}
	end = time_after_us(IPMMU_FLUSH_US);
	do {
		over = time_over(end);
		if ((ipmmu_read(0, IMCTR(context)) & IMCTR_FLUSH) == 0) {
			return true;
		}
		arch_relax();
	} while (!over);
	return ipmmu_give_up("a flush does not end");
}

bool ipmmu_context_set(uint32_t context)
{
	const struct ipmmu_desc *d = board.ipmmu;
	uint64_t table = d->contexts[context].table;

	for (uint32_t i = d->unit_count; i-- > 0;) {
		if (!ipmmu_is_off(i)) {
			ipmmu_write(i, IMCTR(context), 0);
		}
	}
	ipmmu_write(0, IMTTLBR(context), (uint32_t)table);
	ipmmu_write(0, IMTTUBR(context), (uint32_t)(table >> 32));
	ipmmu_write(0, IMTTBCR(context), d->ttbcr);
	ipmmu_write(0, IMSTR(context), 0);
	ipmmu.faults[context].muted = false;
	ipmmu_write(0, IMCTR(context), ipmmu_on(context));
	return ipmmu_flush(context);
}

/* A unit may have fewer micro-TLBs than others of its kind: the register of one that is not
 * there reads 0. */
bool ipmmu_follow(uint32_t unit, uint32_t first, uint32_t count, uint32_t context, bool named)
{
	uint32_t want = (uint32_t)FIELD_PREP(IMUCTR_TTSEL, context) | IMUCTR_MMUEN;
	uint32_t mask = (uint32_t)IMUCTR_TTSEL | IMUCTR_MMUEN | IMUCTR_FIXADDEN;
	uint32_t got;

	for (uint32_t n = first; n < first + count && !ipmmu_is_off(unit); n++) {
		ipmmu_write(unit, IMUASID(n), 0);
		ipmmu_write(unit, IMUCTR(n), want | IMUCTR_FLUSH);
		got = ipmmu_read(unit, IMUCTR(n));
		if ((got & mask) != want && (named || got != 0)) {
			return ipmmu_give_up("a micro-TLB does not take its context");
		}
	}
	return true;
}

uint32_t ipmmu_context_of(uint32_t domain)
{
	for (uint32_t c = IPMMU_BLOCKS + 1; c < board.ipmmu->context_count; c++) {
		if (board.ipmmu->contexts[c].domain == domain) {
			return c;
		}
	}
	return IPMMU_BLOCKS;
}

bool ipmmu_context_follow(uint32_t context, bool blocked)
{
	const struct ipmmu_desc *d = board.ipmmu;
	bool good = !ipmmu.dead;

	for (uint32_t i = 0; i < d->unit_count; i++) {
		for (uint32_t k = 0; k < d->units[i].master_count && good; k++) {
			const struct stream_desc *m = &d->units[i].masters[k];

			if (m->domain == d->contexts[context].domain) {
				good = ipmmu_follow(i, m->first, m->count, blocked ? IPMMU_BLOCKS : context, true);
			}
		}
	}
	if (good && blocked) {
		ipmmu.blocked |= BIT32(context);
	} else if (good) {
		ipmmu.blocked &= ~BIT32(context);
	}
	return good;
}

bool ipmmu_context_block(uint32_t context)
{
	uint64_t end;

	if (!ipmmu_context_follow(context, true) || !ipmmu_flush(context)) {
		return false;
	}
	end = time_after_us(IPMMU_DRAIN_US);
	while (!time_over(end)) {
		arch_relax();
	}
	return true;
}

const char *iommu_init(void)
{
	if (board.smmu_count != 0) {
		return "it has an SMMUv3, but the driver is not built in (CONFIG_SMMUV3)";
	}
	return board.ipmmu == NULL ? NULL : ipmmu_init();
}

uint32_t iommu_irq(uint32_t n, bool *edge)
{
	*edge = false;
	return n == 0 && board.ipmmu != NULL ? board.ipmmu->intid : 0;
}

/* The domain whose work a context's faults are: those of nobody's masters are the hardware
 * domain's, or the first one's if there is none. */
static __attribute__((noinline)) uint32_t ipmmu_keeper(uint32_t context)
{
	uint32_t keeper = board.ipmmu->contexts[context].domain;

	for (uint32_t i = board.domain_count; i > 0 && keeper >= board.domain_count; i--) {
		if (i == 1 || (board.domains[i - 1].flags & DOMAIN_HARDWARE) != 0) {
			keeper = i - 1;
		}
	}
	return keeper;
}

/* Without the lock, which is held for as long as a flush takes: what is seen too early or
 * too late costs a look. */
bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold)
{
	*wake = 0;
	if (board.ipmmu == NULL || intid != board.ipmmu->intid || intid == 0) {
		return false;
	}
	for (uint32_t c = 0; c < board.ipmmu->context_count && !ipmmu.dead; c++) {
		if (!ipmmu.faults[c].muted && ipmmu_read(0, IMSTR(c)) != 0) {
			*wake |= BIT64(ipmmu_keeper(c));
		}
	}
	*hold = *wake != 0;
	return true;
}

struct iommu_turn iommu_serve(uint32_t domain, bool own)
{
	struct iommu_turn turn = {.irqs = 1};

	(void)own;
	__atomic_fetch_and(&iommu_work, ~BIT64(domain), __ATOMIC_SEQ_CST);
	spin_lock(&ipmmu.lock);
	for (uint32_t c = 0; board.ipmmu != NULL && c < board.ipmmu->context_count; c++) {
		if (ipmmu_keeper(c) == domain) {
			turn.later |= ipmmu_take_faults(c);
		}
	}
	spin_unlock(&ipmmu.lock);
	if (turn.later) {
		iommu_owe(domain);
	}
	return turn;
}

bool iommu_domain_block(uint32_t domain, uint32_t cpu)
{
	uint32_t context = board.ipmmu != NULL ? ipmmu_context_of(domain) : IPMMU_BLOCKS;
	bool good = true;

	(void)cpu;
	if (context != IPMMU_BLOCKS) {
		spin_lock(&ipmmu.lock);
		good = ipmmu_context_block(context);
		spin_unlock(&ipmmu.lock);
	}
	return good;
}

bool iommu_domain_unblock(uint32_t domain, uint32_t cpu)
{
	uint32_t context = board.ipmmu != NULL ? ipmmu_context_of(domain) : IPMMU_BLOCKS;
	bool good = true;

	(void)cpu;
	if (context != IPMMU_BLOCKS) {
		spin_lock(&ipmmu.lock);
		good = !ipmmu.dead && (ipmmu.broken & BIT32(context)) == 0;
		if (good && (ipmmu.blocked & BIT32(context)) != 0) {
			good = ipmmu_context_set(context) && ipmmu_context_follow(context, false);
		}
		spin_unlock(&ipmmu.lock);
	}
	return good;
}
