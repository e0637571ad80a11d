// SPDX-License-Identifier: Apache-2.0
#include "iommu/state.h"

#include "iommu/ipmmu.h"

bool iommu_get_state(uint32_t n, struct iommu_state *state)
{
	if (board.ipmmu == NULL || n >= board.ipmmu->unit_count) {
		return false;
	}
	state->name = board.ipmmu->units[n].name;
	state->base = board.ipmmu->units[n].reg;
	state->state = ipmmu.dead ? "given up, all DMA is blocked" : ipmmu_is_off(n) ? "has no power" : "works";
	return true;
}
