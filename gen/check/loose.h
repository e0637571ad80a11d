/* SPDX-License-Identifier: Apache-2.0 */
/* DMA masters that no IOMMU confines, and whose registers a domain reaches: none is in
 * front of them, or one that this version's hypervisor does not drive. */
#ifndef GEN_CHECK_LOOSE_H
#define GEN_CHECK_LOOSE_H

#include "check/parts.h"

struct loose {
	size_t *devices; /* the domain's own, then others with registers in its pages */
	size_t count;
	size_t *owners; /* of `devices`: in the list of all */
	struct owned owned; /* in the list of all */
	size_t page_of; /* the domain's device in whose page devices[0] lies; MODEL_NONE:
			 * devices[0] is its own */
};

enum loose_why {
	LOOSE_BARE,     /* no IOMMU, not for all of its requester IDs, or it is not to be used */
	LOOSE_UNDRIVEN, /* an IOMMU that is not driven */
};

/* All of them, ascending; freed with loose_free(). */
struct loose loose_list(const struct model *m);
/* Those of `all` that the domain reaches and that are loose so; with `excused` those too
 * whose board says why it is accepted. */
struct loose loose_find(const struct model *m, const struct loose *all, size_t domain, enum loose_why why,
			bool excused);
void loose_free(struct loose *l);

/* It reads or writes memory by itself. An IOMMU does, for its tables, whether the
 * board calls it a master or not. */
bool device_is_master(const struct m_device *dev);
/* The link to an IOMMU that the hypervisor does not drive; NULL: none. */
const struct m_iommu_link *device_undriven(const struct model *m, const struct m_device *dev);

#endif
