// SPDX-License-Identifier: Apache-2.0
/*
 * Which nodes are devices of the format: those whose registers the CPU sees, and those without
 * any that others refer to (clocks, regulators). What stands below a device, on a bus of its
 * own, is the device's affair.
 */
#include <string.h>

#include "check/parts.h"
#include "import/import.h"

#define REGS_MAX 256u

/* Parts of the tree that say other things than devices. */
static bool is_apart(const struct t_node *n)
{
	static const char *const names[] = {"aliases", "chosen", "cpus", "firmware", "memory", "psci",
					    "reserved-memory", "thermal-zones", "timer", "__symbols__", "__fixups__",
					    "__local_fixups__"};

	for (; n->parent != NULL; n = n->parent) {
		for (size_t i = 0; n->parent->parent == NULL && i < ARRAY_SIZE(names); i++) {
			if (tree_named(n, names[i])) {
				return true;
			}
		}
	}
	return false;
}

/* Every node above is a bus that the CPU sees through, or a mere folder. */
static bool in_sight(const struct t_node *n)
{
	for (n = n->parent; n != NULL && n->parent != NULL; n = n->parent) {
		if (tree_prop(n, "ranges") == NULL && tree_prop(n, "reg") != NULL) {
			return false;
		}
	}
	return true;
}

static bool is_bus(const struct t_node *n)
{
	return tree_is(n, "simple-bus") || tree_is(n, "simple-mfd") || tree_is(n, "simple-pm-bus");
}

static bool is_pci_host(const struct t_node *n)
{
	const char *type = tree_text(tree_prop(n, "device_type"), 0);

	return type != NULL && strcmp(type, "pci") == 0;
}

static void regs_read(struct import *im, struct i_device *dev)
{
	size_t count = address_count(dev->node), hidden = 0, empty = 0;
	struct i_range r;

	dev->reg_whole = true;
	for (size_t i = 0; i < count && i < REGS_MAX; i++) {
		enum address_why why = address_reg(dev->node, i, &r);

		if (why != ADDRESS_OK) {
			hidden += why == ADDRESS_HIDDEN;
			empty += why == ADDRESS_EMPTY;
			dev->reg_whole = false;
			continue;
		}
		dev->reg = import_grow(im, dev->reg, dev->reg_count, sizeof(r));
		dev->reg[dev->reg_count++] = r;
	}
	if (dev->reg_count > 0 && hidden + empty > 0) {
		import_note(im, &dev->notes, "of its reg, %zu %s the CPU does not see, or without a size: left out",
			    hidden + empty, hidden + empty == 1 ? "entry that" : "entries that");
	}
}

static void compatible_read(struct import *im, struct i_device *dev)
{
	const struct t_prop *p = tree_prop(dev->node, "compatible");

	dev->compatible = arena_array(im->a, tree_texts(p), sizeof(dev->compatible[0]));
	for (size_t i = 0; i < tree_texts(p) && i < 64; i++) {
		const char *text = tree_text(p, i);
		if (text[0] != '\0') {
			dev->compatible[dev->compatible_count++] = text;
		}
	}
}

/* Whether gen/check would keep such a device from every domain. */
static bool is_engine(const struct i_device *dev)
{
	const struct m_device probe = {
		.class = CLASS_MMIO, .compatible = dev->compatible, .compatible_count = dev->compatible_count};

	return engine_is_kept(&probe);
}

static void device_add(struct import *im, struct t_node *n)
{
	struct i_device dev = {.node = n, .path = tree_path(im->a, n), .enabled = tree_enabled(n),
			       .msi_frame = IMPORT_NONE};

	regs_read(im, &dev);
	if (dev.reg_count == 0 && tree_prop(n, "reg") != NULL && !tree_is(n, "fixed-clock")) {
		return;
	}
	if (dev.reg_count == 0 && (n->child != NULL || !in_sight(n) || is_bus(n))) {
		return;
	}
	dev.irqs_whole = interrupt_list(im, n, &dev.irqs, &dev.irq_count, &dev.notes);
	compatible_read(im, &dev);
	dev.kept = is_engine(&dev);
	if (is_pci_host(n)) {
		pci_read(im, &dev);
	}
	if (tree_is(n, "mmio-sram")) {
		dev.class = CLASS_SRAM;
		import_decide(im, &dev.notes, "class: sram is for memory that a domain uses; 'mmio' if firmware answers "
			      "there");
	} else if (tree_is(n, "simple-framebuffer")) {
		dev.class = CLASS_FRAMEBUFFER;
	}
	im->devices = import_grow(im, im->devices, im->device_count, sizeof(dev));
	n->kind = KIND_DEVICE;
	n->thing = im->device_count;
	im->devices[im->device_count++] = dev;
}

/* A device is known by what it is compatible with. */
static bool is_something(const struct t_node *n)
{
	const char *first = tree_text(tree_prop(n, "compatible"), 0);

	return first != NULL && first[0] != '\0';
}

/* Enabled nodes with a driver of their own that the format has no place for. */
static void unsaid_list(struct import *im)
{
	const char *list = "";
	size_t count = 0;

	for (size_t i = 1; i < im->t.count; i++) {
		const struct t_node *n = &im->t.nodes[i];

		if (n->kind != KIND_NOTHING || tree_prop(n, "compatible") == NULL || is_bus(n) || !in_sight(n) ||
		    is_apart(n) || n->parent->kind == KIND_DEVICE || !tree_enabled(n)) {
			continue;
		}
		if (count++ < 40) {
			list = arena_format(im->a, "%s%s%s", list, count == 1 ? "" : ", ", n->name);
		}
	}
	if (count > 0) {
		import_note(im, &im->top, "Not said, for the format has no place for them (no registers, or nodes below "
			    "them): %s%s", list, count > 40 ? ", ..." : "");
	}
}

void devices_read(struct import *im)
{
	for (size_t i = 1; i < im->t.count; i++) {
		struct t_node *n = &im->t.nodes[i];

		if (n->kind == KIND_NOTHING && is_something(n) && !is_apart(n)) {
			device_add(im, n);
		}
	}
	unsaid_list(im);
}
