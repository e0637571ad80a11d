// SPDX-License-Identifier: Apache-2.0
/*
 * What a domain with `guest-abi: xen` is told: feature bits, its event interrupt, and
 * a place for grant tables. Bits 16 and 17 say what the board file proves: whether an
 * IOMMU translates for every DMA master that the domain has.
 */
#include "plan/plan.h"

#define PPI_FIRST 16u
#define PPI_LAST 31u
#define INTID_PMU 23u
#define REQUESTER_IDS 0x10000u
#define GRANTS_SIZE MIB(2)

/* Every link is to an IOMMU that the hypervisor drives; a PCI host is behind it when each
 * of its requester IDs is mapped there. */
static bool links_cover(const struct model *m, const struct m_device *dev)
{
	bool mapped = false;
	uint64_t count = 0;

	for (size_t i = 0; i < dev->link_count; i++) {
		if (m->board.iommus[dev->links[i].iommu].type != IOMMU_SMMUV3 && m->ipmmu_user == MODEL_NONE) {
			return false;
		}
		mapped = mapped || dev->links[i].mapped;
		count += dev->links[i].mapped ? dev->links[i].count : 0;
	}
	return dev->link_count != 0 && (!mapped || count >= REQUESTER_IDS);
}

bool plan_is_confined(const struct plan *p, size_t device)
{
	return links_cover(p->m, &p->m->board.devices[device]);
}

bool plan_is_protected(const struct plan *p, size_t device)
{
	size_t owner = plan_owner(p, device);
	bool off = owner < p->domain_count && p->domains[owner].m->iommu == IOMMU_OFF;

	return !off && plan_is_confined(p, device);
}

/* Some of its registers are in what the domain's map reaches, be they its own or in the
 * same page: who has a master's registers has its DMA. */
static bool is_reached(const struct plan_domain *dom, const struct m_device *dev)
{
	for (size_t r = 0; r < dev->reg_count; r++) {
		for (size_t i = 0; i < dom->map_count; i++) {
			if (dev->reg[r].base < dom->maps[i].pa + dom->maps[i].size &&
			    dom->maps[i].pa <= dev->reg[r].base + (dev->reg[r].size - 1)) {
				return true;
			}
		}
	}
	return false;
}

static bool all_protected(const struct plan *p, const struct plan_domain *dom)
{
	for (size_t i = 0; i < p->m->board.device_count; i++) {
		const struct m_device *dev = &p->m->board.devices[i];

		if (dev->dma_master && !plan_is_protected(p, i) &&
		    (plan_owner(p, i) == (size_t)(dom - p->domains) || is_reached(dom, dev))) {
			return false;
		}
	}
	return true;
}

/* The domain's addresses are the machine's. */
static bool is_direct(const struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->run_count; i++) {
		if (dom->runs[i].ipa != dom->runs[i].pa) {
			return false;
		}
	}
	return true;
}

/* The board file's proof, unless the system file knows better (which HV0532 warns of). */
static uint32_t dma_feature(const struct plan *p, const struct plan_domain *dom)
{
	switch (dom->m->xen_dma) {
	case XEN_DMA_DIRECT:
		return XEN_FEATURE_DIRECT_MAPPED;
	case XEN_DMA_NOT_DIRECT:
		return XEN_FEATURE_NOT_DIRECT_MAPPED;
	case XEN_DMA_AUTO:
	default:
		return all_protected(p, dom) ? XEN_FEATURE_NOT_DIRECT_MAPPED :
		       is_direct(dom)	     ? XEN_FEATURE_DIRECT_MAPPED :
					       0;
	}
}

static uint32_t ppi_used(const struct plan *p)
{
	const struct m_board *b = &p->m->board;
	const uint32_t machine[] = {b->timer.secure.intid, b->timer.physical.intid, b->timer.virt.intid,
				    b->timer.hyp.intid, b->gic.maintenance.intid, INTID_PMU};
	uint32_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(machine); i++) {
		used |= machine[i] <= PPI_LAST ? BIT32(machine[i]) : 0;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t n = 0; n < b->devices[i].irq_count; n++) {
			uint32_t intid = b->devices[i].irqs[n].intid;
			used |= intid <= PPI_LAST ? BIT32(intid) : 0;
		}
	}
	return used;
}

/* The highest PPI that nothing on the board uses (HV0525: there is one). The hypervisor makes it pending
 * in the physical GIC, so that it is delivered like a device's. */
static uint32_t events_intid(const struct plan *p)
{
	uint32_t used = ppi_used(p);

	for (uint32_t n = PPI_LAST; n >= PPI_FIRST; n--) {
		if ((used & BIT32(n)) == 0) {
			return n;
		}
	}
	return 0;
}

static void domain_xen(struct plan *p, struct plan_domain *dom)
{
	dom->xen_features = XEN_FEATURE_WRITABLE_TABLES | XEN_FEATURE_TRANSLATED | XEN_FEATURE_VNODE |
			    XEN_FEATURE_SMCCC | XEN_FEATURE_RUNSTATE_PHYS |
			    (dom->m->hardware ? XEN_FEATURE_HARDWARE : 0) | dma_feature(p, dom);
	if (plan_find_hole(p, dom, GRANTS_SIZE, GRANTS_SIZE, &dom->xen_grants.base)) {
		dom->xen_grants.size = GRANTS_SIZE;
	}
	/* Where firmware names the interrupt controller, it also says which PPIs are in use. */
	if (p->gic.version != GIC_NONE) {
		dom->xen_events = events_intid(p);
		dom->irq_mask[0] |= BIT32(dom->xen_events);
	}
}

void plan_xen(struct plan *p)
{
	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].m->guest_abi == ABI_XEN) {
			domain_xen(p, &p->domains[i]);
		}
	}
}
