// SPDX-License-Identifier: Apache-2.0
/* What a tree calls its machine. */
#include <string.h>

#include "import/import.h"

/* Whether all texts can be said. */
static bool texts_good(const struct t_prop *p)
{
	for (uint32_t i = 0; p != NULL && i < p->len; i++) {
		if ((p->data[i] == 0 && (i == 0 || p->data[i - 1] == 0)) || p->data[i] > 0x7e ||
		    (p->data[i] != 0 && p->data[i] < 0x20)) {
			return false;
		}
	}
	return tree_texts(p) > 0;
}

/* "salvator-x" of "renesas,salvator-x". */
static const char *behind_comma(const char *text)
{
	const char *comma = strchr(text, ',');

	return comma == NULL ? text : comma + 1;
}

void title_read(struct import *im)
{
	const struct t_node *root = &im->t.nodes[0];
	const struct t_prop *p = tree_prop(root, "compatible"), *model = tree_prop(root, "model");
	size_t count = texts_good(p) ? tree_texts(p) : 0;
	const char *first = count > 0 ? behind_comma(tree_text(p, 0)) : "";
	const char *last = count > 0 ? tree_text(p, count - 1) : "";

	first = first[0] == '\0' ? "board" : first;
	im->board = name_clean(im, first, strlen(first));
	im->description = texts_good(model) ? tree_text(model, 0) : NULL;
	im->soc = strchr(last, ',') != NULL && behind_comma(last)[0] != '\0' ? behind_comma(last) : NULL;
	im->compatible = arena_array(im->a, count, sizeof(im->compatible[0]));
	for (size_t i = 0; i < count; i++) {
		im->compatible[im->compatible_count++] = tree_text(p, i);
	}
}
