// SPDX-License-Identifier: Apache-2.0
/* Devices: known by where their registers are, and those without any by their compatible. */
#include "import/compare.h"
#include "types.h"
#include "util/places.h"

typedef unsigned long long ull;

/* Registers of the tree. */
static struct places places_of(const struct import *im)
{
	struct places p = {0};

	for (size_t i = 0; i < im->device_count; i++) {
		for (size_t r = 0; r < im->devices[i].reg_count; r++) {
			places_add(&p, im->devices[i].reg[r].base, im->devices[i].reg[r].size, i);
		}
	}
	places_sort(&p);
	return p;
}

static bool alike(const struct m_device *dev, const struct t_node *n)
{
	for (size_t i = 0; i < dev->compatible_count; i++) {
		if (tree_is(n, dev->compatible[i])) {
			return true;
		}
	}
	return false;
}

/* The device of the tree at that address: one with a common compatible before any other. */
static const struct place *place_find(const struct import *im, const struct places *p,
				      const struct m_device *dev, uint64_t base)
{
	const struct place *found = NULL;

	for (size_t i = places_from(p, base); i < p->count && p->list[i].base == base; i++) {
		if (found == NULL || alike(dev, im->devices[p->list[i].of].node)) {
			found = &p->list[i];
		}
		if (alike(dev, im->devices[found->of].node)) {
			break;
		}
	}
	return found;
}

/* The only device of the tree with that first compatible; IMPORT_NONE: none or several. */
static size_t only_one(const struct import *im, const struct m_device *dev)
{
	size_t found = IMPORT_NONE;

	for (size_t i = 0; i < im->device_count && dev->compatible_count > 0; i++) {
		if (tree_text_find(tree_prop(im->devices[i].node, "compatible"), dev->compatible[0]) == 0) {
			if (found != IMPORT_NONE) {
				return IMPORT_NONE;
			}
			found = i;
		}
	}
	return found;
}

static void nowhere(struct import *im, struct diag *d, const struct m_device *dev, const struct m_range *r)
{
	size_t other = only_one(im, dev);
	struct diag_msg *m;

	if (other != IMPORT_NONE && im->devices[other].reg_count > 0) {
		m = diag_error(d, 711, r->pos, "'%s' is not where the device tree has it", dev->name.s);
		diag_note(m, pos_none, "%s has the same compatible", tree_path(im->a, im->devices[other].node));
		diag_help(m, "reg: [0x%llx, 0x%llx]", (ull)im->devices[other].reg[0].base,
			  (ull)im->devices[other].reg[0].size);
	} else {
		m = diag_warning(d, 712, r->pos, "no node of the device tree has registers at 0x%llx", (ull)r->base);
		diag_label(m, "of '%s'", dev->name.s);
	}
}

/* Returns the device's node; NULL: the tree has none. */
static struct t_node *device_compare(struct import *im, struct diag *d, const struct model *m,
				     const struct places *p, const struct m_device *dev)
{
	const struct i_device *node = NULL;
	size_t other;

	for (size_t r = 0; r < dev->reg_count - dev->window_count; r++) {
		const struct m_range *reg = &dev->reg[r];
		const struct place *at = place_find(im, p, dev, reg->base);

		if (at == NULL) {
			if (r == 0 && dev->enabled) {
				nowhere(im, d, dev, reg);
			}
			continue;
		}
		node = node == NULL ? &im->devices[at->of] : node;
		if (reg->size > at->size && reg->size > PAGE_SIZE) {
			struct diag_msg *msg = diag_error(d, 711, reg->pos, "'%s' is larger than the device tree has it",
							  dev->name.s);
			diag_note(msg, pos_none, "its node is %s", tree_path(im->a, im->devices[at->of].node));
			diag_help(msg, "reg: [0x%llx, 0x%llx]", (ull)at->base, (ull)at->size);
		}
	}
	other = dev->reg_count == 0 && dev->irq_count > 0 ? only_one(im, dev) : IMPORT_NONE;
	node = node == NULL && other != IMPORT_NONE ? &im->devices[other] : node;
	if (node != NULL) {
		compare_irqs(im, d, dev->name.s, dev->pos, dev->irqs, dev->irq_count - dev->msi_irqs, node->node,
			     node->irqs, node->irq_count);
		compare_links(im, d, m, dev, node);
	}
	return node == NULL ? NULL : node->node;
}

void compare_devices(struct import *im, struct diag *d, const struct model *m)
{
	struct places p = places_of(im);
	struct t_node **nodes = arena_array(im->a, m->board.device_count, sizeof(nodes[0]));

	for (size_t i = 0; i < m->board.device_count; i++) {
		nodes[i] = device_compare(im, d, m, &p, &m->board.devices[i]);
	}
	if (m->domain_count > 0) {
		compare_providers(im, d, m, nodes);
	}
	places_free(&p);
}
