// SPDX-License-Identifier: Apache-2.0
/* For machines without an IOMMU. */
#include "iommu/iommu.h"

#include "tables.h"

uint64_t iommu_work;

const char *iommu_init(void)
{
	if (board.smmu_count != 0) {
		return "it has an SMMUv3, but the driver is not built in (CONFIG_SMMUV3)";
	}
	return board.ipmmu == NULL ? NULL : "it has an IPMMU, but the driver is not built in (CONFIG_IPMMU)";
}

uint32_t iommu_irq(uint32_t n, bool *edge)
{
	(void)n;
	(void)edge;
	return 0;
}

bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold)
{
	(void)intid;
	(void)wake;
	(void)hold;
	return false;
}

struct iommu_turn iommu_serve(uint32_t domain, bool own)
{
	(void)domain;
	(void)own;
	return (struct iommu_turn){.later = false};
}

bool iommu_domain_block(uint32_t domain, uint32_t cpu)
{
	(void)domain;
	(void)cpu;
	return true;
}

bool iommu_domain_unblock(uint32_t domain, uint32_t cpu)
{
	(void)domain;
	(void)cpu;
	return true;
}
