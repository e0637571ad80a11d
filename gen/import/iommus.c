// SPDX-License-Identifier: Apache-2.0
/* The IOMMUs that the hypervisor drives: Arm's SMMUv3 and Renesas' IPMMU. */
#include <string.h>

#include "import/import.h"
#include "types.h"

#define SMMU_SIZE KIB(128)
#define IPMMU_SIZE KIB(4)
#define ROOT_BITS 32u
#define POWER_DOMAINS 64u

static bool irq_name_known(const char *name)
{
	static const char *const known[] = {"eventq", "gerror", "priq", "cmdq-sync", "combined"};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(name, known[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool irq_name_taken(const struct i_iommu *u, const char *name)
{
	for (size_t i = 0; i < u->irq_count; i++) {
		if (strcmp(u->irq_names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

/* An SMMUv3's interrupts are known by their names; they are SPIs. */
static void smmu_irqs(struct import *im, struct i_iommu *u)
{
	const struct t_prop *names = tree_prop(u->node, "interrupt-names");
	size_t count = tree_texts(names);

	for (size_t i = 0; i < count && i < 16; i++) {
		const char *name = tree_text(names, i);
		struct i_irq irq;

		if (!irq_name_known(name) || irq_name_taken(u, name)) {
			import_note(im, &u->notes, "interrupt '%s': not one that the hypervisor knows; left out", name);
		} else if (interrupt_at(im, u->node, i, &irq) != IRQ_OK || irq.ppi) {
			import_note(im, &u->notes, "interrupt '%s': no SPI; left out, polled for", name);
		} else {
			u->irqs = import_grow(im, u->irqs, u->irq_count, sizeof(irq));
			u->irq_names = import_grow(im, u->irq_names, u->irq_count, sizeof(name));
			u->irqs[u->irq_count] = irq;
			u->irq_names[u->irq_count++] = name;
		}
	}
	if (u->irq_count == 0) {
		import_note(im, &u->notes, "no interrupts: its events are polled for");
	}
}

static void smmu_read(struct import *im, struct i_iommu *u)
{
	u->type = IOMMU_SMMUV3;
	u->coherent = tree_prop(u->node, "dma-coherent") != NULL;
	smmu_irqs(im, u);
	import_decide(im, &u->notes, "ids: 1 << IDR1.SIDSIZE, which no device tree says");
	if (!u->coherent) {
		import_decide(im, &u->notes, "coherent: true if IDR0.COHACC is 1; the tree has no dma-coherent");
	}
}

/* The power domain of Renesas' SYSC, whose number is the cell. */
static uint32_t power_domain(const struct import *im, const struct t_node *n)
{
	const struct t_prop *p = tree_prop(n, "power-domains");
	const struct t_node *sysc = tree_cells(p) == 2 ? tree_by_phandle(&im->t, tree_cell(p, 0)) : NULL;

	return sysc != NULL && tree_is_like(sysc, "-sysc") && tree_cell(p, 1) < POWER_DOMAINS ? tree_cell(p, 1)
											      : UINT32_MAX;
}

static void ipmmu_read(struct import *im, struct i_iommu *u)
{
	bool same = false;

	u->type = IOMMU_IPMMU;
	u->power_domain = power_domain(im, u->node);
	(void)interrupt_list(im, u->node, &u->irqs, &u->irq_count, &u->notes);
	for (size_t i = 0; i < u->irq_count; i++) {
		same = same || u->irqs[i].ppi;
	}
	if (same) {
		import_note(im, &u->notes, "its PPIs cannot be an IOMMU's interrupts: left out");
		u->irq_count = 0;
	}
}

/* renesas,ipmmu-main: the root, and the bit in it. */
static void ipmmu_roots(struct import *im)
{
	for (size_t i = 0; i < im->iommu_count; i++) {
		struct i_iommu *u = &im->iommus[i];
		const struct t_prop *p = tree_prop(u->node, "renesas,ipmmu-main");
		const struct t_node *root = tree_cells(p) == 0 ? NULL : tree_by_phandle(&im->t, tree_cell(p, 0));

		if (u->type != IOMMU_IPMMU || p == NULL) {
			continue;
		}
		if (root == NULL || root->kind != KIND_IOMMU || root == u->node || tree_cells(p) < 2 ||
		    tree_cell(p, 1) >= ROOT_BITS || tree_prop(root, "renesas,ipmmu-main") != NULL) {
			import_decide(im, &u->notes, "root and root-bit: renesas,ipmmu-main does not say them");
			continue;
		}
		u->root = root->thing;
		u->root_bit = tree_cell(p, 1);
	}
}

/* An IOMMU that can be said becomes one; any other is a device that nobody gets. */
static void iommu_add(struct import *im, struct t_node *n, bool smmu)
{
	uint64_t size = smmu ? SMMU_SIZE : IPMMU_SIZE, align = smmu ? KIB(64) : KIB(4);
	struct i_iommu u = {.node = n, .path = tree_path(im->a, n), .root = IMPORT_NONE, .power_domain = UINT32_MAX};

	if (address_reg(n, 0, &u.reg) != ADDRESS_OK || u.reg.size < size || !IS_ALIGNED(u.reg.base, align)) {
		return;
	}
	if (smmu) {
		smmu_read(im, &u);
	} else {
		ipmmu_read(im, &u);
	}
	im->iommus = import_grow(im, im->iommus, im->iommu_count, sizeof(u));
	n->kind = KIND_IOMMU;
	n->thing = im->iommu_count;
	im->iommus[im->iommu_count++] = u;
}

void iommus_read(struct import *im)
{
	for (size_t i = 0; i < im->t.count; i++) {
		struct t_node *n = &im->t.nodes[i];
		bool smmu = tree_is(n, "arm,smmu-v3");

		if ((smmu || tree_is_like(n, "renesas,ipmmu-")) && tree_enabled(n)) {
			iommu_add(im, n, smmu);
		}
	}
	ipmmu_roots(im);
}
