// SPDX-License-Identifier: Apache-2.0
#include "import/tree.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

/* What the blob holds, counted, so that everything can be allocated once. */
static const char *tree_count(struct tree *t)
{
	int depth = -1; /* the root has 0 */

	for (int at = fdt_next_node(t->blob, -1, &depth); at >= 0; at = fdt_next_node(t->blob, at, &depth)) {
		if (depth < 0) {
			break;
		}
		if (depth >= TREE_DEPTH_MAX) {
			return "its nodes are nested more than 64 deep";
		}
		if (++t->count > TREE_NODES_MAX) {
			return "it has more than 100,000 nodes";
		}
	}
	return t->count == 0 ? "it has no root node" : NULL;
}

static void node_read(struct tree *t, struct t_node *n, int at)
{
	size_t count = 0;
	int prop;

	n->name = fdt_get_name(t->blob, at, NULL);
	n->name = n->name == NULL ? "?" : n->name;
	fdt_for_each_property_offset(prop, t->blob, at) {
		count++;
	}
	n->props = arena_array(t->a, count, sizeof(n->props[0]));
	fdt_for_each_property_offset(prop, t->blob, at) {
		int len = 0;
		const char *name = NULL;
		const void *data = fdt_getprop_by_offset(t->blob, prop, &name, &len);

		if (data != NULL && name != NULL && n->prop_count < count) {
			n->props[n->prop_count++] = (struct t_prop){name, data, (uint32_t)len};
		}
	}
	n->phandle = tree_u32(n, "phandle", tree_u32(n, "linux,phandle", 0));
	if (n->phandle == UINT32_MAX) {
		n->phandle = 0;
	}
}

static void nodes_read(struct tree *t)
{
	struct t_node *open[TREE_DEPTH_MAX] = {NULL}, *last[TREE_DEPTH_MAX] = {NULL};
	size_t i = 0;
	int depth = -1; /* the root has 0 */

	for (int at = fdt_next_node(t->blob, -1, &depth); at >= 0 && depth >= 0 && i < t->count;
	     at = fdt_next_node(t->blob, at, &depth)) {
		struct t_node *n = &t->nodes[i++];

		node_read(t, n, at);
		open[depth] = n;
		if (depth == 0) {
			continue;
		}
		n->parent = open[depth - 1];
		if (n->parent->child == NULL) {
			n->parent->child = n;
		} else {
			last[depth]->next = n;
		}
		last[depth] = n;
	}
}

static int phandle_compare(const void *a, const void *b)
{
	const struct t_node *x = *(struct t_node *const *)a, *y = *(struct t_node *const *)b;

	if (x->phandle != y->phandle) {
		return x->phandle < y->phandle ? -1 : 1;
	}
	return x < y ? -1 : x > y;
}

static void phandles_sort(struct tree *t)
{
	t->phandles = arena_array(t->a, t->count, sizeof(t->phandles[0]));
	for (size_t i = 0; i < t->count; i++) {
		if (t->nodes[i].phandle != 0) {
			t->phandles[t->phandle_count++] = &t->nodes[i];
		}
	}
	qsort(t->phandles, t->phandle_count, sizeof(t->phandles[0]), phandle_compare);
}

/* dtc -@ leaves the labels of the source. */
static void labels_read(struct tree *t)
{
	const struct t_node *symbols = tree_child(&t->nodes[0], "__symbols__");

	for (size_t i = 0; symbols != NULL && i < symbols->prop_count; i++) {
		const char *path = tree_text(&symbols->props[i], 0);
		struct t_node *n = path != NULL && path[0] == '/' ? tree_by_path(t, path) : NULL;

		if (n != NULL && n->label == NULL) {
			n->label = symbols->props[i].name;
		}
	}
}

/* Whether no property is longer than what there is. fdt_check_full() of libfdt 1.6.1 adds up in 32
 * bits and does not come to its end then. What else may be wrong is for that to say. */
static bool lengths_fit(const uint8_t *blob, size_t len)
{
	size_t begin = fdt_off_dt_struct(blob), at = begin;

	while (at < len && len - at >= FDT_TAGSIZE) {
		uint32_t tag = fdt32_ld((const fdt32_t *)(blob + at));
		uint32_t size;

		at += FDT_TAGSIZE;
		if (tag == FDT_BEGIN_NODE) {
			at += strnlen((const char *)blob + at, len - at) + 1;
		} else if (tag == FDT_PROP) {
			if (len - at < 2 * FDT_TAGSIZE) {
				return false;
			}
			size = fdt32_ld((const fdt32_t *)(blob + at));
			at += 2 * FDT_TAGSIZE;
			if (size > len - at) {
				return false;
			}
			/* As trees of before version 16 have it. */
			at += fdt_version(blob) < 16 && size >= 8 && (at - begin) % 8 != 0 ? FDT_TAGSIZE : 0;
			at += size;
		} else if (tag != FDT_END_NODE && tag != FDT_NOP) {
			return true;
		}
		at = begin + (at - begin + FDT_TAGSIZE - 1) / FDT_TAGSIZE * FDT_TAGSIZE;
	}
	return true;
}

const char *tree_read(struct tree *t, struct arena *a, const void *blob, size_t len)
{
	const char *why;
	int error;

	*t = (struct tree){.a = a, .blob = blob};
	if (len > TREE_BYTES_MAX) {
		return "it is larger than 16 MiB";
	}
	if (len < sizeof(struct fdt_header)) {
		return "it is shorter than the header of one";
	}
	error = fdt_check_header(blob);
	if (error == 0 && !lengths_fit(blob, len)) {
		return "it has a property that is longer than the tree";
	}
	error = error != 0 ? error : fdt_check_full(blob, len);
	if (error != 0) {
		return fdt_strerror(error);
	}
	why = tree_count(t);
	if (why != NULL) {
		return why;
	}
	t->nodes = arena_array(a, t->count, sizeof(t->nodes[0]));
	nodes_read(t);
	phandles_sort(t);
	labels_read(t);
	return NULL;
}
