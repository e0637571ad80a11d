/* SPDX-License-Identifier: Apache-2.0 */
/* The 17 IPMMUs, SYSC and the product register: the host tests' model, on the machine's memory. */
#ifndef TESTS_MODELS_RCAR_EL3_IPMMU_H
#define TESTS_MODELS_RCAR_EL3_IPMMU_H

#include "models/rcar/device.h"

void ipmmu_init(void);
uint64_t ipmmu_read(const struct rcar_device *d, uint32_t offset, uint32_t size);
void ipmmu_write(const struct rcar_device *d, uint32_t offset, uint32_t size, uint64_t value);

#endif
