// SPDX-License-Identifier: Apache-2.0
/* The devices of each domain, and all by name. */
#include <stdlib.h>

#include "plan/plan.h"

void plan_owned(struct plan *p)
{
	const struct m_board *b = &p->m->board;
	size_t *owners = memory_resize(NULL, b->device_count + 1, sizeof(owners[0]));

	for (size_t i = 0; i < b->device_count; i++) {
		owners[i] = plan_owner(p, i);
		strmap_add(&p->device_names, b->devices[i].name.s, i);
	}
	p->owned = groups_by(owners, b->device_count, p->domain_count);
	free(owners);
	for (size_t i = 0; i < p->domain_count; i++) {
		p->domains[i].devices = &p->owned.list[p->owned.first[i]];
		p->domains[i].device_count = p->owned.first[i + 1] - p->owned.first[i];
	}
}
