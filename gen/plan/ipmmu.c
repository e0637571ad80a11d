// SPDX-License-Identifier: Apache-2.0
/*
 * IPMMU: a context for each domain that has a device behind one, and context 0 for every
 * micro-TLB that no domain has, which maps nothing. The contexts' tables are the domains'
 * own (plan/dma.c).
 */
#include "plan/plan.h"

static void unit_add(struct plan *p, const struct m_iommu *mmu)
{
	struct plan_unit *u = &p->ipmmu.units[p->ipmmu.unit_count++];

	u->m = mmu;
	u->master_count = plan_streams(p, mmu, &u->masters);
}

static bool has_masters(const struct plan *p, size_t domain)
{
	for (size_t i = 0; i < p->ipmmu.unit_count; i++) {
		for (size_t n = 0; n < p->ipmmu.units[i].master_count; n++) {
			if (p->ipmmu.units[i].masters[n].owner == domain) {
				return true;
			}
		}
	}
	return false;
}

void plan_ipmmu(struct plan *p)
{
	const struct m_board *b = &p->m->board;

	if (p->m->ipmmu_user == MODEL_NONE) {
		return;
	}
	p->ipmmu.units = arena_array(p->arena, b->iommu_count, sizeof(p->ipmmu.units[0]));
	unit_add(p, &b->iommus[p->m->ipmmu_root]);
	for (size_t i = 0; i < b->iommu_count; i++) {
		if (b->iommus[i].type == IOMMU_IPMMU && i != p->m->ipmmu_root) {
			unit_add(p, &b->iommus[i]);
		}
	}
	p->ipmmu.domains[p->ipmmu.context_count++] = MODEL_NONE;
	/* HV0307: there are enough of them. */
	for (size_t i = 0; i < p->domain_count && p->ipmmu.context_count < IPMMU_CONTEXTS_MAX; i++) {
		if (has_masters(p, i)) {
			p->ipmmu.domains[p->ipmmu.context_count++] = i;
		}
	}
}
