/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MMIO that is mapped on demand, part of the contract in tables.h. The leaves are in the
 * domain's stage-2 tables from the start, complete but for their valid bit, which the
 * domain's first access to each has set (guest/ondemand.c). The pages of .tables that they
 * stand in are writable at EL2. These lists only name the ranges; they are beside struct
 * domain_desc, and in the image only if some domain has such MMIO.
 */
#ifndef HV_INCLUDE_ONDEMAND_H
#define HV_INCLUDE_ONDEMAND_H

#include "types.h"

/* IPA and PA are the same. */
struct ondemand_range {
	uint64_t base; /* pages */
	uint64_t size;
	const char *name; /* of the board file: a device, or a window */
};

struct ondemand_list {
	const struct ondemand_range *ranges; /* ascending, disjoint */
	uint64_t count;
};

/* board.domain_count of them. */
extern const struct ondemand_list domain_ondemand[];

_Static_assert(sizeof(struct ondemand_list) == 16, "ondemand_list");
_Static_assert(sizeof(struct ondemand_range) == 24, "ondemand_range");

#endif
