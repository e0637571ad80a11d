/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to whom, as lists, so that nobody looks through all for his own. */
#ifndef GEN_UTIL_GROUPS_H
#define GEN_UTIL_GROUPS_H

#include <stddef.h>

/* Of group i: list[first[i]]..list[first[i + 1] - 1], ascending. */
struct groups {
	size_t *list;
	size_t *first;
};

/* Of the elements 0..count-1, element i in group of[i]; one whose group is not below `groups` is
 * in none. */
struct groups groups_by(const size_t *of, size_t count, size_t groups);
void groups_free(struct groups *g);

#endif
