// SPDX-License-Identifier: Apache-2.0
/* The devices of board.yaml. */
#include <inttypes.h>
#include <string.h>

#include "import/import.h"
#include "types.h"

static void ranges_write(FILE *out, const char *key, const struct i_range *list, size_t count)
{
	if (count == 0) {
		return;
	}
	fprintf(out, "    %s: %s", key, count > 1 ? "[" : "");
	for (size_t i = 0; i < count; i++) {
		fputs(i == 0 ? "" : ", ", out);
		range_write(out, &list[i]);
	}
	fputs(count > 1 ? "]\n" : "\n", out);
}

static void irqs_write(FILE *out, const struct i_device *dev)
{
	if (dev->irq_count == 0) {
		return;
	}
	fputs("    interrupts: [", out);
	for (size_t i = 0; i < dev->irq_count; i++) {
		fputs(i == 0 ? "" : i % 6 == 0 ? ",\n      " : ", ", out);
		irq_write(out, &dev->irqs[i]);
	}
	fputs("]\n", out);
}

static bool any_link(const struct i_device *dev, bool mapped)
{
	for (size_t i = 0; i < dev->link_count; i++) {
		if (dev->links[i].mapped == mapped) {
			return true;
		}
	}
	return false;
}

static void links_write(const struct import *im, FILE *out, const struct i_device *dev, bool mapped)
{
	const char *comma = "";

	if (!any_link(dev, mapped)) {
		return;
	}
	fprintf(out, "    %s: [", mapped ? "iommu-map" : "iommus");
	for (size_t i = 0; i < dev->link_count; i++) {
		const struct i_link *l = &dev->links[i];
		if (l->mapped != mapped) {
			continue;
		}
		fprintf(out, "%s{", comma);
		comma = ",\n      ";
		if (mapped) {
			fprintf(out, "rid: 0x%x, ", l->rid);
		}
		fprintf(out, mapped ? "iommu: %s, id: 0x%x" : "iommu: %s, id: %u", im->iommus[l->iommu].name, l->first);
		if (l->count != 1) {
			fprintf(out, mapped ? ", count: 0x%x" : ", count: %u", l->count);
		}
		fputc('}', out);
	}
	fputs("]\n", out);
}

static void msis_write(const struct import *im, FILE *out, const struct i_device *dev)
{
	const char *comma = "";
	bool mapped = dev->msi_count > 0 && dev->msis[0].mapped;

	if (dev->msi_frame != IMPORT_NONE) {
		fprintf(out, "    msi-parent: {frame: %s}\n", im->devices[dev->msi_frame].name);
	}
	if (dev->msi_count == 0) {
		return;
	}
	if (!mapped) {
		fprintf(out, "    msi-parent: {its: %s, id: 0x%x}\n", im->itses[dev->msis[0].its].name, dev->msis[0].first);
		return;
	}
	fputs("    msi-map: [", out);
	for (size_t i = 0; i < dev->msi_count; i++) {
		const struct i_msi *x = &dev->msis[i];
		fprintf(out, "%s{rid: 0x%x, its: %s, id: 0x%x, count: 0x%x}", comma, x->rid, im->itses[x->its].name,
			x->first, x->count);
		comma = ",\n      ";
	}
	fputs("]\n", out);
}

static void names_write(const struct import *im, FILE *out, const char *key, const size_t *list, size_t count)
{
	if (count == 0) {
		return;
	}
	fprintf(out, "    %s: [", key);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s%s", i == 0 ? "" : ", ", im->devices[list[i]].name);
	}
	fputs("]\n", out);
}

static void compatible_write(FILE *out, const struct i_device *dev)
{
	for (size_t i = 0; i < dev->compatible_count; i++) {
		fputs(i == 0 ? "    compatible: [" : ", ", out);
		text_write(out, dev->compatible[i]);
	}
	fputs(dev->compatible_count > 0 ? "]\n" : "", out);
}

/* Properties that no node has: a table said what they are made of. */
static void facts_write(FILE *out, const struct i_device *dev)
{
	fputs(dev->fact_count > 0 ? "    properties:\n" : "", out);
	for (size_t i = 0; i < dev->fact_count; i++) {
		fprintf(out, "      %s\n", dev->facts[i]);
	}
}

/* Nodes on a bus of the device's own. */
static void children_note(struct import *im, const struct i_device *dev, struct i_notes *notes)
{
	const char *list = "";
	size_t count = 0;

	for (const struct t_node *c = dev->node->child; c != NULL; c = c->next) {
		if (c->kind == KIND_NOTHING && c->child == NULL && count++ < 3) {
			list = arena_format(im->a, "%s%s%s", list, count == 1 ? "" : ", ", c->name);
		} else if (c->kind == KIND_NOTHING && c->child != NULL && tree_prop(c, "ranges") == NULL && count++ < 3) {
			list = arena_format(im->a, "%s%s%s", list, count == 1 ? "" : ", ", c->name);
		}
	}
	if (count > 0) {
		import_note(im, notes, "not said: %zu node%s below it: %s%s", count, count == 1 ? "" : "s", list,
			    count > 3 ? ", ..." : "");
	}
}

static void master_write(struct import *im, FILE *out, const struct i_device *dev)
{
	bool behind = dev->link_count > 0;

	if (dev->master && !behind) {
		fprintf(out, "    dma-master: true # %s%s\n", dev->master_why != NULL ? dev->master_why : "",
			dev->master_why != NULL ? "; no IOMMU in front of it" : "no IOMMU in front of it");
	}
	links_write(im, out, dev, false);
	links_write(im, out, dev, true);
	if (!dev->master && dev->enabled) {
		names_write(im, out, "dma-via", dev->vias, dev->via_count);
	}
	names_write(im, out, "shares", dev->shares, dev->share_count);
}

static void device_write(struct import *im, FILE *out, const struct i_device *dev)
{
	static const char *const classes[] = {
		[CLASS_MMIO] = NULL, [CLASS_GIC] = "gic", [CLASS_SRAM] = "sram", [CLASS_FRAMEBUFFER] = "framebuffer",
		[CLASS_FIRMWARE_WINDOW] = "firmware-window", [CLASS_MSI_FRAME] = "msi-frame"};
	struct i_notes head = {0};

	import_note(im, &head, "%s", dev->path);
	if (dev->enabled && dev->node != NULL) {
		children_note(im, dev, &head);
	}
	fputs(dev == im->devices ? "" : "\n", out);
	notes_write(im, out, &head, "  ");
	notes_write(im, out, &dev->notes, "  ");
	fprintf(out, "  %s:\n", dev->name);
	compatible_write(out, dev);
	if (classes[dev->class] != NULL) {
		fprintf(out, "    class: %s\n", classes[dev->class]);
	}
	ranges_write(out, "reg", dev->reg, dev->reg_count);
	ranges_write(out, "windows", dev->windows, dev->window_count);
	irqs_write(out, dev);
	if (dev->class == CLASS_MSI_FRAME) {
		fprintf(out, "    msi-spis: [%" PRIu64 ", %" PRIu64 "]\n", dev->msi_spis.base, dev->msi_spis.size);
	}
	master_write(im, out, dev);
	msis_write(im, out, dev);
	if (!dev->enabled) {
		fputs("    status: disabled\n", out);
	}
	if (dev->node == NULL) {
		facts_write(out, dev);
	} else if (!dev->kept) {
		props_write(im, out, dev, "    ");
	}
}

void devices_write(struct import *im, FILE *out)
{
	if (im->device_count > 0) {
		fputs(im->acpi ? "\n# Each device stands behind the table that says it.\ndevices:\n"
			       : "\n# Each device stands behind its path in the tree. Left out of all of them: pinctrl-*, whose "
				 "nodes the\n# format has no place for, and the registers of what is on a bus of the device's "
				 "own.\ndevices:\n", out);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		device_write(im, out, &im->devices[i]);
	}
}
