// SPDX-License-Identifier: Apache-2.0
/* The board's SMMUv3s as iommu/iommu.h wants them. */
#include "iommu/iommu.h"
#include "iommu/smmuv3.h"

static struct smmuv3 smmus[SMMUS_MAX];

struct smmuv3 *smmuv3_get(uint32_t index)
{
	return &smmus[index];
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

static bool iommu_is_irq(const struct smmuv3 *s, uint32_t intid)
{
	return s->desc->evtq_intid == intid || s->desc->gerror_intid == intid;
}

/* Who looks after what is nobody's: the hardware domain, or the first if there is none. */
static uint32_t iommu_keeper(void)
{
	uint32_t keeper = 0;

	for (uint32_t i = board.domain_count; i > 0; i--) {
		if ((board.domains[i - 1].flags & DOMAIN_HARDWARE) != 0) {
			keeper = i - 1;
		}
	}
	return keeper;
}

const char *iommu_init(void)
{
	uint32_t intid;
	bool edge;

	if (board.smmu_count > SMMUS_MAX) {
		return "more SMMUs than the driver can have (SMMUS_MAX)";
	}
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];
		bool good;

		*s = (struct smmuv3){.desc = &board.smmus[i], .index = i, .keeper = iommu_keeper()};
		for (uint32_t n = 0; (intid = iommu_irq(n, &edge)) != 0; n++) {
			s->irqs |= iommu_is_irq(s, intid) ? BIT32(n) : 0;
		}
		s->busiest = s->keeper;
		smmuv3_nested_init(s);
		spin_lock(&s->lock);
		good = smmuv3_init(s);
		smmuv3_release(s);
		if (!good) {
			return "an IOMMU does not confine DMA";
		}
		/* What came before its interrupt is routed is somebody's work already. */
		s->duty = s->keeper + 1;
		iommu_owe(s->keeper);
	}
	return NULL;
}

bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold)
{
	bool found = false;
	uint32_t domain;

	*wake = 0;
	*hold = false;
	if (intid == 0) {
		return false;
	}
	/* Several SMMUs may share one line. */
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		if (iommu_is_irq(s, intid)) {
			found = true;
			*wake |= smmuv3_notice(s, &domain) ? BIT64(domain) : 0;
		}
	}
	return found;
}

struct iommu_turn iommu_serve(uint32_t domain, bool own)
{
	struct smmuv3_turn t = {.domain = domain, .own = own, .now = time_after_us(0)};

	/* Before it is looked at: whoever has more for the domain sets it again. */
	__atomic_fetch_and(&iommu_work, ~BIT64(domain), __ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < board.smmu_count; i++) {
		smmuv3_take_turn(&smmus[i], &t);
		smmuv3_tell(&smmus[i], &t);
	}
	if (t.to.later) {
		iommu_owe(domain);
	}
	t.to.wake &= ~BIT64(domain);
	return t.to;
}

bool smmuv3_set_all(uint32_t domain, uint32_t cpu, uint64_t word0)
{
	bool done = true;

	for (uint32_t i = 0; i < board.smmu_count; i++) {
		struct smmuv3 *s = &smmus[i];

		spin_lock(&s->lock);
		done &= smmuv3_set_domain(s, domain, cpu, word0);
		smmuv3_release(s);
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
