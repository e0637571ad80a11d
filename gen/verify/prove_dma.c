// SPDX-License-Identifier: Apache-2.0
/*
 * Property 3, with a GICv2: a domain's streams have tables of their own, which map what
 * its CPUs' do, less the GIC's virtual CPU interface. That shows each CPU its own; whose it
 * would show to a device is not said.
 */
#include "subject.h"

#define ROOT GENMASK64(47, 1)

/* The CPUs' map without [lo, hi). */
static struct runs runs_without(struct subject *s, const struct runs *of, uint64_t lo, uint64_t hi)
{
	struct runs rest = {.count = 0};

	for (size_t i = 0; i < of->count; i++) {
		struct run before = of->v[i], behind = of->v[i];
		uint64_t end = before.in + before.size;

		if (before.in < lo) {
			before.size = (end < lo ? end : lo) - before.in;
			runs_add(s->mem, &rest, before);
		}
		if (end > hi) {
			uint64_t skip = behind.in < hi ? hi - behind.in : 0;

			behind.in += skip;
			behind.out += skip;
			behind.size -= skip;
			runs_add(s->mem, &rest, behind);
		}
	}
	return rest;
}

static bool runs_alike(const struct runs *a, const struct runs *b)
{
	bool alike = a->count == b->count;

	for (size_t i = 0; alike && i < a->count; i++) {
		const struct run *x = &a->v[i], *y = &b->v[i];

		alike = x->in == y->in && x->out == y->out && x->size == y->size && x->attr == y->attr;
	}
	return alike;
}

/* Tables of the CPUs may be the streams' too; each stands in one place of either map. */
static bool pages_join(struct subject *s, const struct walk_pages *pages)
{
	bool good = true;

	for (uint64_t i = 0; i < pages->size / PAGE_SIZE; i++) {
		if (pages->used[i] != PAGE_FREE) {
			good = good && s->pages.used[i] != PAGE_STREAMS;
			s->pages.used[i] = PAGE_TABLE;
		}
	}
	return good;
}

static bool dma_walk(struct subject *s, struct guest *g, uint64_t root)
{
	const struct domain_desc *d = &g->image->desc;
	const struct gic *gic = &s->board->gic;
	struct span cpu = own_pages(&gic->gicc);
	struct walk_pages pages = s->pages;
	struct walk w = {.mem = s->mem, .report = s->report, .pages = &pages, .domain = g->yaml->name,
			 .owner = g->walk.owner, .pa_bits = (uint32_t)s->board->pa_bits, .watch = UINT64_MAX};
	struct runs wanted = runs_without(s, &g->walk.runs, cpu.lo, cpu.hi);

	pages.used = mem_alloc(s->mem, pages.size / PAGE_SIZE, 1);
	walk_stage2(&w, (d->vttbr & ~ROOT) | root, d->vtcr);
	return pages_join(s, &pages) && runs_alike(&w.runs, &wanted);
}

bool prove_dma_root(struct subject *s, struct guest *g, uint64_t root)
{
	if (s->board->gic.version != GIC_V2) {
		return root == (g->image->desc.vttbr & ROOT);
	}
	if (g->dma_root == 0) {
		g->dma_root = root;
		g->dma_good = dma_walk(s, g, root);
	}
	return root == g->dma_root && g->dma_good;
}
