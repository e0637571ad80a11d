// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c tests/unit/smmu/hostile.c
/* The input decides what SMMUs do that misbehave: the driver ends every call in time. */
#include <stddef.h>

#include "unit/smmu/hostile.h"

static const uint8_t *input;
static size_t input_left;

/* Bytes of the input, as few as the range needs; 0 behind its end. */
static uint32_t input_choose(uint32_t below)
{
	uint64_t value = 0;

	for (uint64_t range = 1; range < below && input_left > 0; range <<= 8) {
		value = value << 8 | *input++;
		input_left--;
	}
	return (uint32_t)(value % below);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
	hostile_start();
	while (input_left > 0) {
		hostile_step(input_choose);
	}
	return 0;
}
