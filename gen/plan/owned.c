// SPDX-License-Identifier: Apache-2.0
/* The devices of each domain, so that nobody looks through the whole board for them. */
#include "plan/plan.h"

void plan_owned(struct plan *p)
{
	const struct m_board *b = &p->m->board;
	size_t *list = arena_array(p->arena, b->device_count, sizeof(list[0]));
	size_t at = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		size_t owner = plan_owner(p, i);

		strmap_add(&p->device_names, b->devices[i].name.s, i);
		if (owner < p->domain_count) {
			p->domains[owner].device_count++;
		}
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		p->domains[i].devices = &list[at];
		at += p->domains[i].device_count;
		p->domains[i].device_count = 0;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		size_t owner = plan_owner(p, i);

		if (owner < p->domain_count) {
			p->domains[owner].devices[p->domains[owner].device_count++] = i;
		}
	}
}
