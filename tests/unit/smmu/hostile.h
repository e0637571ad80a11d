/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SMMUs that do what none should: registers that read as anything, acknowledgements and
 * commands that never come, records of garbage, errors of no cause. Chance decides, or
 * the bytes of a fuzzer's input.
 */
#ifndef TESTS_UNIT_SMMU_HOSTILE_H
#define TESTS_UNIT_SMMU_HOSTILE_H

#include "types.h"

/* Reads of registers and of the counter that one call of the driver's may take. */
#define HOSTILE_READS_MAX 6000

/* Starts over: SMMUs that are right, with a driver that has set them up. */
void hostile_start(void);
/* One step: something happens to the machine, or the driver is called. `choose` gives
 * a number below its argument. Aborts if the driver takes too long. */
void hostile_step(uint32_t (*choose)(uint32_t below));

#endif
