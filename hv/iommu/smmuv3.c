// SPDX-License-Identifier: Apache-2.0
/* The board's SMMUv3s as iommu/iommu.h wants them. */
#include "iommu/iommu.h"
#include "iommu/smmuv3.h"

static struct smmuv3 smmus[SMMUS_MAX];

struct smmuv3 *smmuv3_get(uint32_t index)
{
	return &smmus[index];
}

const char *iommu_init(void)
{
	if (board.smmu_count > SMMUS_MAX) {
		return "more SMMUs than the driver can have (SMMUS_MAX)";
	}
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		*s = (struct smmuv3){.desc = &board.smmus[i], .index = i};
		smmuv3_nested_init(s);
		if (!smmuv3_init(s)) {
			return "an IOMMU does not confine DMA";
		}
		/* What came before its interrupt is routed. */
		smmuv3_put_off(s);
	}
	return NULL;
}

uint32_t iommu_irq(uint32_t n, bool *edge)
{
	*edge = true;
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		const uint32_t irqs[] = {board.smmus[i].evtq_intid, board.smmus[i].gerror_intid};

		for (uint32_t k = 0; k < ARRAY_SIZE(irqs); k++) {
			if (irqs[k] != 0 && n-- == 0) {
				return irqs[k];
			}
		}
	}
	return 0;
}

bool iommu_handle_irq(uint32_t intid)
{
	bool found = false;

	if (intid == 0) {
		return false;
	}
	/* Several SMMUs may share one line. */
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		if (s->desc->evtq_intid == intid || s->desc->gerror_intid == intid) {
			found = true;
			spin_lock(&s->lock);
			if (!s->muted) {
				smmuv3_take_events(s);
			}
			spin_unlock(&s->lock);
		}
	}
	return found;
}

/* The period's end, seen without the lock: at worst it is late. */
static bool iommu_is_due(const struct smmuv3 *s)
{
	return time_over(__atomic_load_n(&s->period_end, __ATOMIC_RELAXED));
}

void iommu_catch_up(void)
{
	uint32_t wanted = __atomic_load_n(&iommu_put_off, __ATOMIC_RELAXED);

	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		/* One CPU does it; the others go on. */
		if ((wanted & BIT32(i)) != 0 && iommu_is_due(s) &&
		    (__atomic_fetch_and(&iommu_put_off, ~BIT32(i), __ATOMIC_RELAXED) & BIT32(i)) != 0) {
			spin_lock(&s->lock);
			smmuv3_catch_up(s);
			spin_unlock(&s->lock);
		}
	}
}

bool smmuv3_set_all(uint32_t domain, uint32_t cpu, uint64_t word0)
{
	bool done = true;

	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		spin_lock(&s->lock);
		done &= smmuv3_set_domain(s, domain, cpu, word0);
		spin_unlock(&s->lock);
	}
	return done;
}

bool iommu_domain_block(uint32_t domain, uint32_t cpu)
{
	return smmuv3_set_all(domain, cpu, STE0_BLOCK);
}

bool iommu_domain_unblock(uint32_t domain, uint32_t cpu)
{
	return smmuv3_set_all(domain, cpu, STE0_PASS);
}
