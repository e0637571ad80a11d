/* SPDX-License-Identifier: Apache-2.0 */
/* A domain's stage-2 map as the builder knows it. */
#ifndef HV_DOMAIN_MAP_H
#define HV_DOMAIN_MAP_H

#include "domain/domain.h"
#include "mm/stage2.h"
#include "mm/stage2_desc.h"

/* Page tables of all domains, from hv.ld. They may lie further away than code and data may
 * (hv/objects.mk). */
extern uint64_t __tables_start[][512];

/* `pool` is filled, and what is returned refers to it. */
static inline struct stage2 domain_map(const struct domain *d, struct stage2_pool *pool)
{
	*pool = (struct stage2_pool){
		.pages = __tables_start,
		.base = VA((uint64_t)(uintptr_t)__tables_start),
		.home = board.home,
	};
	return (struct stage2){
		.pool = pool,
		.root = stage2_page_at(pool, d->desc->vttbr & VTTBR_BADDR),
		.ipa_bits = (uint32_t)(64 - FIELD_GET(VTCR_T0SZ, d->desc->vtcr)),
	};
}

#endif
