/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The YAML reader: text to a tree of nodes that remember where they stood.
 *
 * Only the unambiguous part of YAML is taken: mappings, sequences and scalars in
 * one document, without anchors, tags, merges or duplicate keys. Depth and size
 * are bounded. Whatever is refused is a diagnostic with its place.
 */
#ifndef GEN_YAML_NODE_H
#define GEN_YAML_NODE_H

#include "diag/diag.h"

#define YAML_BYTES_MAX (16u << 20)
#define YAML_DEPTH_MAX 32u
#define YAML_NODES_MAX 4000000u

enum node_kind {
	NODE_SCALAR,
	NODE_SEQUENCE,
	NODE_MAPPING,
};

struct node {
	enum node_kind kind;
	struct pos pos;
	bool quoted;       /* scalar in quotes: a string whatever it looks like */
	char *text;        /* scalar */
	size_t text_len;
	struct node **items; /* sequence: items; mapping: values */
	struct node **keys;  /* mapping: scalar keys, in file order */
	size_t count;
};

struct yaml; /* owns the nodes and texts of the files read */

struct yaml *yaml_new(void);
void yaml_free(struct yaml *y);

/* Reads a file; NULL after reporting what was wrong. */
struct node *yaml_read(struct yaml *y, struct diag *d, const char *path);
/* The same for a text in memory; `name` is used as the file's name. */
struct node *yaml_parse(struct yaml *y, struct diag *d, const char *name, const char *text, size_t len);

/* Value of `key` in a mapping, or NULL. */
struct node *node_get(const struct node *mapping, const char *key);

#endif
