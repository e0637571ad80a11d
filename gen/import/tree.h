/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device tree blob as nodes that point at each other. The blob is checked whole before
 * anything of it is believed; nodes, properties and depth are bounded. Texts and cells stay
 * where they are in the blob, which must outlive the tree.
 */
#ifndef GEN_IMPORT_TREE_H
#define GEN_IMPORT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

#define TREE_BYTES_MAX (16u << 20)
#define TREE_NODES_MAX 100000u
#define TREE_DEPTH_MAX 64

struct t_prop {
	const char *name;
	const unsigned char *data;
	uint32_t len;
};

struct t_node {
	const char *name; /* with its unit address; "" for the root */
	const char *label; /* of /__symbols__; NULL: none */
	struct t_node *parent, *child, *next;
	struct t_prop *props;
	size_t prop_count;
	uint32_t phandle; /* 0: none */
	unsigned int kind; /* what the import has made of it: enum i_kind */
	size_t thing;      /* which of that kind */
};

struct tree {
	struct arena *a;
	const void *blob;
	struct t_node *nodes; /* nodes[0] is the root; a parent comes before its children */
	size_t count;
	struct t_node **phandles; /* ascending */
	size_t phandle_count;
};

/* NULL, or why the bytes are no device tree that can be read. */
const char *tree_read(struct tree *t, struct arena *a, const void *blob, size_t len);

const struct t_prop *tree_prop(const struct t_node *n, const char *name);
/* How many 32-bit cells the property has; 0 when it is not there. */
size_t tree_cells(const struct t_prop *p);
uint32_t tree_cell(const struct t_prop *p, size_t i);
/* `count` cells from i on as one number of at most 64 bits; more cells lose their upper ones. */
uint64_t tree_number(const struct t_prop *p, size_t i, size_t count);
/* The first cell of a property of at least one, else `standard`. */
uint32_t tree_u32(const struct t_node *n, const char *name, uint32_t standard);
/* The i-th text of a property; NULL: there is none, or it has no end. */
const char *tree_text(const struct t_prop *p, size_t i);
size_t tree_texts(const struct t_prop *p);
/* Place of a text among those of a property; SIZE_MAX: it is not there. */
size_t tree_text_find(const struct t_prop *p, const char *text);
bool tree_is(const struct t_node *n, const char *compatible);
/* Whether some text of `compatible` has this in it. */
bool tree_is_like(const struct t_node *n, const char *part);
/* "cpu" of "cpu@100". */
bool tree_named(const struct t_node *n, const char *name);
/* The node and all above it are to be used (`status`). */
bool tree_enabled(const struct t_node *n);
struct t_node *tree_by_phandle(const struct tree *t, uint32_t phandle);
struct t_node *tree_child(const struct t_node *n, const char *name);
/* "/soc/serial@9000000", or an alias with what follows it; NULL: there is none. Ends at ':'. */
struct t_node *tree_by_path(const struct tree *t, const char *path);
char *tree_path(struct arena *a, const struct t_node *n);

#endif
