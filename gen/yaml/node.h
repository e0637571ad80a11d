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
#define YAML_INCLUDE_DEPTH_MAX 8u
#define YAML_FILES_MAX 64u /* read for one board or system file, includes counted */

enum node_kind {
	NODE_SCALAR,
	NODE_SEQUENCE,
	NODE_MAPPING,
	NODE_REFUSED, /* was reported already: whoever meets it says no more about it */
};

/* pos.len covers the node where it stands on one line, else it is 1. A block
 * mapping or sequence stands at its first key or dash. */
struct node {
	enum node_kind kind;
	struct pos pos;
	bool quoted;       /* scalar in quotes: a string whatever it looks like */
	char *text;        /* scalar; never holds a NUL byte */
	size_t text_len;
	struct node **items; /* sequence: items; mapping: values */
	struct node **keys;  /* mapping: scalar keys, in file order */
	size_t count;
};

struct yaml; /* owns the nodes and texts of the files read; diag_print() needs it alive */

/* Not yaml_new and yaml_free: libyaml has a yaml_free of its own and would call ours. */
struct yaml *yaml_open(void);
void yaml_close(struct yaml *y);

/* Reads a file and what its `include:` names (a path or a list of paths, relative
 * to the file that names them). Mappings merge; for anything else a later include
 * wins over an earlier one and the including file over all. The key `include`
 * itself is gone from the result. NULL after reporting what was wrong. */
struct node *yaml_load(struct yaml *y, struct diag *d, const char *path);
/* Reads one file as it is. NULL when it has no tree to give; errors that leave a
 * tree (duplicate keys, anchors, ...) are reported and the nodes dropped or
 * NODE_REFUSED. */
struct node *yaml_read(struct yaml *y, struct diag *d, const char *path);
/* The same for a text in memory; `name` is used as the file's name. */
struct node *yaml_parse(struct yaml *y, struct diag *d, const char *name, const char *text, size_t len);

/* Something that may have held names or keys was dropped from the tree that yaml_load()
 * gave last, and was reported: what is missing then is no mistake of its own. */
bool yaml_has_gaps(const struct yaml *y);

/* Value of `key` in a mapping, or NULL (also when `mapping` is none). */
struct node *node_get(const struct node *mapping, const char *key);
/* The key's own node, or NULL. */
struct node *node_key(const struct node *mapping, const char *key);

#endif
