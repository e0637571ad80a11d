// SPDX-License-Identifier: Apache-2.0
#include "check/span.h"

#include <stdlib.h>

#include "util/arena.h"

#define SPAN_NONE SIZE_MAX

struct sweep_owner {
	size_t owner;
	size_t open; /* head of the list of spans that may not have ended yet */
};

void spans_add(struct spans *s, const struct span *span)
{
	if (s->count == s->room) {
		s->room = s->room == 0 ? 256 : s->room * 2;
		s->list = memory_resize(s->list, s->room, sizeof(s->list[0]));
	}
	s->list[s->count] = *span;
	s->list[s->count++].next = SPAN_NONE;
}

static int span_compare(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->first != y->first) {
		return x->first < y->first ? -1 : 1;
	}
	if (x->last != y->last) {
		return x->last < y->last ? -1 : 1;
	}
	return x->group < y->group ? -1 : x->group > y->group;
}

void spans_sort(struct spans *s)
{
	if (s->count > 1) {
		qsort(s->list, s->count, sizeof(s->list[0]), span_compare);
	}
}

void spans_free(struct spans *s)
{
	free(s->list);
	*s = (struct spans){0};
}

static struct sweep_owner *owner_get(struct sweep *s, size_t owner)
{
	for (size_t i = 0; i < s->owner_count; i++) {
		if (s->owners[i].owner == owner) {
			return &s->owners[i];
		}
	}
	if (s->owner_count == s->owner_room) {
		s->owner_room = s->owner_room == 0 ? 16 : s->owner_room * 2;
		s->owners = memory_resize(s->owners, s->owner_room, sizeof(s->owners[0]));
	}
	s->owners[s->owner_count] = (struct sweep_owner){owner, SPAN_NONE};
	return &s->owners[s->owner_count++];
}

/* The span looked at joins its owner's open ones. */
void sweep_skip(struct sweep *s)
{
	struct span *span = &s->spans->list[s->at];
	struct sweep_owner *o = owner_get(s, span->owner);

	span->next = o->open;
	o->open = s->at++;
	s->owner = 0;
	s->link = NULL;
}

bool sweep_next(struct sweep *s, struct span **a, struct span **b)
{
	struct span *list = s->spans->list;

	while (s->at < s->spans->count) {
		struct span *span = &list[s->at];
		for (; s->owner < s->owner_count; s->owner++, s->link = NULL) {
			struct sweep_owner *o = &s->owners[s->owner];
			if (o->owner == span->owner) {
				continue;
			}
			if (s->link == NULL) {
				s->link = &o->open;
			}
			while (*s->link != SPAN_NONE) {
				struct span *open = &list[*s->link];
				if (open->last < span->first) {
					*s->link = open->next; /* over: no later span meets it */
					continue;
				}
				s->link = &open->next;
				*a = open;
				*b = span;
				return true;
			}
		}
		sweep_skip(s);
	}
	return false;
}

void sweep_free(struct sweep *s)
{
	free(s->owners);
	s->owners = NULL;
}
