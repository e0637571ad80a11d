// SPDX-License-Identifier: Apache-2.0
/*
 * Registers as the CPU sees them: through the `ranges` of every bus above (Devicetree
 * Specification, 2.3.8). A bus without ranges hides what is behind it, as I2C and SPI do.
 */
#include <string.h>

#include "import/import.h"

#define CELLS_MAX 3u

/* From the nearest node above that says it, as Linux takes it. */
static uint32_t cells_above(const struct t_node *n, const char *name, uint32_t standard)
{
	for (n = n->parent; n != NULL; n = n->parent) {
		const struct t_prop *p = tree_prop(n, name);

		if (tree_cells(p) == 1) {
			return tree_cell(p, 0);
		}
	}
	return standard;
}

uint32_t address_cells(const struct t_node *n)
{
	return cells_above(n, "#address-cells", 2);
}

uint32_t size_cells(const struct t_node *n)
{
	return cells_above(n, "#size-cells", 1);
}

static bool is_pci(const struct t_node *n)
{
	const char *type = tree_text(tree_prop(n, "device_type"), 0);

	return type != NULL && (strcmp(type, "pci") == 0 || strcmp(type, "pciex") == 0);
}

/* One step: from behind `bus` to before it. */
static bool bus_up(const struct t_node *bus, uint64_t *address, uint64_t size)
{
	const struct t_prop *ranges = tree_prop(bus, "ranges");
	uint32_t child = tree_u32(bus, "#address-cells", 2), sizes = tree_u32(bus, "#size-cells", 1);
	uint32_t parent = address_cells(bus), entry = child + parent + sizes;

	if (ranges == NULL || is_pci(bus)) {
		return false;
	}
	if (ranges->len == 0) {
		return true;
	}
	if (child == 0 || child > CELLS_MAX || parent == 0 || parent > 2 || sizes == 0 || sizes > 2) {
		return false;
	}
	for (size_t i = 0; i + entry <= tree_cells(ranges); i += entry) {
		uint64_t from = tree_number(ranges, i, child);
		uint64_t to = tree_number(ranges, i + child, parent);
		uint64_t length = tree_number(ranges, i + child + parent, sizes);

		if (*address >= from && *address - from < length && size - 1 <= length - 1 - (*address - from) &&
		    to <= UINT64_MAX - (*address - from)) {
			*address = to + (*address - from);
			return true;
		}
	}
	return false;
}

bool address_up(const struct t_node *n, uint64_t address, uint64_t size, struct i_range *r)
{
	for (const struct t_node *bus = n->parent; bus != NULL && bus->parent != NULL; bus = bus->parent) {
		if (!bus_up(bus, &address, size)) {
			return false;
		}
	}
	*r = (struct i_range){address, size};
	return size != 0 && address <= UINT64_MAX - (size - 1);
}

size_t address_count(const struct t_node *n)
{
	uint32_t entry = address_cells(n) + size_cells(n);

	return entry == 0 || entry > 8 ? 0 : tree_cells(tree_prop(n, "reg")) / entry;
}

enum address_why address_reg(const struct t_node *n, size_t i, struct i_range *r)
{
	uint32_t addresses = address_cells(n), sizes = size_cells(n);
	const struct t_prop *reg = tree_prop(n, "reg");

	if (i >= address_count(n)) {
		return ADDRESS_NONE;
	}
	if (sizes == 0 || sizes > 2 || addresses == 0 || addresses > CELLS_MAX) {
		return ADDRESS_HIDDEN;
	}
	size_t at = i * (addresses + sizes);
	uint64_t address = tree_number(reg, at, addresses), size = tree_number(reg, at + addresses, sizes);
	if (size == 0) {
		*r = (struct i_range){address, 0};
		return ADDRESS_EMPTY;
	}
	return address_up(n, address, size, r) ? ADDRESS_OK : ADDRESS_HIDDEN;
}
