// SPDX-License-Identifier: Apache-2.0
/*
 * All page tables, in one pool that becomes section .tables at the top end of the
 * hypervisor's RAM. Where it starts depends on how many pages there are, so it is
 * built twice: once to count, once in its place.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

/* Code, data and stacks of an image whose tables are made at boot are below. */
#define OPEN_TABLES MIB(1)
/* More than any board needs, however much RAM the hypervisor is given. */
#define POOL_PAGES_MAX 4096u

/* In pieces that are in one block each: no leaf is larger. */
static bool map_prepare(struct stage2 *s, const struct plan_map *m)
{
	for (uint64_t at = 0, size; at < m->size; at += size) {
		uint64_t left = m->size - at;

		size = m->block - (m->ipa + at) % m->block;
		size = size < left ? size : left;
		if (stage2_prepare(s, IPA(m->ipa + at), PA(m->pa + at), size, m->attr) != STAGE2_OK) {
			return false;
		}
	}
	return true;
}

static bool domain_build(struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->map_count; i++) {
		const struct plan_map *m = &dom->maps[i];
		if (m->later) {
			if (!map_prepare(&dom->s2, m)) {
				return false;
			}
			continue;
		}
		if (stage2_map(&dom->s2, IPA(m->ipa), PA(m->pa), m->size, m->attr) != STAGE2_OK) {
			return false; /* no pages: ranges were checked and made disjoint */
		}
	}
	return true;
}

static bool pool_build(struct plan *p, uint64_t base, uint32_t pages)
{
	p->pool.base = VA(base);
	p->pool.home = p->home;
	/* Fresh pages are zero; those of the first time round are not. */
	memset(p->pool.pages, 0, p->pool.used * PAGE_SIZE);
	p->pool.used = 0;
	p->el2.own_table = base + pages * PAGE_SIZE;
	/* Roots and stream tables first: they alone need more than a page's alignment. */
	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		if (stage2_init(&dom->s2, &p->pool, p->ipa_bits) != STAGE2_OK) {
			return false;
		}
		dom->dma = dom->s2;
		if (plan_dma_apart(p, i) && stage2_init(&dom->dma, &p->pool, p->ipa_bits) != STAGE2_OK) {
			return false;
		}
		dom->vtcr = stage2_vtcr(&dom->s2, p->pa_bits);
		/* VMID 0 is the hypervisor's own: left to nobody. */
		dom->vttbr = stage2_vttbr(&dom->s2, (uint32_t)i + 1);
	}
	if (p->ipmmu.unit_count > 0 && stage2_init(&p->ipmmu.nothing, &p->pool, p->ipa_bits) != STAGE2_OK) {
		return false;
	}
	if (!plan_smmus_build(p)) {
		return false;
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		if (!domain_build(&p->domains[i]) || !plan_dma_build(p, &p->domains[i])) {
			return false;
		}
	}
	return plan_el2_build(p);
}

/* What hardware reads in pieces of more than a page lies in one run of pages. */
static bool home_check(struct plan *p, struct diag *d, uint64_t align)
{
	uint64_t need = align;

	for (size_t i = 0; i < p->smmu_count; i++) {
		uint64_t cmdq = UINT64_C(16) << p->smmus[i].cmdq_log2;
		uint64_t evtq = UINT64_C(32) << p->smmus[i].evtq_log2;
		need = cmdq > need ? cmdq : need;
		need = evtq > need ? evtq : need;
	}
	if (plan_home_holds(p, need)) {
		return true;
	}
	struct diag_msg *m = diag_error(d, 259, p->m->hv_colors.pos,
					"the hypervisor's cache colours are too few, or begin at the wrong one");
	diag_label(m, "0x%llx bytes of its tables or queues must lie together", (unsigned long long)need);
	diag_help(m, "'first' and 'count' that are multiples of %llu", (unsigned long long)(need / PAGE_SIZE));
	return false;
}

/* Where tables are made at boot: the window's, which is empty, at their start. */
static bool tables_open(struct plan *p)
{
	p->pool.pages = arena_array(p->arena, 1, PAGE_SIZE);
	p->pool.base = VA(p->image.base + OPEN_TABLES);
	p->pool.count = 1;
	p->pool.used = 1;
	p->lpi = (struct mem_range){p->pool.base.va, 0};
	p->el2.own_table = p->pool.base.va + PAGE_SIZE;
	p->el2.window_table = p->pool.base.va;
	p->el2.window_va = ALIGN_DOWN(p->image.base, GIB(1)) + GIB(1);
	plan_mmio_written(p);
	return true;
}

bool plan_tables(struct plan *p, struct diag *d)
{
	uint64_t root = stage2_root_pages(p->ipa_bits) * PAGE_SIZE, streams = plan_smmu_align(p);
	uint64_t align = root > streams ? root : streams;
	uint64_t end = p->image.base + p->image.size;

	if (model_is_open(&p->m->board)) {
		return tables_open(p);
	}
	if (!home_check(p, d, align)) {
		return false;
	}
	p->el2.own_pages = (uint32_t)(ALIGN_UP(p->image.size, MIB(2)) / MIB(2));
	p->pool.count = (uint32_t)(p->image.size / PAGE_SIZE);
	if (p->pool.count > POOL_PAGES_MAX) {
		p->pool.count = POOL_PAGES_MAX;
	}
	p->pool.pages = arena_array(p->arena, p->pool.count, PAGE_SIZE);
	/* Any base with the largest alignment counts alike. */
	bool fits = pool_build(p, ALIGN_DOWN(p->image.base, align), 0);
	uint64_t size = ((uint64_t)p->pool.used + p->el2.own_pages) * PAGE_SIZE;
	if (fits && size < p->image.size) {
		bool good = plan_msi_place(p, d, ALIGN_DOWN(end - size, align)) &&
			    pool_build(p, ALIGN_DOWN(end - size, align), p->pool.used);
		plan_mmio_written(p);
		return good;
	}
	struct diag_msg *m = diag_error(d, 257, p->m->hv_pos,
					"the page tables do not fit the hypervisor's memory of 0x%llx bytes",
					(unsigned long long)p->image.size);
	if (p->image.size <= HV_SIZE_MAX / 2) {
		diag_help(m, "give it more: hypervisor: {size: 0x%llx}", (unsigned long long)p->image.size * 2);
	} else {
		diag_help(m, "give domains fewer and larger pieces, aligned to 2 MiB");
	}
	return false;
}
