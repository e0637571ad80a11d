// SPDX-License-Identifier: Apache-2.0
#include "iommu/state.h"

#include "iommu/smmuv3.h"

bool iommu_get_state(uint32_t n, struct iommu_state *state)
{
	const struct smmuv3 *s;

	if (n >= board.smmu_count) {
		return false;
	}
	s = smmuv3_get(n);
	state->name = s->desc->name;
	state->base = s->desc->reg.base;
	state->state = s->dead ? "given up, all DMA is aborted" :
		       smmuv3_is_muted(s) ? "works; so many events that some are not looked at" : "works";
	return true;
}
