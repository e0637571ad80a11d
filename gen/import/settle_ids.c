// SPDX-License-Identifier: Apache-2.0
/* Stream IDs, micro-TLBs and DeviceIDs that two devices have. */
#include <stdlib.h>

#include "import/settle.h"
#include "types.h"

#define PARTNERS_MAX 64u

/* IDs first..last of one IOMMU or ITS. */
struct use {
	size_t where;
	uint64_t first, last;
	size_t device, link;
};

static int use_compare(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->where != y->where) {
		return x->where < y->where ? -1 : 1;
	}
	if (x->first != y->first) {
		return x->first < y->first ? -1 : 1;
	}
	return x->device < y->device ? -1 : x->device > y->device;
}

static bool share_known(const struct i_device *dev, size_t other)
{
	for (size_t i = 0; i < dev->share_count; i++) {
		if (dev->shares[i] == other) {
			return true;
		}
	}
	return false;
}

static void share_add(struct import *im, size_t device, size_t other)
{
	struct i_device *dev = &im->devices[device];

	if (share_known(dev, other)) {
		return;
	}
	if (dev->share_count == 0) {
		import_note(im, &dev->notes, "shares: %s gives both the same IDs at their IOMMU", im->source);
	}
	dev->shares = import_grow(im, dev->shares, dev->share_count, sizeof(other));
	dev->shares[dev->share_count++] = other;
}

/* Two devices behind one ID say so; a device's own IDs are said once. */
static void streams(struct import *im)
{
	struct use *uses = NULL;
	size_t count = 0;

	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		for (size_t l = 0; l < dev->link_count && dev->enabled; l++) {
			uses = import_grow(im, uses, count, sizeof(uses[0]));
			uses[count++] = (struct use){dev->links[l].iommu, dev->links[l].first,
						     (uint64_t)dev->links[l].first + dev->links[l].count - 1, i, l};
		}
	}
	if (count == 0) {
		return;
	}
	qsort(uses, count, sizeof(uses[0]), use_compare);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count && k - i < PARTNERS_MAX && uses[k].where == uses[i].where &&
				       uses[k].first <= uses[i].last; k++) {
			if (uses[k].device == uses[i].device) {
				im->devices[uses[k].device].links[uses[k].link].count = 0;
			} else {
				share_add(im, uses[i].device, uses[k].device);
				share_add(im, uses[k].device, uses[i].device);
			}
		}
	}
}

/* What streams() took away. */
static void links_tidy(struct import *im, struct i_device *dev)
{
	size_t out = 0;

	for (size_t l = 0; l < dev->link_count; l++) {
		if (dev->links[l].count > 0) {
			dev->links[out++] = dev->links[l];
		} else {
			import_decide(im, &dev->notes, "ID 0x%x from requester ID 0x%x on is said twice; the first one counts",
				      dev->links[l].first, dev->links[l].rid);
		}
	}
	dev->link_count = out;
}

static void messages(struct import *im)
{
	struct use *uses = NULL;
	size_t count = 0, wide = 0;

	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		for (size_t l = 0; l < dev->msi_count && dev->enabled; l++) {
			uses = import_grow(im, uses, count, sizeof(uses[0]));
			uses[count++] = (struct use){dev->msis[l].its, dev->msis[l].first,
						     (uint64_t)dev->msis[l].first + dev->msis[l].count - 1, i, l};
		}
	}
	if (count == 0) {
		return;
	}
	qsort(uses, count, sizeof(uses[0]), use_compare);
	for (size_t i = 1; i < count; i++) {
		if (uses[i].where == uses[wide].where && uses[i].first <= uses[wide].last) {
			struct i_device *dev = &im->devices[uses[i].device];
			import_decide(im, &dev->notes, "DeviceIDs from 0x%llx on are also those of '%s'; left out",
				      (unsigned long long)uses[i].first, im->devices[uses[wide].device].name);
			dev->msis[uses[i].link].count = 0;
		} else {
			wide = i;
		}
	}
}

/* Requester IDs of one host that are mapped twice, and what messages() took away. */
static void msis_tidy(struct import *im, struct i_device *dev)
{
	size_t out = 0;

	for (size_t i = 0; i < dev->msi_count; i++) {
		const struct i_msi *x = &dev->msis[i];
		bool twice = false;
		for (size_t k = 0; k < out; k++) {
			const struct i_msi *y = &dev->msis[k];
			twice = twice || (x->mapped && x->rid < y->rid + y->count && y->rid < x->rid + x->count);
		}
		if (twice) {
			import_decide(im, &dev->notes, "msi-map: requester ID 0x%x is mapped twice; the first one counts",
				      x->rid);
		}
		if (!twice && x->count > 0) {
			dev->msis[out++] = dev->msis[i];
		}
	}
	dev->msi_count = out;
}

void settle_ids(struct import *im)
{
	streams(im);
	messages(im);
	for (size_t i = 0; i < im->device_count; i++) {
		links_tidy(im, &im->devices[i]);
		msis_tidy(im, &im->devices[i]);
	}
}
