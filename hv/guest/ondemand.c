// SPDX-License-Identifier: Apache-2.0
#include "guest/ondemand.h"

#include "arch/barrier.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "mm/stage2_desc.h"

/* What is told: of so many ranges that they are used, of so many runs at the end. */
#define RANGES_TOLD 512
#define RUNS_TOLD 256
#define LEAVES_LOOKED_AT 1024
#define LOOKS_AT_END 1024 /* a machine that is to go off does not look at all of 2^40 bytes in pages */

/* One domain at the most has anything on demand: the hardware domain. A bit for each of its
 * ranges that was told of. */
static uint32_t ondemand_told[RANGES_TOLD / 32];

static const struct ondemand_list *ondemand_list(const struct domain *d)
{
	return &domain_ondemand[d - domains];
}

/* The last range that begins at or below `ipa`; there is one. */
static uint64_t ondemand_find(const struct ondemand_list *list, uint64_t ipa)
{
	uint64_t low = 0, high = list->count;

	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if (list->ranges[middle].base <= ipa) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

/* Once for each range: what is used of it comes with ondemand_tell(). */
static void ondemand_announce(const struct domain *d, uint64_t ipa)
{
	const struct ondemand_list *list = ondemand_list(d);
	uint64_t i = ondemand_find(list, ipa);
	const struct ondemand_range *r = &list->ranges[i];
	uint32_t bit = BIT32(i % 32);

	if (i < RANGES_TOLD && (__atomic_load_n(&ondemand_told[i / 32], __ATOMIC_RELAXED) & bit) == 0 &&
	    (__atomic_fetch_or(&ondemand_told[i / 32], bit, __ATOMIC_RELAXED) & bit) == 0) {
		log_info("%s: on demand: %s 0x%lx..0x%lx, at 0x%lx first", d->desc->name, r->name, r->base,
			 r->base + r->size - 1, ipa);
	}
}

/*
 * From invalid to valid needs no TLB maintenance: no TLB holds what gave a translation fault
 * (DDI 0487, "Translation Lookaside Buffers"; IHI 0070 says the same of SMMUs). IOMMUs walk
 * these tables too, perhaps past the caches. Besides the DSB the access needs a context
 * synchronization event: the ERET. Of two CPUs one finds the bit set, and tries again like
 * the other.
 */
bool ondemand_map(const struct domain *d, ipa_t ipa)
{
	uint64_t *leaf, size;

	if (ondemand_list(d)->count == 0) {
		return false;
	}
	leaf = domain_leaf(d, ipa, &size);
	if (leaf == NULL) {
		return false;
	}
	/* What is mapped is not written: only tables with leaves on demand can be. */
	if ((__atomic_load_n(leaf, __ATOMIC_RELAXED) & S2_VALID) == 0 &&
	    (__atomic_fetch_or(leaf, S2_VALID, __ATOMIC_RELAXED) & S2_VALID) == 0) {
		arch_dcache_clean(leaf, sizeof(*leaf));
		ondemand_announce(d, ipa.ipa);
	}
	dsb_ishst();
	return true;
}

static bool ondemand_is_mapped(const struct domain *d, uint64_t ipa, uint64_t *size)
{
	const uint64_t *leaf = domain_leaf(d, IPA(ipa), size);

	return leaf != NULL && (__atomic_load_n(leaf, __ATOMIC_RELAXED) & S2_VALID) != 0;
}

bool ondemand_next(struct ondemand_cursor *c, struct ondemand_run *run)
{
	run->size = 0;
	for (uint32_t steps = 0; steps < LEAVES_LOOKED_AT && c->domain < board.domain_count; steps++) {
		const struct domain *d = &domains[c->domain];
		const struct ondemand_list *list = ondemand_list(d);
		const struct ondemand_range *r = &list->ranges[c->range];
		uint64_t size = PAGE_SIZE;
		bool mapped;

		if (c->range == list->count) {
			*c = (struct ondemand_cursor){.domain = c->domain + 1};
			continue;
		}
		c->at = c->at < r->base ? r->base : c->at;
		mapped = c->at - r->base < r->size && ondemand_is_mapped(d, c->at, &size);
		if (!mapped && run->size != 0) {
			return true;
		}
		if (mapped && run->size == 0) {
			*run = (struct ondemand_run){.domain = d, .name = r->name, .base = c->at};
			steps = 0;
		}
		run->size += mapped ? size : 0;
		c->at += size;
		if (c->at - r->base >= r->size && run->size == 0) {
			*c = (struct ondemand_cursor){.domain = c->domain, .range = c->range + 1};
		}
	}
	return run->size != 0 || c->domain < board.domain_count;
}

void ondemand_tell(void)
{
	struct ondemand_cursor c = {.domain = 0};
	struct ondemand_run run;
	uint32_t left = RUNS_TOLD;
	uint32_t looks = LOOKS_AT_END;

	while (left != 0 && looks != 0 && ondemand_next(&c, &run)) {
		looks--;
		if (run.size != 0) {
			log_info("%s: was mapped on demand: %s 0x%lx..0x%lx", run.domain->desc->name, run.name, run.base,
				 run.base + run.size - 1);
			left--;
		}
	}
	if (left == 0 || looks == 0) {
		log_info("what else was mapped on demand is left out");
	}
}
