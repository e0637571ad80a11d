/* SPDX-License-Identifier: Apache-2.0 */
/* DMA masters that no IOMMU confines, and whose registers a domain reaches: none is in
 * front of them, or one that the hypervisor does not drive; and those whose domain counts
 * on none (`iommu: "off"`). */
#ifndef GEN_CHECK_LOOSE_H
#define GEN_CHECK_LOOSE_H

#include "check/parts.h"

struct loose {
	size_t *devices; /* the domain's own, then others with registers in its pages */
	size_t count;
	size_t *owners; /* of `devices`: in the list of all */
	struct groups owned; /* in the list of all */
	size_t page_of; /* the domain's device in whose page devices[0] lies; MODEL_NONE:
			 * devices[0] is its own */
};

/* Bits, for loose_find(). */
enum loose_why {
	LOOSE_BARE = 1,      /* no IOMMU, not for all of its requester IDs, or one that is not driven as
			      * its domain is not to have it */
	LOOSE_UNDRIVEN = 2,  /* an IOMMU that is not driven */
	LOOSE_UNCOUNTED = 4, /* one confines it, but its domain does not count on that */
	LOOSE_ANY = LOOSE_BARE | LOOSE_UNDRIVEN | LOOSE_UNCOUNTED,
};

/* All of them, ascending; freed with loose_free(). */
struct loose loose_list(const struct model *m);
/* Those of `all` that the domain reaches and that are loose in one of the ways `whys`; with
 * `excused` those too whose board says why it is accepted. */
struct loose loose_find(const struct model *m, const struct loose *all, size_t domain, unsigned int whys,
			bool excused);
void loose_free(struct loose *l);

/* It reads or writes memory by itself. An IOMMU does, for its tables, whether the
 * board calls it a master or not. */
bool device_is_master(const struct m_device *dev);
/* The domain that has the device and counts no IOMMU, though one confines it; NULL: none. */
const struct m_domain *device_uncounted(const struct model *m, size_t device);
/* The link to an IOMMU that the hypervisor does not drive; NULL: none. */
const struct m_iommu_link *device_undriven(const struct model *m, const struct m_device *dev);

#endif
