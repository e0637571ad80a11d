// SPDX-License-Identifier: Apache-2.0
/* PCI hosts: what they pass on to what is behind them, and the lines from there. */
#include "import/import.h"
#include "types.h"

#define RANGE_CELLS_CHILD 3u
#define WINDOWS_MAX 64u
#define LINES_MAX 1024u

/* The CPU's side of `ranges`. */
static void windows_read(struct import *im, struct i_device *dev)
{
	const struct t_prop *p = tree_prop(dev->node, "ranges");
	uint32_t parent = address_cells(dev->node), sizes = tree_u32(dev->node, "#size-cells", 2);
	uint32_t entry = RANGE_CELLS_CHILD + parent + sizes;

	if (parent == 0 || parent > 2 || sizes == 0 || sizes > 2 ||
	    tree_u32(dev->node, "#address-cells", 3) != RANGE_CELLS_CHILD) {
		return;
	}
	for (size_t at = 0; at + entry <= tree_cells(p) && dev->window_count < WINDOWS_MAX; at += entry) {
		uint64_t address = tree_number(p, at + RANGE_CELLS_CHILD, parent);
		uint64_t size = tree_number(p, at + RANGE_CELLS_CHILD + parent, sizes);
		struct i_range r;

		if (!address_up(dev->node, address, size, &r)) {
			import_note(im, &dev->notes, "a window of 0x%llx bytes that the CPU does not see: left out",
				    (unsigned long long)size);
			continue;
		}
		dev->windows = import_grow(im, dev->windows, dev->window_count, sizeof(r));
		dev->windows[dev->window_count++] = r;
	}
}

static void line_add(struct import *im, struct i_device *dev, const struct i_irq *irq)
{
	for (size_t i = 0; i < dev->irq_count; i++) {
		if (dev->irqs[i].ppi == irq->ppi && dev->irqs[i].number == irq->number) {
			return;
		}
	}
	dev->irqs = import_grow(im, dev->irqs, dev->irq_count, sizeof(*irq));
	dev->irqs[dev->irq_count++] = *irq;
}

/* INTx lines that end at the GIC are the host's interrupts, behind its own. */
static void lines_read(struct import *im, struct i_device *dev)
{
	const struct t_prop *map = tree_prop(dev->node, "interrupt-map");
	size_t width = (size_t)tree_u32(dev->node, "#address-cells", 3) + tree_u32(dev->node, "#interrupt-cells", 1);
	size_t at = 0;

	for (size_t n = 0; n < LINES_MAX && width <= 8 && at + width + 1 <= tree_cells(map); n++) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(map, at + width)), *by;
		uint32_t units = to == NULL ? 0 : tree_u32(to, "#address-cells", 0);
		uint32_t cells = to == NULL ? 0 : tree_u32(to, "#interrupt-cells", 0);
		struct i_irq irq;

		at += width + 1 + units;
		if (to == NULL || cells == 0 || units > 8 || cells > 8 || at + cells > tree_cells(map)) {
			return;
		}
		if (interrupt_resolve(im, to, map, at, &irq, &by) == IRQ_OK) {
			line_add(im, dev, &irq);
		}
		at += cells;
	}
}

void pci_read(struct import *im, struct i_device *dev)
{
	dev->pci = true;
	dev->master = true;
	windows_read(im, dev);
	lines_read(im, dev);
}
