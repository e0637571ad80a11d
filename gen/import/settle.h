/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of settle(). */
#ifndef GEN_IMPORT_SETTLE_H
#define GEN_IMPORT_SETTLE_H

#include "import/import.h"

/* A range of whole pages and whose it is: device, or IMPORT_NONE for the hypervisor's. */
struct s_span {
	struct i_range r;
	size_t device;
	size_t index;  /* of the range in its device; windows count on behind reg */
	uint64_t reach; /* highest last byte of this one and those before it */
};

struct s_spans {
	struct s_span *list;
	size_t count;
};

void spans_put(struct import *im, struct s_spans *s, const struct i_range *r, size_t device, size_t index);
void spans_order(struct s_spans *s);
/* The first span after `from` that has a page in common with r; IMPORT_NONE: none. */
size_t spans_hit(const struct s_spans *s, const struct i_range *r, size_t from);

void settle_irqs(struct import *im);
void settle_ids(struct import *im);

#endif
