// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.h"

#include <stdlib.h>

void plan_free(struct plan *p)
{
	if (p == NULL) {
		return;
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		free(p->domains[i].maps);
		if (p->domains[i].colors.of != 0) {
			free(p->domains[i].runs);
		}
	}
	ranges_free(&p->free_ram);
	groups_free(&p->owned);
	strmap_free(&p->device_names);
	arena_free(p->arena);
}

static struct color_set colors_of(const struct model *m, const struct m_colors *c)
{
	return (struct color_set){
		.of = (uint16_t)m->board.colors, .first = (uint16_t)c->first, .count = (uint16_t)c->count};
}

/* What the payload was placed in is no RAM, where firmware says what is. */
static void plan_forget_ram(struct plan *p)
{
	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];

		dom->ram_count = 0;
		dom->run_count = 0;
		dom->span_count = 0;
		dom->dtb_ipa = 0;
	}
}

static struct plan *plan_new(const struct model *m)
{
	struct arena *arena = arena_new();
	struct plan *p = arena_alloc(arena, sizeof(*p));

	p->arena = arena;
	p->m = m;
	p->home.load = m->board.load.v;
	if (m->hv_colors.count != 0) {
		p->home.colors = colors_of(m, &m->hv_colors);
	}
	p->regions = arena_array(arena, m->region_count, sizeof(p->regions[0]));
	for (size_t i = 0; i < m->region_count; i++) {
		p->regions[i] = (struct plan_region){.m = &m->regions[i], .pa = m->regions[i].base};
	}
	p->doorbells = arena_array(arena, m->bell_count, sizeof(p->doorbells[0]));
	p->domain_count = m->domain_count;
	p->domains = arena_array(arena, m->domain_count, sizeof(p->domains[0]));
	for (size_t i = 0; i < m->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		dom->m = &m->domains[i];
		if (dom->m->colors.count != 0) {
			dom->colors = colors_of(m, &dom->m->colors);
		}
	}
	plan_owned(p);
	p->clocks_room = plan_clocks_room(p);
	return p;
}

struct plan *plan_build(struct diag *d, const struct model *m)
{
	struct plan *p = plan_new(m);

	bool good = plan_machine(p, d) && plan_files(p, d) && plan_ram(p, d);
	if (good && model_is_open(&m->board)) {
		plan_forget_ram(p);
	}
	good = good && plan_devices(p, d) && plan_irqs(p, d) && plan_smmus(p, d);
	if (good) {
		plan_resets(p);
		plan_ipmmu(p);
		plan_vsmmus(p);
		if (plan_tables(p, d)) {
			return p;
		}
	}
	plan_free(p);
	return NULL;
}
