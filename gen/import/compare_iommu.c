// SPDX-License-Identifier: Apache-2.0
/* IOMMUs, and which device is behind which; interrupts of both. */
#include <stdlib.h>
#include <string.h>

#include "import/compare.h"
#include "types.h"

typedef unsigned long long ull;

static const char *irqs_text(struct import *im, const struct i_irq *irqs, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count && i < 32; i++) {
		text = arena_format(im->a, "%s%s{%s: %u%s}", text, i == 0 ? "" : ", ", irqs[i].ppi ? "ppi" : "spi",
				    irqs[i].number, trigger_text(irqs[i].trigger));
	}
	return text;
}

/* The trigger of a PPI is the CPU's own affair. */
static bool irq_same(const struct m_irq *x, const struct i_irq *y)
{
	return (x->type == IRQ_PPI) == y->ppi && x->number == y->number && (y->ppi || x->trigger == y->trigger);
}

void compare_irqs(struct import *im, struct diag *d, const char *name, struct pos at,
		  const struct m_irq *irqs, size_t count, const struct t_node *node,
		  const struct i_irq *theirs, size_t their_count)
{
	const struct m_irq *wrong = NULL;
	size_t found = 0;
	struct diag_msg *m;

	for (size_t i = 0; i < count; i++) {
		bool there = false;
		for (size_t k = 0; k < their_count; k++) {
			there = there || irq_same(&irqs[i], &theirs[k]);
		}
		wrong = !there && wrong == NULL ? &irqs[i] : wrong;
	}
	for (size_t k = 0; k < their_count; k++) {
		bool there = false;
		for (size_t i = 0; i < count; i++) {
			there = there || irq_same(&irqs[i], &theirs[k]);
		}
		found += there;
	}
	if (wrong != NULL) {
		m = diag_error(d, 713, wrong->pos, "%s %u of '%s' is not in the device tree, or with another trigger",
			       wrong->type == IRQ_PPI ? "PPI" : "SPI", wrong->number, name);
	} else if (found < their_count) {
		m = diag_warning(d, 713, at, "'%s' has %zu interrupt%s more in the device tree", name, their_count - found,
				 their_count - found == 1 ? "" : "s");
	} else {
		return;
	}
	diag_note(m, pos_none, "its node is %s", tree_path(im->a, node));
	if (their_count > 0) {
		diag_help(m, "interrupts: [%s]", irqs_text(im, theirs, their_count));
	}
}

/* The tree's IOMMU at an address; NULL: none. */
static const struct i_iommu *iommu_at(const struct import *im, uint64_t base)
{
	for (size_t i = 0; i < im->iommu_count; i++) {
		if (im->iommus[i].reg.base == base) {
			return &im->iommus[i];
		}
	}
	return NULL;
}

static void iommu_compare(struct import *im, struct diag *d, const struct m_board *b, const struct m_iommu *u)
{
	const struct i_iommu *is = iommu_at(im, u->reg.base);
	struct diag_msg *m;

	if (is == NULL || is->type != u->type) {
		m = diag_error(d, 711, u->reg.pos, "the device tree has no %s at 0x%llx",
			       u->type == IOMMU_SMMUV3 ? "SMMUv3" : "IPMMU", (ull)u->reg.base);
		diag_label(m, "of '%s'", u->name.s);
		return;
	}
	compare_irqs(im, d, u->name.s, u->pos, u->irqs, u->irq_count, is->node, is->irqs, is->irq_count);
	const struct i_iommu *root = is->root == IMPORT_NONE ? NULL : &im->iommus[is->root];
	uint64_t base = u->root < b->iommu_count ? b->iommus[u->root].reg.base : 0;
	if (root != NULL && (base != root->reg.base || u->root_bit.v != is->root_bit)) {
		m = diag_error(d, 714, u->root_bit.given ? u->root_bit.pos : u->pos,
			       "'%s' has another root, or another bit there, in the device tree", u->name.s);
		diag_note(m, pos_none, "its node is %s", tree_path(im->a, is->node));
		diag_help(m, "its root is at 0x%llx, root-bit: %u", (ull)root->reg.base, is->root_bit);
	}
}

void compare_iommus(struct import *im, struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.iommu_count; i++) {
		iommu_compare(im, d, &m->board, &m->board.iommus[i]);
	}
}

/* IDs first..last at the IOMMU at `base`; of requester IDs from rid on, or IMPORT_NONE. */
struct run {
	uint64_t base, rid, first, last;
};

static int run_compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct run)) == 0 ? 0
	       : ((const struct run *)a)->base != ((const struct run *)b)->base
		       ? (((const struct run *)a)->base < ((const struct run *)b)->base ? -1 : 1)
		       : ((const struct run *)a)->first < ((const struct run *)b)->first ? -1 : 1;
}

/* Ascending, and in one piece what follows on. */
static size_t runs_join(struct run *runs, size_t count)
{
	size_t out = 0;

	if (count == 0) {
		return 0;
	}
	qsort(runs, count, sizeof(runs[0]), run_compare);
	for (size_t i = 0; i < count; i++) {
		struct run *last = out > 0 ? &runs[out - 1] : NULL;
		uint64_t length = last == NULL ? 0 : last->last - last->first + 1;
		bool on = last != NULL && last->base == runs[i].base && runs[i].first == last->last + 1 &&
			  (last->rid == IMPORT_NONE ? runs[i].rid == IMPORT_NONE : runs[i].rid == last->rid + length);

		if (on) {
			last->last = runs[i].last;
		} else {
			runs[out++] = runs[i];
		}
	}
	return out;
}

static bool run_in(const struct run *x, const struct run *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (run_compare(x, &list[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* What the board calls the IOMMU at an address. */
static const char *iommu_name(struct import *im, const struct model *m, uint64_t base)
{
	for (size_t i = 0; i < m->board.iommu_count; i++) {
		if (m->board.iommus[i].reg.base == base) {
			return m->board.iommus[i].name.s;
		}
	}
	return arena_format(im->a, "<the one at 0x%llx>", (ull)base);
}

/* The tree's runs as the board would say them: those of one of the two keys. */
static const char *runs_text(struct import *im, const struct model *m, const struct run *list, size_t count,
			     bool mapped)
{
	const char *text = "";

	for (size_t i = 0; i < count && i < 16; i++) {
		const char *rid = mapped ? arena_format(im->a, "rid: 0x%llx, ", (ull)list[i].rid) : "";
		ull length = list[i].last - list[i].first + 1;
		if ((list[i].rid != IMPORT_NONE) != mapped) {
			continue;
		}
		text = arena_format(im->a, "%s%s{%siommu: %s, id: 0x%llx", text, text[0] == '\0' ? "" : ", ", rid,
				    iommu_name(im, m, list[i].base), (ull)list[i].first);
		text = length == 1 ? arena_format(im->a, "%s}", text)
				   : arena_format(im->a, "%s, count: 0x%llx}", text, length);
	}
	return text;
}

static struct diag_msg *run_report(struct import *im, struct diag *d, const struct model *m,
				   const struct m_device *dev, const struct run *r, bool ours)
{
	struct pos at = dev->link_count > 0 ? dev->links[0].pos : dev->pos;
	const char *name = iommu_name(im, m, r->base);

	if (ours) {
		return diag_error(d, 714, at, "'%s' does not have ID 0x%llx at '%s' in the device tree", dev->name.s,
				  (ull)r->first, name);
	}
	return diag_error(d, 714, at, "'%s' has ID 0x%llx at '%s' in the device tree", dev->name.s, (ull)r->first,
			  name);
}

void compare_links(struct import *im, struct diag *d, const struct model *m, const struct m_device *dev,
		   const struct i_device *node)
{
	struct run *ours = arena_array(im->a, dev->link_count, sizeof(ours[0]));
	struct run *theirs = arena_array(im->a, node->link_count, sizeof(theirs[0]));
	size_t count = 0, their_count = 0;

	for (size_t i = 0; i < dev->link_count; i++) {
		const struct m_iommu_link *l = &dev->links[i];
		ours[count++] = (struct run){m->board.iommus[l->iommu].reg.base, l->mapped ? l->rid : IMPORT_NONE, l->first,
					     (uint64_t)l->first + l->count - 1};
	}
	for (size_t i = 0; i < node->link_count; i++) {
		const struct i_link *l = &node->links[i];
		theirs[their_count++] = (struct run){im->iommus[l->iommu].reg.base, l->mapped ? l->rid : IMPORT_NONE,
						     l->first, (uint64_t)l->first + l->count - 1};
	}
	count = runs_join(ours, count);
	their_count = runs_join(theirs, their_count);
	/* One message for a device: a wrong one and the right one are one mistake. */
	struct diag_msg *msg = NULL;
	for (size_t i = 0; i < their_count && msg == NULL; i++) {
		msg = run_in(&theirs[i], ours, count) ? NULL : run_report(im, d, m, dev, &theirs[i], false);
	}
	for (size_t i = 0; i < count && msg == NULL; i++) {
		msg = run_in(&ours[i], theirs, their_count) ? NULL : run_report(im, d, m, dev, &ours[i], true);
	}
	if (msg == NULL) {
		return;
	}
	diag_note(msg, pos_none, "its node is %s", tree_path(im->a, node->node));
	for (int mapped = 0; mapped < 2; mapped++) {
		const char *text = runs_text(im, m, theirs, their_count, mapped != 0);
		if (text[0] != '\0') {
			diag_help(msg, "%s: [%s]", mapped != 0 ? "iommu-map" : "iommus", text);
		}
	}
}
