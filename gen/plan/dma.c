// SPDX-License-Identifier: Apache-2.0
/*
 * GICv2: a domain's streams do not reach the GIC's virtual CPU interface, which its CPUs
 * do. The GIC tells its accesses apart by the CPU that makes them; a device's is taken for
 * some CPU's, whose interface may be another domain's. So the streams have tables of their
 * own: the CPUs', but for the few on the way to that interface.
 */
#include <string.h>

#include "mm/stage2_desc.h"
#include "plan/plan.h"

#define LEVEL_LAST 3u
#define INDEX_BITS 9u
#define DESC_ADDR GENMASK64(47, 12)

bool plan_dma_apart(const struct plan *p, size_t domain)
{
	bool some = false;

	for (size_t i = 0; i < p->smmu_count; i++) {
		for (size_t n = 0; n < p->smmus[i].stream_count; n++) {
			some = some || p->smmus[i].streams[n].owner == domain;
		}
	}
	for (size_t i = 1; i < p->ipmmu.context_count; i++) {
		some = some || p->ipmmu.domains[i] == domain;
	}
	return some && p->gic.version == GIC_V2;
}

static uint64_t *words_at(struct stage2_pool *pool, uint64_t desc)
{
	return pool->pages[stage2_page_at(pool, desc & DESC_ADDR)];
}

/* Gives the entry a copy of the table that it points to. */
static bool table_copy(struct stage2_pool *pool, uint64_t *entry)
{
	if (pool->used == pool->count) {
		return false;
	}
	memcpy(pool->pages[pool->used], words_at(pool, *entry), PAGE_SIZE);
	*entry = (*entry & ~DESC_ADDR) | stage2_page_pa(pool, pool->used++);
	return true;
}

/* Takes one page out of the streams' tables. */
static bool page_cut(struct plan_domain *dom, uint64_t ipa)
{
	struct stage2_pool *pool = dom->s2.pool;
	uint32_t level = 2 - (uint32_t)FIELD_GET(VTCR_SL0, dom->vtcr);
	uint64_t index = ipa >> (PAGE_SHIFT + INDEX_BITS * (LEVEL_LAST - level));
	/* The root's pages lie together. */
	uint64_t *theirs = &pool->pages[dom->s2.root][index];
	uint64_t *own = &pool->pages[dom->dma.root][index];

	for (; level < LEVEL_LAST; level++) {
		index = ipa >> (PAGE_SHIFT + INDEX_BITS * (LEVEL_LAST - level - 1)) & (BIT32(INDEX_BITS) - 1);
		if ((*own & S2_VALID) == 0) {
			return true;
		}
		if (*own == *theirs && !table_copy(pool, own)) {
			return false;
		}
		theirs = &words_at(pool, *theirs)[index];
		own = &words_at(pool, *own)[index];
	}
	*own = 0;
	return true;
}

bool plan_dma_build(struct plan *p, struct plan_domain *dom)
{
	const struct m_gic *g = &p->m->board.gic;
	struct stage2_pool *pool = dom->s2.pool;

	if (dom->dma.root == dom->s2.root) {
		return true;
	}
	memcpy(pool->pages[dom->dma.root], pool->pages[dom->s2.root], stage2_root_pages(p->ipa_bits) * PAGE_SIZE);
	for (uint64_t at = 0; at < g->gicc.size; at += PAGE_SIZE) {
		if (!page_cut(dom, g->gicc.base + at)) {
			return false;
		}
	}
	return true;
}
