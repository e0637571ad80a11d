// SPDX-License-Identifier: Apache-2.0
#include "util/groups.h"

#include <stdlib.h>
#include <string.h>

#include "util/arena.h"

struct groups groups_by(const size_t *of, size_t count, size_t groups)
{
	struct groups g = {
		.list = memory_resize(NULL, count + 1, sizeof(g.list[0])),
		.first = memory_resize(NULL, groups + 2, sizeof(g.first[0])),
	};

	/* Counted one further on, so that filling moves each to where the group begins. */
	memset(g.first, 0, (groups + 2) * sizeof(g.first[0]));
	for (size_t i = 0; i < count; i++) {
		if (of[i] < groups) {
			g.first[of[i] + 2]++;
		}
	}
	for (size_t i = 2; i < groups + 2; i++) {
		g.first[i] += g.first[i - 1];
	}
	for (size_t i = 0; i < count; i++) {
		if (of[i] < groups) {
			g.list[g.first[of[i] + 1]++] = i;
		}
	}
	return g;
}

void groups_free(struct groups *g)
{
	free(g->list);
	free(g->first);
	*g = (struct groups){0};
}
