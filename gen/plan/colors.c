// SPDX-License-Identifier: Apache-2.0
/*
 * RAM of some cache colours: pages in short runs, from the lowest free ones up. No two
 * domains have a colour in common, nor has the hypervisor, so each takes them as if it
 * were alone.
 */
#include <stdlib.h>

#include "plan/plan.h"

struct picker {
	struct plan_domain *dom;
	const struct ranges *left;
	size_t range; /* where the next page is looked for */
	uint64_t at;
	size_t room;
};

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The next run of pages at or behind `at` in the current range; size 0: none. */
static struct range run_next(const struct picker *k)
{
	const struct color_set *c = &k->dom->colors;
	uint64_t end = k->left->list[k->range].end, at = k->at;
	uint64_t color = at / PAGE_SIZE % c->of;

	if (!color_has(c, at)) {
		at += (c->first + c->of - color) % c->of * PAGE_SIZE;
		color = c->first;
	}
	uint64_t pages = (uint64_t)c->first + c->count - color;
	return (struct range){at, at < end ? min(end, at + pages * PAGE_SIZE) : at};
}

static void run_add(struct picker *k, uint64_t ipa, uint64_t pa, uint64_t size)
{
	struct plan_domain *dom = k->dom;
	struct plan_ram *last = dom->run_count > 0 ? &dom->runs[dom->run_count - 1] : NULL;

	if (last != NULL && last->ipa + last->size == ipa && last->pa + last->size == pa) {
		last->size += size;
		return;
	}
	if (dom->run_count == k->room) {
		k->room = k->room == 0 ? 64 : k->room * 2;
		dom->runs = memory_resize(dom->runs, k->room, sizeof(dom->runs[0]));
	}
	dom->runs[dom->run_count++] = (struct plan_ram){ipa, pa, size};
}

/* One entry of the domain's memory; the bytes that were found. */
static uint64_t entry_take(struct picker *k, const struct m_ram *r)
{
	uint64_t done = 0;

	while (done < r->size && k->range < k->left->count) {
		const struct range *range = &k->left->list[k->range];
		k->at = k->at < range->base ? range->base : k->at;
		struct range run = run_next(k);
		if (run.base >= run.end) {
			k->range++;
			continue;
		}
		uint64_t size = min(run.end - run.base, r->size - done);
		run_add(k, r->ipa + done, run.base, size);
		done += size;
		k->at = run.base + size;
	}
	return done;
}

/* What of each free range the runs reach over. */
static void spans_list(struct plan *p, struct plan_domain *dom, const struct ranges *left)
{
	dom->spans = arena_array(p->arena, left->count, sizeof(dom->spans[0]));
	for (size_t i = 0, range = 0; i < dom->run_count; i++) {
		const struct plan_ram *run = &dom->runs[i];
		bool same = dom->span_count > 0 && run->pa < left->list[range].end;
		while (run->pa >= left->list[range].end) {
			range++;
		}
		if (!same) {
			dom->spans[dom->span_count++].base = run->pa;
		}
		struct mem_range *span = &dom->spans[dom->span_count - 1];
		span->size = run->pa + run->size - span->base;
	}
}

bool plan_ram_colored(struct plan *p, struct diag *d, const struct ranges *left, struct plan_domain *dom)
{
	const struct m_domain *m = dom->m;
	struct picker k = {.dom = dom, .left = left};

	free(dom->runs);
	dom->runs = NULL;
	dom->run_count = 0;
	dom->span_count = 0;
	for (size_t i = 0; i < m->ram_count; i++) {
		const struct m_ram *r = &m->ram[i];
		size_t first = dom->run_count;
		uint64_t found = entry_take(&k, r);
		if (found < r->size) {
			struct diag_msg *msg = diag_error(d, 258, r->pos, "not enough memory of the cache colours of "
							  "domain '%s'", m->name.s);
			diag_label(msg, "0x%llx of 0x%llx bytes are there", (unsigned long long)found,
				   (unsigned long long)r->size);
			diag_note(msg, m->colors.pos, "it has %u of %u colours", m->colors.count,
				  p->m->board.colors);
			diag_help(msg, "size: 0x%llx, or more colours", (unsigned long long)found);
			return false;
		}
		dom->ram[i] = (struct plan_ram){r->ipa, dom->runs[first].pa, r->size};
	}
	spans_list(p, dom, left);
	return true;
}

uint64_t plan_ram_pa(const struct plan_domain *dom, uint64_t ipa)
{
	for (size_t i = 0; i < dom->run_count; i++) {
		if (ipa - dom->runs[i].ipa < dom->runs[i].size) {
			return dom->runs[i].pa + (ipa - dom->runs[i].ipa);
		}
	}
	return 0;
}

bool plan_home(struct plan *p, struct diag *d, const struct ranges *left)
{
	const struct color_set *c = &p->home.colors;
	uint64_t group = c->of * PAGE_SIZE;

	if (c->of == 0) {
		return true;
	}
	uint64_t groups = (p->image.size / PAGE_SIZE + c->count - 1) / c->count;
	p->home.base = ALIGN_UP(p->store.base + p->store.size, group);
	if (ranges_cover(left, p->home.base, groups * group)) {
		return true;
	}
	struct diag_msg *m = diag_error(d, 250, p->m->hv_colors.pos, "the hypervisor's pages of its cache colours "
					"[0x%llx..0x%llx) do not lie in free RAM", (unsigned long long)p->home.base,
					(unsigned long long)(p->home.base + groups * group));
	diag_note(m, p->m->board.load.pos, "they begin behind the image, and the payloads that it carries, which is "
		  "loaded");
	diag_help(m, "move 'image: load:' to where that much RAM follows, or give the hypervisor more colours");
	return false;
}

bool plan_home_holds(const struct plan *p, uint64_t size)
{
	const struct color_set *c = &p->home.colors;
	uint64_t pages = size / PAGE_SIZE;

	return c->of == 0 || pages <= 1 || (c->count % pages == 0 && c->first % pages == 0);
}
