// SPDX-License-Identifier: Apache-2.0
/* Shared memory and doorbells: where they are, and which domain has which end. */
#include "plan/plan.h"

static unsigned long long ull(uint64_t v)
{
	return v;
}

static void region_refuse(const struct plan *p, struct diag *d, const struct m_region *r)
{
	struct diag_msg *m = diag_error(d, 260, r->base_pos, "no place for the shared memory '%s'", r->name.s);

	if (r->has_base) {
		uint64_t kept = p->store.base + p->store.size;

		diag_label(m, "[0x%llx..0x%llx) is not all free RAM", ull(r->base), ull(r->base + r->size));
		if (r->base < kept && r->base + r->size > p->image.base) {
			diag_note(m, p->m->hv_pos, "the hypervisor and the payloads it carries keep [0x%llx..0x%llx)",
				  ull(p->image.base), ull(kept));
		}
		diag_help(m, "choose whole pages inside the board's 'memory', outside 'reserved-memory' and domains, "
			  "or leave 'base' out");
	} else {
		diag_label(m, "0x%llx bytes in one piece are not left", ull(r->size));
		diag_help(m, "make it smaller, or give a domain less memory");
	}
}

/* Blocks of 2 MiB where the size has any; no more alignment than it has of itself. */
static uint64_t region_align(const struct m_region *r)
{
	uint64_t lowest = r->size & (~r->size + 1);

	return lowest < MIB(2) ? lowest : MIB(2);
}

bool plan_regions_take(struct plan *p, struct diag *d, struct ranges *left, bool fixed)
{
	bool good = true;

	for (size_t i = 0; i < p->m->region_count; i++) {
		struct plan_region *region = &p->regions[i];
		const struct m_region *r = region->m;

		if (r->has_base != fixed) {
			continue;
		}
		if (fixed ? !ranges_cover(left, r->base, r->size)
			  : !ranges_find_top(left, r->size, region_align(r), &region->pa)) {
			region_refuse(p, d, r);
			good = false;
			continue;
		}
		ranges_remove(left, region->pa, r->size);
	}
	return good;
}

static void region_map(const struct plan *p, struct plan_domain *dom, const struct m_share *s)
{
	const struct plan_region *r = &p->regions[s->region];

	plan_map_add(dom, (struct plan_map){.ipa = s->ipa, .pa = r->pa, .size = r->m->size,
					       .attr = {plan_type(r->m->attr), s->write, false},
					       .pos = s->pos, .name = r->m->name.s, .shared = true});
}

/* The first domain with it has end 0. */
static void bell_place(struct plan *p, struct plan_domain *dom, const struct m_bell *b)
{
	struct doorbell_desc *desc = &p->doorbells[b->bell];
	uint16_t n = desc->end[0].intid == 0 ? 0 : 1;

	desc->end[n] = (struct doorbell_end){
		.ipa = b->reg.base, .domain = (uint32_t)(dom - p->domains), .intid = b->irq.intid};
	dom->windows[dom->window_count++] = (struct trap_window){
		.ipa = b->reg.base, .size = BELL_SIZE, .kind = WINDOW_PL061, .intid = (uint16_t)b->irq.intid,
		.index = (uint16_t)(2 * b->bell + n)};
}

void plan_shared_place(struct plan *p, struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->m->share_count; i++) {
		region_map(p, dom, &dom->m->shares[i]);
	}
	for (size_t i = 0; i < dom->m->bell_count; i++) {
		bell_place(p, dom, &dom->m->bells[i]);
	}
}
