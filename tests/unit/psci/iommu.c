// SPDX-License-Identifier: Apache-2.0
/* IOMMUs without any work: tests/unit/duty_test.c has that. */
#include "iommu/iommu.h"
#include "irq/gic.h"

uint64_t iommu_work;

bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold)
{
	(void)intid;
	(void)hold;
	(void)wake;
	return false;
}

struct iommu_turn iommu_serve(uint32_t domain, bool own)
{
	(void)domain;
	(void)own;
	return (struct iommu_turn){.later = false};
}

void gic_spi_route(uint32_t intid, const uint8_t *to, uint32_t count)
{
	(void)intid;
	(void)to;
	(void)count;
}
