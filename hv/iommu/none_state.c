// SPDX-License-Identifier: Apache-2.0
#include "iommu/state.h"

bool iommu_get_state(uint32_t n, struct iommu_state *state)
{
	(void)n;
	(void)state;
	return false;
}
