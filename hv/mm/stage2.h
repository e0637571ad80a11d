/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage-2 builder: one source, compiled into the generator and into the
 * hypervisor. VMSAv8-64, 4 KiB granule, no recursion, pages from a fixed pool.
 */
#ifndef HV_MM_STAGE2_H
#define HV_MM_STAGE2_H

#include "types.h"

enum stage2_type {
	STAGE2_DEVICE_NGNRNE,
	STAGE2_DEVICE_NGNRE,
	STAGE2_DEVICE_NGRE,
	STAGE2_DEVICE_GRE,
	STAGE2_NORMAL_NC,
	STAGE2_NORMAL_WT,
	STAGE2_NORMAL_WB,
};

struct stage2_attr {
	enum stage2_type type;
	bool write;
	bool exec;
};

/* Table pages: `pages` holds `count` pages of 512 descriptors, the first at
 * physical address `base`; `used` of them are taken. */
struct stage2_pool {
	uint64_t (*pages)[512];
	pa_t base;
	uint32_t count;
	uint32_t used;
};

struct stage2 {
	struct stage2_pool *pool;
	uint32_t root;    /* page index of the root; concatenated pages follow */
	uint32_t ipa_bits; /* 32..48 */
};

enum stage2_result {
	STAGE2_OK = 0,
	STAGE2_NO_PAGES,   /* the pool is exhausted; the map may be partly there */
	STAGE2_BAD_RANGE,  /* misaligned, wrapping, or outside ipa_bits */
	STAGE2_MAPPED,     /* some of the range is mapped already; nothing changed */
};

/* Takes the root's pages (concatenated at the start level where that saves a
 * level, DDI 0487 D8.2.5) from the pool. */
enum stage2_result stage2_init(struct stage2 *s, struct stage2_pool *pool, uint32_t ipa_bits);
/* Maps [ipa, ipa+size) to [pa, pa+size) with the largest blocks that fit. */
enum stage2_result stage2_map(struct stage2 *s, ipa_t ipa, pa_t pa, uint64_t size,
			      struct stage2_attr attr);
/* VTCR_EL2 for this geometry and output size of pa_bits (32, 36, 40, 42, 44, 48). */
uint64_t stage2_vtcr(const struct stage2 *s, uint32_t pa_bits);
/* Leaf descriptor that translates ipa, or 0; *size is the leaf's extent. */
uint64_t stage2_lookup(const struct stage2 *s, ipa_t ipa, uint64_t *size);

#endif
