/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cache colours, and where the hypervisor's own pages are. The page at PA has colour
 * (PA / 4 KiB) mod `of`: pages of different colours never meet in the cache.
 */
#ifndef HV_INCLUDE_HOME_H
#define HV_INCLUDE_HOME_H

#include "types.h"

/* Colours first..first+count-1 of `of`, a power of two. of 0: every page. */
struct color_set {
	uint16_t of;
	uint16_t first;
	uint16_t count;
	uint16_t pad;
};

static inline bool color_has(const struct color_set *c, uint64_t pa)
{
	return c->of == 0 || (((pa >> PAGE_SHIFT) - c->first) & (c->of - UINT64_C(1))) < c->count;
}

/* How many bytes of [pa, pa+size), whole pages, have the set's colours. */
static inline uint64_t color_bytes(const struct color_set *c, uint64_t pa, uint64_t size)
{
	uint64_t mask = c->of - UINT64_C(1);
	uint64_t from = ((pa >> PAGE_SHIFT) - c->first) & mask;
	uint64_t to = from + (size >> PAGE_SHIFT);
	uint64_t pages;

	if (c->of == 0) {
		return size;
	}
	pages = to / c->of * c->count + ((to & mask) < c->count ? to & mask : c->count);
	pages -= from < c->count ? from : c->count;
	return pages << PAGE_SHIFT;
}

/* The hypervisor is linked, loaded and mapped for EL2 from `load` on. Without colours
 * (of 0) that is where it runs. With colours boot copies it, page after page, to the
 * pages of those colours from `base` on, which is aligned to `of` pages; the MMU then
 * has each at the address that it was linked for. */
struct home {
	uint64_t load;
	uint64_t base;
	struct color_set colors;
};

/* PA of the hypervisor's own `va`. */
static inline uint64_t home_pa(const struct home *h, uint64_t va)
{
	const struct color_set *c = &h->colors;
	uint64_t page = (va - h->load) >> PAGE_SHIFT;

	if (c->of == 0) {
		return va;
	}
	page = page / c->count * c->of + c->first + page % c->count;
	return h->base + (page << PAGE_SHIFT) + (va & (PAGE_SIZE - 1));
}

/* The other way; UINT64_MAX for a page of another colour or before `base`. */
static inline uint64_t home_va(const struct home *h, uint64_t pa)
{
	const struct color_set *c = &h->colors;
	uint64_t page = (pa - h->base) >> PAGE_SHIFT;

	if (c->of == 0) {
		return pa;
	}
	if (pa < h->base || !color_has(c, pa)) {
		return UINT64_MAX;
	}
	page = page / c->of * c->count + page % c->of - c->first;
	return h->load + (page << PAGE_SHIFT) + (pa & (PAGE_SIZE - 1));
}

_Static_assert(sizeof(struct color_set) == 8, "color_set");
_Static_assert(sizeof(struct home) == 24, "home");

#endif
