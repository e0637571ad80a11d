/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spans of addresses with owners, and a sweep over them that finds each pair of
 * different owners that meet, in O(n log n + pairs) for a bounded number of owners.
 */
#ifndef GEN_CHECK_SPAN_H
#define GEN_CHECK_SPAN_H

#include "model/model.h"

struct span {
	uint64_t first; /* both included, so that the end of the address space fits */
	uint64_t last;
	size_t owner;
	size_t device; /* MODEL_NONE: not a device */
	size_t group;  /* what belongs together: spans of one device */
	const char *name;
	struct m_range range; /* as written */
	bool reported; /* one message for each cause: the user's */
	size_t next;   /* the sweep's */
};

struct spans {
	struct span *list;
	size_t count;
	size_t room;
};

void spans_add(struct spans *s, const struct span *span);
void spans_sort(struct spans *s); /* by first, then last */
void spans_free(struct spans *s);

/* A sweep. All zero but spans: at the start. */
struct sweep {
	const struct spans *spans;
	struct sweep_owner *owners; /* open spans of each owner met so far */
	size_t owner_count;
	size_t owner_room;
	size_t at;     /* the span looked at */
	size_t owner;  /* whose open spans are compared with it */
	size_t *link;  /* from where the next open span to compare hangs */
};

/* The next pair that overlaps and has different owners; a starts no later than b.
 * The spans are sorted. False at the end. */
bool sweep_next(struct sweep *s, struct span **a, struct span **b);
/* Enough of b: the next pair is with the span after it. */
void sweep_skip(struct sweep *s);
void sweep_free(struct sweep *s);

#endif
