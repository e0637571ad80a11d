// SPDX-License-Identifier: Apache-2.0
/* Message-signalled interrupts: `msi-map` and `msi-parent`, and the frames of a GICv2. */
#include <string.h>

#include "import/import.h"
#include "types.h"

#define RIDS 0x10000u
#define RID_MASK 0xffffu
#define SPI_FIRST 32u
#define SPIS_MAX 988u

bool msi_add(struct import *im, struct i_device *dev, struct i_msi msi)
{
	if ((uint64_t)msi.first + msi.count > RIDS) {
		import_note(im, &dev->notes, "DeviceIDs from 0x%x on: the hypervisor's ITS driver has 16 bits; left out",
			    msi.first);
		return false;
	}
	dev->msis = import_grow(im, dev->msis, dev->msi_count, sizeof(msi));
	dev->msis[dev->msi_count++] = msi;
	return true;
}

static void map_of(struct import *im, struct i_device *dev, const struct t_prop *p)
{
	uint32_t mask = tree_u32(dev->node, "msi-map-mask", RID_MASK);

	if ((mask & RID_MASK) != RID_MASK) {
		import_note(im, &dev->notes, "msi-map-mask: not in the format; msi-map left out");
		return;
	}
	for (size_t at = 0; at + 4 <= tree_cells(p) && at < 4 * 256; at += 4) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at + 1));
		uint32_t rid = tree_cell(p, at), count = tree_cell(p, at + 3);

		if (to == NULL || to->kind != KIND_ITS || rid >= RIDS || count == 0) {
			import_note(im, &dev->notes, "msi-map: an entry without an ITS; left out");
			continue;
		}
		count = count > RIDS - rid ? RIDS - rid : count;
		(void)msi_add(im, dev, (struct i_msi){.its = to->thing, .first = tree_cell(p, at + 2), .count = count,
						     .mapped = true, .rid = rid});
	}
}

static void parent_of(struct import *im, struct i_device *dev, const struct t_prop *p)
{
	const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, 0));
	uint32_t cells = to == NULL ? 0 : tree_u32(to, "#msi-cells", 0);

	if (to != NULL && to->kind == KIND_DEVICE && im->devices[to->thing].class == CLASS_MSI_FRAME) {
		dev->msi_frame = to->thing;
	} else if (to == NULL || to->kind != KIND_ITS) {
		import_note(im, &dev->notes, "msi-parent: '%s' is neither an ITS nor a frame of a GICv2; left out",
			    to == NULL ? "nothing" : to->name);
	} else if (dev->pci) {
		(void)msi_add(im, dev, (struct i_msi){.its = to->thing, .count = RIDS, .mapped = true});
	} else if (cells == 1 && tree_cells(p) >= 2) {
		(void)msi_add(im, dev, (struct i_msi){.its = to->thing, .first = tree_cell(p, 1), .count = 1});
		if (tree_cells(p) > 2) {
			import_note(im, &dev->notes, "msi-parent: the format has one DeviceID for a device; the others "
				    "are left out");
		}
	} else {
		import_note(im, &dev->notes, "msi-parent: no DeviceID; left out");
	}
}

/* A page that raises SPIs. Which ones, its registers say, and the tree only sometimes. */
static void frame_read(struct import *im, struct i_device *dev)
{
	uint32_t base = tree_u32(dev->node, "arm,msi-base-spi", 0);
	uint32_t count = tree_u32(dev->node, "arm,msi-num-spis", 0);

	dev->kept = im->gic_version != 2 || dev->reg_count != 1 || dev->reg[0].size != PAGE_SIZE ||
		    !IS_ALIGNED(dev->reg[0].base, PAGE_SIZE) || base < SPI_FIRST || count == 0 ||
		    base - SPI_FIRST >= SPIS_MAX || count > SPIS_MAX - (base - SPI_FIRST);
	if (dev->kept) {
		import_decide(im, &dev->notes, "say 'class: msi-frame' and 'msi-spis', all that its MSI_TYPER says, to "
			      "use it with a GICv2");
		return;
	}
	dev->class = CLASS_MSI_FRAME;
	dev->msi_spis = (struct i_range){base - SPI_FIRST, count};
	dev->irq_count = 0;
}

void messages_read(struct import *im)
{
	for (size_t i = 0; i < im->device_count; i++) {
		if (tree_is(im->devices[i].node, "arm,gic-v2m-frame")) {
			frame_read(im, &im->devices[i]);
		}
	}
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];
		const struct t_prop *map = tree_prop(dev->node, "msi-map"), *parent = tree_prop(dev->node, "msi-parent");

		if (map != NULL) {
			map_of(im, dev, map);
		} else if (tree_cells(parent) > 0) {
			parent_of(im, dev, parent);
		}
	}
}
