/* SPDX-License-Identifier: Apache-2.0 */
/* A forward-only reader of a flattened device tree (Devicetree Specification v0.4, chapter 5). */
#ifndef PAYLOAD_RT_FDT_H
#define PAYLOAD_RT_FDT_H

#include "arch.h"

#define FDT_DEPTH_MAX 8

struct fdt_prop {
	const uint8_t *data; /* NULL: absent */
	uint32_t size;       /* bytes */
};

/* The properties of one node that payloads care for. */
struct fdt_node {
	const char *name;
	uint32_t depth;         /* root is 0 */
	uint32_t address_cells; /* of the parent: for this node's reg */
	uint32_t size_cells;
	struct fdt_prop compatible;
	struct fdt_prop reg;
	struct fdt_prop interrupts;
	struct fdt_prop device_type;
	struct fdt_prop method;
	struct fdt_prop bootargs;
	struct fdt_prop status;
};

struct fdt_cursor {
	const uint8_t *at;
	const uint8_t *end;
	const char *strings;
	uint32_t depth; /* nodes open */
	uint32_t address_cells[FDT_DEPTH_MAX + 1];
	uint32_t size_cells[FDT_DEPTH_MAX + 1];
	const char *wanted; /* a property, of which the first goes to `found`; NULL: none */
	struct fdt_prop found;
};

/* Put the cursor before the root. false: no device tree there. */
bool fdt_open(struct fdt_cursor *cursor, const void *blob);

/* Read the next node in document order. false: the tree is over or broken. */
bool fdt_next(struct fdt_cursor *cursor, struct fdt_node *node);

/* Big-endian cell number `index` of a property; 0 beyond its end. */
uint32_t fdt_cell(const struct fdt_prop *prop, uint32_t index);

/* Address and size of entry `index` of the node's reg. false: there is none. */
bool fdt_reg(const struct fdt_node *node, uint32_t index, uint64_t *base, uint64_t *size);

/* The first node with the text in `compatible` and an address, which goes to *base. */
bool fdt_find(const void *blob, const char *text, struct fdt_node *node, uint64_t *base);

/* The first property of that name in the tree. false: there is none. */
bool fdt_find_property(const void *blob, const char *name, struct fdt_prop *prop);

/* Does the property's string list hold `text`? */
bool fdt_has(const struct fdt_prop *prop, const char *text);

#endif
