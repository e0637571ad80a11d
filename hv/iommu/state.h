/* SPDX-License-Identifier: Apache-2.0 */
/* What the monitor tells of the IOMMUs. Linked only with it. */
#ifndef HV_IOMMU_STATE_H
#define HV_IOMMU_STATE_H

#include "types.h"

struct iommu_state {
	const char *name;
	uint64_t base; /* of its registers */
	const char *state;
};

/* The n-th IOMMU of the board, n = 0, 1, ... False: there are no more. */
bool iommu_get_state(uint32_t n, struct iommu_state *state);

#endif
