/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks translation tables in the bytes of section .tables as the hardware
 * would, from the register values, and gathers what they map.
 */
#ifndef VERIFY_WALK_H
#define VERIFY_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "desc.h"
#include "home.h"
#include "report.h"
#include "runs.h"

enum page_use {
	PAGE_FREE,
	PAGE_TABLE,   /* one table of one map */
	PAGE_STREAMS, /* part of stream tables, which may share it */
};

/* The bytes of all tables. Each page may be one table of one map. */
struct walk_pages {
	const uint8_t *bytes;
	uint64_t base; /* where it is linked, page aligned */
	struct home home; /* where the hypervisor's pages are */
	uint64_t size; /* whole pages */
	uint8_t *used; /* one for each page: enum page_use */
	uint8_t *written; /* one for each page: 1 where the hypervisor makes leaves valid */
};

#define WALK_SIZES 2

struct walk {
	struct mem *mem;
	struct report *report;
	struct walk_pages *pages;
	const char *domain; /* NULL: the hypervisor's own map */
	uint32_t owner;
	enum regime regime;
	uint32_t pa_bits; /* what the board's CPUs can address */
	uint64_t out_end; /* first address beyond what the register says */
	uint64_t mair;
	uint64_t in_end; /* first address beyond the translated range */
	/* Physical address of the level-2 table for input address `watch`. */
	uint64_t watch;
	uint64_t watch_table;
	struct runs runs; /* ascending by input address */
	/* Leaves may be complete but not valid: ATTR_LATER. */
	bool on_demand;
	/* With `sizes`: what is cacheable memory, or in `shared`, and what of that leaves of 2 MiB and more,
	 * and of 1 GiB and more, map. By input address. */
	bool sizes;
	struct spans shared; /* where the domain sees memory that it shares */
	struct spans memory;
	struct spans large[WALK_SIZES];
};

/* Offset in `bytes` of the `size` bytes at physical address `pa`, which lie together
 * there; UINT64_MAX: they are not all in the section. */
uint64_t walk_offset(const struct walk_pages *p, uint64_t pa, uint64_t size);
/* Walks a domain's stage-2 tables from VTTBR_EL2 and VTCR_EL2. Whatever is not
 * well formed is reported as property 8, and nothing is gathered from it. */
void walk_stage2(struct walk *w, uint64_t vttbr, uint64_t vtcr);
/* The same for the hypervisor's map, from TTBR0_EL2, TCR_EL2 and MAIR_EL2. */
void walk_el2(struct walk *w, uint64_t ttbr, uint64_t tcr, uint64_t mair);
/* Pages that no walk has used must be zero. Call after all walks. */
void walk_check_unused(struct report *r, const struct walk_pages *pages);

/* For walk_regs.c: the tree below the root of `entries` descriptors at `root`. */
void walk_root(struct walk *w, uint64_t root, int level, uint64_t entries);

#endif
