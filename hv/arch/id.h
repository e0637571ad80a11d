/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about EL2's and the guest's registers share: fields of the ID registers
 * (DDI 0487, D24.2), 4 bits each, and what stands at the same place in several others. */
#ifndef HV_ARCH_ID_H
#define HV_ARCH_ID_H

#include "types.h"

#define PMCR_N GENMASK64(15, 11)
#define BUFFER_P BIT64(4) /* of PMBIDR_EL1, TRBIDR_EL1: the buffer is a higher level's */

static inline uint32_t id_field(uint64_t id, unsigned int shift)
{
	return (uint32_t)(id >> shift) & 0xf;
}

static inline bool id_has(uint64_t id, unsigned int shift)
{
	return id_field(id, shift) != 0;
}

#endif
