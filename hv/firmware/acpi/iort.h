/* SPDX-License-Identifier: Apache-2.0 */
/* IORT's layout (DEN 0049E), of what is read or written of it. */
#ifndef HV_FIRMWARE_ACPI_IORT_H
#define HV_FIRMWARE_ACPI_IORT_H

#include "types.h"

#define IORT_COUNT 36u
#define IORT_FIRST 40u
#define IORT_SIZE 48u

#define NODE_TYPE 0u
#define NODE_LENGTH 1u
#define NODE_MAPS 8u
#define NODE_MAPS_AT 12u
#define NODE_SIZE 16u
#define NODE_ITS 0u
#define NODE_NAMED 1u
#define NODE_ROOT 2u
#define NODE_SMMU 3u
#define NODE_SMMUV3 4u
#define NODE_COUNTERS 5u

#define NAMED_NAME 29u /* a text, with a NUL behind, before the mappings */
#define NAMED_NAME_MAX 256u

#define ITS_GROUP_COUNT 16u
#define ITS_GROUP_IDS 20u /* 4 bytes each */

#define ROOT_SEGMENT 28u
#define ROOT_SIZE 32u

#define SMMU_BASE 16u
#define SMMU_FLAGS 24u
#define SMMU_COHERENT BIT32(0)
#define SMMU_EVENT 44u
#define SMMU_PRI 48u
#define SMMU_GERROR 52u
#define SMMU_SYNC 56u
#define SMMU_NODE_SIZE 60u

#define COUNTERS_PAGE 16u
#define COUNTERS_OTHER 32u /* from revision 1 on */

#define MAP_SIZE 20u
#define MAP_FIRST 0u
#define MAP_COUNT 4u /* less one */
#define MAP_OUT 8u
#define MAP_TO 12u
#define MAP_FLAGS 16u
#define MAP_SINGLE BIT32(0)

#endif
