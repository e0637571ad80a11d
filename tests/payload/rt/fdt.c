/* SPDX-License-Identifier: Apache-2.0 */
#include "fdt.h"

#define FDT_MAGIC 0xd00dfeedu
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROP 3u
#define FDT_NOP 4u

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool same(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool fdt_open(struct fdt_cursor *cursor, const void *blob)
{
	const uint8_t *head = blob;

	if (head == NULL || ((uintptr_t)head & 7) != 0 || be32(head) != FDT_MAGIC) {
		return false;
	}
	cursor->at = head + be32(head + 8);
	cursor->end = head + be32(head + 4);
	cursor->strings = (const char *)head + be32(head + 12);
	cursor->depth = 0;
	cursor->wanted = NULL;
	cursor->found = (struct fdt_prop){NULL, 0};
	cursor->address_cells[0] = 2;
	cursor->size_cells[0] = 1;
	return true;
}

static void take_prop(struct fdt_cursor *cursor, struct fdt_node *node, const char *name,
		      struct fdt_prop prop)
{
	static const char *const names[] = {"compatible", "reg",      "interrupts", "device_type",
					    "method",     "bootargs", "status"};
	struct fdt_prop *const slots[] = {&node->compatible,  &node->reg,    &node->interrupts,
					  &node->device_type, &node->method, &node->bootargs,
					  &node->status};

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (same(name, names[i])) {
			*slots[i] = prop;
		}
	}
	if (cursor->wanted != NULL && cursor->found.data == NULL && same(name, cursor->wanted)) {
		cursor->found = prop;
	}
	if (same(name, "#address-cells")) {
		cursor->address_cells[cursor->depth] = fdt_cell(&prop, 0);
	}
	if (same(name, "#size-cells")) {
		cursor->size_cells[cursor->depth] = fdt_cell(&prop, 0);
	}
}

/* The properties behind a node's name; stops before its first child or end. */
static void read_props(struct fdt_cursor *cursor, struct fdt_node *node)
{
	while (cursor->at < cursor->end) {
		uint32_t token = be32(cursor->at);

		if (token == FDT_NOP) {
			cursor->at += 4;
			continue;
		}
		if (token != FDT_PROP) {
			return;
		}
		struct fdt_prop prop = {cursor->at + 12, be32(cursor->at + 4)};

		take_prop(cursor, node, cursor->strings + be32(cursor->at + 8), prop);
		cursor->at += 12 + ((prop.size + 3) & ~3u);
	}
}

static void enter_node(struct fdt_cursor *cursor, struct fdt_node *node)
{
	*node = (struct fdt_node){.name = (const char *)cursor->at, .depth = cursor->depth};
	uint32_t length = 0;

	while (cursor->at[length] != 0) {
		length++;
	}
	cursor->at += (length + 4) & ~3u;
	node->address_cells = cursor->address_cells[cursor->depth];
	node->size_cells = cursor->size_cells[cursor->depth];
	cursor->depth++;
	cursor->address_cells[cursor->depth] = 2;
	cursor->size_cells[cursor->depth] = 1;
	read_props(cursor, node);
}

bool fdt_next(struct fdt_cursor *cursor, struct fdt_node *node)
{
	while (cursor->at < cursor->end) {
		uint32_t token = be32(cursor->at);

		cursor->at += 4;
		if (token == FDT_BEGIN_NODE) {
			if (cursor->depth == FDT_DEPTH_MAX) {
				return false;
			}
			enter_node(cursor, node);
			return true;
		}
		if (token == FDT_END_NODE && cursor->depth > 1) {
			cursor->depth--;
		} else if (token != FDT_NOP) {
			return false;
		}
	}
	return false;
}

uint32_t fdt_cell(const struct fdt_prop *prop, uint32_t index)
{
	if (prop->data == NULL || index >= prop->size / 4) {
		return 0;
	}
	return be32(prop->data + (size_t)4 * index);
}

static uint64_t read_cells(const struct fdt_prop *prop, uint32_t first, uint32_t count)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < count; i++) {
		value = value << 32 | fdt_cell(prop, first + i);
	}
	return value;
}

bool fdt_reg(const struct fdt_node *node, uint32_t index, uint64_t *base, uint64_t *size)
{
	uint32_t cells = node->address_cells + node->size_cells;
	uint32_t first = index * cells;

	if (node->reg.data == NULL || cells == 0 || node->reg.size / 4 < first + cells) {
		return false;
	}
	*base = read_cells(&node->reg, first, node->address_cells);
	*size = read_cells(&node->reg, first + node->address_cells, node->size_cells);
	return true;
}

bool fdt_has(const struct fdt_prop *prop, const char *text)
{
	const char *at = (const char *)prop->data;
	uint32_t left = prop->data == NULL ? 0 : prop->size;

	while (left > 0) {
		if (same(at, text)) {
			return true;
		}
		while (left > 0 && *at != '\0') {
			at++;
			left--;
		}
		if (left > 0) {
			at++;
			left--;
		}
	}
	return false;
}

bool fdt_find(const void *blob, const char *text, struct fdt_node *node, uint64_t *base)
{
	struct fdt_cursor cursor;
	uint64_t size;

	if (!fdt_open(&cursor, blob)) {
		return false;
	}
	while (fdt_next(&cursor, node)) {
		if (fdt_has(&node->compatible, text) && fdt_reg(node, 0, base, &size)) {
			return true;
		}
	}
	return false;
}

bool fdt_find_property(const void *blob, const char *name, struct fdt_prop *prop)
{
	struct fdt_cursor cursor;
	struct fdt_node node;

	if (!fdt_open(&cursor, blob)) {
		return false;
	}
	cursor.wanted = name;
	while (cursor.found.data == NULL && fdt_next(&cursor, &node)) {
	}
	*prop = cursor.found;
	return prop->data != NULL;
}
