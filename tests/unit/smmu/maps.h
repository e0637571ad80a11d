/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation tables for tests, of either stage: 4 KiB granule, 39 bits of input (T0SZ 25),
 * so that the first level is level 1. Written by hand, from DDI 0487 D8.3.
 */
#ifndef TESTS_UNIT_SMMU_MAPS_H
#define TESTS_UNIT_SMMU_MAPS_H

#include "types.h"

/* Memory that tables are made of; `base` is what its first byte's address is, for them. */
struct tables {
	uint8_t *memory;
	uint64_t base;
	uint64_t size;
	uint64_t used;
	uint64_t root;
};

/* Leaves: present, accessed, inner shareable, write-back; and what else they may be. */
#define LEAF1 (BIT64(10) | 3u << 8 | BIT64(6)) /* stage 1: AttrIndx 0, AP[1] */
#define LEAF1_READ_ONLY BIT64(7)
#define LEAF1_NOT_GLOBAL BIT64(11)
#define LEAF2 (BIT64(10) | 3u << 8 | 0xfu << 2 | 3u << 6)
#define LEAF2_WRITE BIT64(7)
#define LEAF_ACCESSED BIT64(10)

/* Takes a page, cleared. Returns its address. */
uint64_t tables_page(struct tables *t);
/* Starts with an empty root. */
void tables_start(struct tables *t, uint8_t *memory, uint64_t base, uint64_t size);
/* The entry of a level for an address: the tables above are made if they are not there. */
uint64_t *tables_entry(struct tables *t, uint64_t address, uint32_t level);
/* Maps one page (level 3), 2 MiB (2) or 1 GiB (1). */
void tables_map(struct tables *t, uint64_t address, uint64_t to, uint32_t level, uint64_t leaf);

#endif
