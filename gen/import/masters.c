// SPDX-License-Identifier: Apache-2.0
/*
 * Which devices do DMA. A device tree says it of those behind an IOMMU and of some others; for
 * the rest the generic node names (Devicetree Specification, 2.2.2) are what there is to go by.
 */
#include <string.h>

#include "import/import.h"
#include "types.h"

/* Nodes of these names are masters as a rule. */
static const char *const names[] = {
	"crypto",	 "display", "display-controller", "dma",	    "dma-controller", "ethernet", "gpu",
	"hdmi",		 "isp",	    "mmc",		  "nand-controller", "pcie",	      "pci",	  "sata",
	"sdhci",	 "sdio",    "sdmmc",		  "ufs",	    "ufshc",	      "usb",	  "usb3",
	"video-codec",	 "video",   "vpu",		  "npu",	    "wifi",	      "audio-controller",
	"dma-controllers", "camera", "jpegdec", "jpegenc", "mailbox-dma", "nvme", "remoteproc", "can-dma",
};

static const char *const parts[] = {
	"-ahci", "-dmac", "-dwc3", "-ehci", "-ohci", "-sdhci", "-ufshc", "-xhci", "arm,mali-", "cadence,macb",
	"dwmac", "generic-ehci", "generic-ohci", "generic-xhci", "snps,dwc3", "virtio,mmio", "dw-mshc", "-gmac",
};

/* What the tree says; NULL: nothing. */
static const char *said(const struct t_node *n)
{
	if (tree_prop(n, "dma-coherent") != NULL || tree_prop(n, "dma-noncoherent") != NULL) {
		return "says so by dma-coherent";
	}
	return tree_prop(n, "#dma-cells") != NULL ? "a DMA controller" : NULL;
}

/* What to guess it from; NULL: nothing. */
static const char *guess(const struct t_node *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (tree_named(n, names[i])) {
			return "the node's name";
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (tree_is_like(n, parts[i])) {
			return "its compatible";
		}
	}
	return NULL;
}

/* `dmas`: the controllers that do a device's DMA. */
static void vias_read(struct import *im, struct i_device *dev)
{
	const struct t_prop *p = tree_prop(dev->node, "dmas");

	for (size_t at = 0; at < tree_cells(p) && dev->via_count < 32;) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at));
		bool known = to == NULL || to->kind != KIND_DEVICE || to == dev->node;

		for (size_t i = 0; i < dev->via_count && !known; i++) {
			known = dev->vias[i] == to->thing;
		}
		if (!known) {
			dev->vias = import_grow(im, dev->vias, dev->via_count, sizeof(dev->vias[0]));
			dev->vias[dev->via_count++] = to->thing;
		}
		if (to == NULL) {
			return;
		}
		at += 1 + (size_t)tree_u32(to, "#dma-cells", 0);
	}
}

/* A master that is none costs nothing but a warning: what may be one is taken for one. */
static void master_tell(struct import *im, struct i_device *dev)
{
	const char *from = guess(dev->node);

	dev->master_why = said(dev->node);
	if (dev->master_why == NULL && from != NULL) {
		dev->master_why = "guessed";
		if (dev->enabled) {
			import_decide(im, &dev->notes, "dma-master: guessed from %s; remove it if the device does no DMA", from);
		}
	}
	dev->master = dev->master_why != NULL;
}

void masters_read(struct import *im)
{
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];

		vias_read(im, dev);
		if (dev->kept || dev->class == CLASS_MSI_FRAME) {
			dev->master = false;
			dev->link_count = 0;
			continue;
		}
		/* One of its master's own: it walks tables in memory. */
		if (tree_prop(dev->node, "#iommu-cells") != NULL) {
			dev->master = true;
		}
		if (!dev->master && dev->reg_count > 0) {
			master_tell(im, dev);
		}
	}
}
