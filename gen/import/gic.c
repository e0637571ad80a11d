// SPDX-License-Identifier: Apache-2.0
/* The interrupt controller and its parts. */
#include <string.h>

#include "import/import.h"
#include "types.h"

#define GICR_FRAME KIB(128)
#define GICR_FRAME_V4 KIB(256) /* of a GICv4; the hypervisor asks GICR_TYPER which it is */
#define MAINTENANCE_PPI 9u     /* Server Base System Architecture */
#define ITS_SIZE KIB(128)

static const char *const gicv2s[] = {
	"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "qcom,msm-qgic2"};
static const char *const gicv1s[] = {
	"arm,cortex-a9-gic", "arm,pl390", "arm,arm11mp-gic", "arm,arm1176jzf-devchip-gic"};

static bool is_one_of(const struct t_node *n, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tree_is(n, list[i])) {
			return true;
		}
	}
	return false;
}

static bool gic_find(struct import *im)
{
	const struct t_node *other = NULL;

	for (size_t i = 0; i < im->t.count && im->gic == NULL; i++) {
		struct t_node *n = &im->t.nodes[i];

		if (tree_prop(n, "interrupt-controller") == NULL || !tree_enabled(n)) {
			continue;
		}
		if (tree_is(n, "arm,gic-v3")) {
			im->gic_version = 3;
		} else if (is_one_of(n, gicv2s, ARRAY_SIZE(gicv2s))) {
			im->gic_version = 2;
		} else if (is_one_of(n, gicv1s, ARRAY_SIZE(gicv1s))) {
			other = n;
		}
		im->gic = im->gic_version != 0 ? n : NULL;
	}
	if (im->gic == NULL) {
		const char *what = other == NULL ? NULL : tree_text(tree_prop(other, "compatible"), 0);
		uint32_t phandle = tree_u32(&im->t.nodes[0], "interrupt-parent", 0);
		const struct t_node *root = other == NULL ? tree_by_phandle(&im->t, phandle) : other;
		struct diag_msg *m;

		what = what == NULL && root != NULL ? tree_text(tree_prop(root, "compatible"), 0) : what;
		m = import_refuse(im, 702, root, "%s%sis no GICv2 with virtualization and no GICv3",
				  what == NULL ? "there " : what, what == NULL ? "" : " ");
		diag_note(m, pos_none, "the hypervisor has drivers for those two");
	}
	return im->gic != NULL;
}

/* Entry `i` of the GIC's reg; false after reporting. */
static bool part_read(struct import *im, size_t i, const char *name, struct i_range *r)
{
	if (address_reg(im->gic, i, r) == ADDRESS_OK) {
		return true;
	}
	import_refuse(im, 702, im->gic, "the GICv%u has no %s that the CPU sees in its reg", im->gic_version, name);
	return false;
}

/* GICC and GICV are two pages of 4 or 64 KiB; old trees leave the second one out. */
static void interface_fit(struct import *im, struct i_range *r, const char *name)
{
	if (r->size < KIB(8)) {
		import_note(im, &im->gic_notes, "%s: the tree has 0x%llx bytes; a GICv2 has a second page (GICC_DIR)",
			    name, (unsigned long long)r->size);
		r->size = KIB(8);
	}
	r->size = r->size > KIB(128) ? KIB(128) : ALIGN_DOWN(r->size, PAGE_SIZE);
}

static bool gicv2_read(struct import *im)
{
	if (address_count(im->gic) < 4) {
		struct diag_msg *m = import_refuse(im, 702, im->gic, "the GICv2 has no virtual CPU interface "
						   "(GICH, GICV) in its reg");

		diag_note(m, pos_none, "without one there is no interrupt for a domain");
		return false;
	}
	if (!part_read(im, 0, "GICD", &im->gicd) || !part_read(im, 1, "GICC", &im->gicc) ||
	    !part_read(im, 2, "GICH", &im->gich) || !part_read(im, 3, "GICV", &im->gicv)) {
		return false;
	}
	interface_fit(im, &im->gicc, "gicc");
	interface_fit(im, &im->gicv, "gicv");
	return true;
}

/* Redistributors: one run of frames, each of 128 KiB, or each of 256. */
static bool gicr_read(struct import *im)
{
	uint32_t regions = tree_u32(im->gic, "#redistributor-regions", 1);
	const struct t_prop *p = tree_prop(im->gic, "redistributor-stride");
	uint64_t stride = tree_cells(p) == 0 || tree_cells(p) > 2 ? 0 : tree_number(p, 0, tree_cells(p));
	struct diag_msg *m;

	if (!part_read(im, 1, "GICR", &im->gicr)) {
		return false;
	}
	for (uint32_t i = 1; i < regions; i++) {
		struct i_range more;
		if (!part_read(im, 1 + i, "GICR", &more)) {
			return false;
		}
		if (more.base != i_last(&im->gicr) + 1) {
			m = import_refuse(im, 702, im->gic, "the GICv3's redistributors are in %u regions, not in one",
					  regions);
			diag_note(m, pos_none, "the hypervisor drives one run of them");
			return false;
		}
		im->gicr.size += more.size;
	}
	if (stride != 0 && stride != GICR_FRAME && stride != GICR_FRAME_V4) {
		m = import_refuse(im, 702, im->gic, "the GICv3's redistributors are 0x%llx bytes apart",
				  (unsigned long long)stride);
		diag_note(m, pos_none, "the architecture has 128 KiB, and 256 KiB for a GICv4");
		return false;
	}
	im->gicr.size = ALIGN_DOWN(im->gicr.size, GICR_FRAME);
	return true;
}

static bool gicv3_read(struct import *im)
{
	if (!part_read(im, 0, "GICD", &im->gicd) || !gicr_read(im)) {
		return false;
	}
	if (tree_prop(im->gic, "mbi-ranges") != NULL) {
		import_note(im, &im->gic_notes, "mbi-ranges: the format has message-signalled SPIs of a GICv2 only; "
			    "left out");
	}
	return true;
}

/* The CPUs are known by now. */
static bool gicr_enough(struct import *im)
{
	if (im->gic_version == 2 || im->gicr.size / GICR_FRAME >= im->cpu_count) {
		return true;
	}
	import_refuse(im, 702, im->gic, "redistributors for %llu CPUs, but there are %zu",
		      (unsigned long long)(im->gicr.size / GICR_FRAME), im->cpu_count);
	return false;
}

static void its_read(struct import *im, struct t_node *n)
{
	struct i_range r;

	if (address_reg(n, 0, &r) != ADDRESS_OK || r.size < ITS_SIZE || !IS_ALIGNED(r.base, KIB(64))) {
		import_note(im, &im->gic_notes, "%s: no ITS of 128 KiB that the CPU sees; left out", n->name);
		return;
	}
	im->itses = import_grow(im, im->itses, im->its_count, sizeof(im->itses[0]));
	n->kind = KIND_ITS;
	n->thing = im->its_count;
	im->itses[im->its_count++] = (struct i_its){.reg = r};
}

bool gic_read(struct import *im)
{
	bool good = gic_find(im) && (im->gic_version == 2 ? gicv2_read(im) : gicv3_read(im));

	if (!good) {
		return false;
	}
	if (interrupt_at(im, im->gic, 0, &im->maintenance) != IRQ_OK || !im->maintenance.ppi) {
		import_decide(im, &im->gic_notes, "maintenance: the tree does not say it; PPI 9 is usual");
		im->maintenance = (struct i_irq){.ppi = true, .number = MAINTENANCE_PPI};
	}
	im->gic->kind = KIND_MACHINE;
	for (size_t i = 0; i < im->t.count && im->gic_version == 3; i++) {
		struct t_node *n = &im->t.nodes[i];
		if (tree_is(n, "arm,gic-v3-its") && tree_enabled(n)) {
			its_read(im, n);
		}
	}
	return machine_read(im) && gicr_enough(im);
}
