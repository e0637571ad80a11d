/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage-2 builder: one source, compiled into the generator and into the
 * hypervisor. VMSAv8-64, 4 KiB granule, no recursion, pages from a fixed pool.
 */
#ifndef HV_MM_STAGE2_H
#define HV_MM_STAGE2_H

#include "home.h"
#include "types.h"

#define STAGE2_IPA_BITS_MIN 32u
#define STAGE2_IPA_BITS_MAX 48u

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

/* Table pages: `pages` holds `count` pages of 512 descriptors, the first linked at
 * `base`, all of them where `home` puts what is linked there; `used` are taken. */
struct stage2_pool {
	uint64_t (*pages)[512];
	va_t base;
	uint32_t count;
	uint32_t used;
	struct home home;
};

/* PA of page `index`, and the page at a PA. */
static inline uint64_t stage2_page_pa(const struct stage2_pool *pool, uint32_t index)
{
	return home_pa(&pool->home, pool->base.va + index * PAGE_SIZE);
}

static inline uint32_t stage2_page_at(const struct stage2_pool *pool, uint64_t pa)
{
	return (uint32_t)((home_va(&pool->home, pa) - pool->base.va) >> PAGE_SHIFT);
}

struct stage2 {
	struct stage2_pool *pool;
	uint32_t root;     /* page index of the root; concatenated pages follow */
	uint32_t ipa_bits; /* 32..48 */
};

enum stage2_result {
	STAGE2_OK = 0,
	STAGE2_NO_PAGES,   /* the pool is exhausted; the map may be partly there */
	STAGE2_BAD_RANGE,  /* misaligned, empty, wrapping, or outside ipa_bits or 48 bits of PA */
	STAGE2_MAPPED,     /* some of the range is mapped already; nothing changed */
};

/* Pages of the root for ipa_bits in 32..48: 1, or 2, 4, 8 or 16 concatenated
 * ones. The root is aligned to its size. */
uint32_t stage2_root_pages(uint32_t ipa_bits);
/* Takes the root's pages (concatenated at the start level where that saves a
 * level, DDI 0487 D8.2.5) from the pool, cleared. Pages skipped to align the
 * root are lost, so make roots first, largest first. */
enum stage2_result stage2_init(struct stage2 *s, struct stage2_pool *pool, uint32_t ipa_bits);
/* Maps [ipa, ipa+size) to [pa, pa+size) with the largest blocks that fit. Only
 * invalid descriptors are written, each new table before the one that points to
 * it; barriers and cache maintenance are the caller's. */
enum stage2_result stage2_map(struct stage2 *s, ipa_t ipa, pa_t pa, uint64_t size,
			      struct stage2_attr attr);
/* The same, but every leaf stays invalid: all of it is there but S2_VALID, which may be set
 * at any time and by any number of CPUs. */
enum stage2_result stage2_prepare(struct stage2 *s, ipa_t ipa, pa_t pa, uint64_t size,
				  struct stage2_attr attr);
/* VTCR_EL2 for this geometry and output size of pa_bits (32, 36, 40, 42, 44, 48;
 * anything between counts as the next smaller one). */
uint64_t stage2_vtcr(const struct stage2 *s, uint32_t pa_bits);
/* VTTBR_EL2 for this root; vmid is 0..255. */
uint64_t stage2_vttbr(const struct stage2 *s, uint32_t vmid);
/* Leaf descriptor that translates ipa, or 0 (also outside ipa_bits); *size is the
 * extent of the leaf or, for 0, of the unmapped entry around ipa. */
uint64_t stage2_lookup(const struct stage2 *s, ipa_t ipa, uint64_t *size);
/* Where that descriptor stands, valid or prepared; NULL where stage2_lookup() says 0. */
uint64_t *stage2_leaf(const struct stage2 *s, ipa_t ipa, uint64_t *size);

#endif
