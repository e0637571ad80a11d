// SPDX-License-Identifier: Apache-2.0
/* Which device is behind which IOMMU: `iommus` and `iommu-map`. */
#include <string.h>

#include "import/import.h"
#include "types.h"

#define RIDS 0x10000u
#define RID_MASK 0xffffu

void link_add(struct import *im, struct i_device *dev, struct i_link link)
{
	struct i_iommu *u = &im->iommus[link.iommu];
	uint64_t end = (uint64_t)link.first + link.count;

	if (end > UINT32_MAX) {
		import_decide(im, &dev->notes, "stream IDs from 0x%x on: not IDs of '%s'; left out", link.first,
			      u->name);
		return;
	}
	for (size_t i = 0; i < dev->link_count; i++) {
		struct i_link *l = &dev->links[i];
		uint64_t l_end = (uint64_t)l->first + l->count;
		bool same = l->iommu == link.iommu && l->mapped == link.mapped && !l->mapped;

		if (same && link.first >= l->first && end <= l_end) {
			return; /* said twice */
		}
		if (same && link.first == l_end) {
			l->count += link.count;
			u->ids = end > u->ids ? end : u->ids;
			return;
		}
	}
	dev->links = import_grow(im, dev->links, dev->link_count, sizeof(link));
	dev->links[dev->link_count++] = link;
	u->ids = end > u->ids ? end : u->ids;
}

/* What to say of an IOMMU that a device names and the file does not have. */
static void link_lost(struct import *im, struct i_device *dev, const struct t_node *to)
{
	if (to == NULL) {
		import_note(im, &dev->notes, "iommus: names no node; left out");
	} else if (!tree_enabled(to)) {
		import_note(im, &dev->notes, "iommus: '%s' is disabled; left out", to->name);
	} else {
		import_decide(im, &dev->notes, "behind '%s', which the hypervisor does not drive: its DMA is not "
			      "confined", to->name);
	}
	dev->master = true;
}

static void iommus_of(struct import *im, struct i_device *dev)
{
	const struct t_prop *p = tree_prop(dev->node, "iommus");
	const struct t_node *lost = NULL;

	for (size_t at = 0; at < tree_cells(p);) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at));
		uint32_t cells = to == NULL ? 0 : tree_u32(to, "#iommu-cells", 1);

		if (to == NULL || cells > tree_cells(p) - at - 1) {
			link_lost(im, dev, NULL);
			return;
		}
		if (to->kind == KIND_IOMMU && cells > 0) {
			link_add(im, dev, (struct i_link){.iommu = to->thing, .first = tree_cell(p, at + 1), .count = 1});
		} else if (to != lost) {
			link_lost(im, dev, to);
			lost = to;
		}
		at += 1 + cells;
	}
}

/* One entry: requester IDs rid.. become IDs id.. at an IOMMU. */
static void map_entry(struct import *im, struct i_device *dev, const struct t_prop *p, size_t at,
		      uint32_t mask)
{
	const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at + 1));
	uint32_t rid = tree_cell(p, at), id = tree_cell(p, at + 2), count = tree_cell(p, at + 3);

	if (to == NULL || to->kind != KIND_IOMMU) {
		link_lost(im, dev, to);
		return;
	}
	if (mask == 0) {
		/* Whatever the requester ID, it is taken for 0. */
		if (rid == 0 && count > 0) {
			link_add(im, dev, (struct i_link){.iommu = to->thing, .first = id, .count = 1});
		}
		return;
	}
	bool masked = (mask & RID_MASK) != RID_MASK;
	if (im->iommus[to->thing].type != IOMMU_SMMUV3 || masked || rid >= RIDS || count == 0) {
		import_decide(im, &dev->notes, "iommu-map: %s; left out",
			      masked ? "iommu-map-mask is neither 0 nor 0xffff" : "an entry that is not an SMMUv3's");
		dev->master = true;
		return;
	}
	count = count > RIDS - rid ? RIDS - rid : count;
	link_add(im, dev, (struct i_link){
		.iommu = to->thing, .first = id, .count = count, .mapped = true, .rid = rid});
}

/* Entries that overlap: the format has one stream ID for each requester ID. */
static void map_tidy(struct import *im, struct i_device *dev)
{
	size_t kept = 0;

	for (size_t i = 0; i < dev->link_count; i++) {
		bool twice = false;
		for (size_t k = 0; k < kept; k++) {
			const struct i_link *x = &dev->links[i], *y = &dev->links[k];
			twice = twice || (x->mapped && y->mapped && x->rid < y->rid + y->count &&
					  y->rid < x->rid + x->count);
		}
		if (twice) {
			import_decide(im, &dev->notes, "iommu-map: requester ID 0x%x is mapped twice; the first one counts",
				      dev->links[i].rid);
		} else {
			dev->links[kept++] = dev->links[i];
		}
	}
	dev->link_count = kept;
}

static void map_of(struct import *im, struct i_device *dev)
{
	const struct t_prop *p = tree_prop(dev->node, "iommu-map");
	uint32_t mask = tree_u32(dev->node, "iommu-map-mask", RID_MASK);

	for (size_t at = 0; at + 4 <= tree_cells(p) && at < 4 * 256; at += 4) {
		map_entry(im, dev, p, at, mask);
	}
	if (p != NULL) {
		map_tidy(im, dev);
	}
}

void links_read(struct import *im)
{
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];

		iommus_of(im, dev);
		map_of(im, dev);
		dev->master = dev->master || dev->link_count > 0;
	}
}
