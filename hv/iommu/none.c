// SPDX-License-Identifier: Apache-2.0
/* For machines without an IOMMU. */
#include "iommu/iommu.h"

#include "tables.h"

uint32_t iommu_put_off;

const char *iommu_init(void)
{
	return board.smmu_count == 0 ? NULL : "it has an SMMUv3, but the driver is not built in (CONFIG_SMMUV3)";
}

uint32_t iommu_irq(uint32_t n)
{
	(void)n;
	return 0;
}

bool iommu_handle_irq(uint32_t intid)
{
	(void)intid;
	return false;
}

void iommu_catch_up(void)
{
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
