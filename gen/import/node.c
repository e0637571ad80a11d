// SPDX-License-Identifier: Apache-2.0
/* Questions to one node of a device tree. */
#include <string.h>

#include "import/tree.h"

const struct t_prop *tree_prop(const struct t_node *n, const char *name)
{
	for (size_t i = 0; i < n->prop_count; i++) {
		if (strcmp(n->props[i].name, name) == 0) {
			return &n->props[i];
		}
	}
	return NULL;
}

size_t tree_cells(const struct t_prop *p)
{
	return p == NULL ? 0 : p->len / 4;
}

uint32_t tree_cell(const struct t_prop *p, size_t i)
{
	const unsigned char *b = p->data + 4 * i;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint64_t tree_number(const struct t_prop *p, size_t i, size_t count)
{
	uint64_t v = 0;

	for (size_t n = 0; n < count; n++) {
		v = v << 32 | tree_cell(p, i + n);
	}
	return v;
}

uint32_t tree_u32(const struct t_node *n, const char *name, uint32_t standard)
{
	const struct t_prop *p = tree_prop(n, name);

	return tree_cells(p) > 0 ? tree_cell(p, 0) : standard;
}

const char *tree_text(const struct t_prop *p, size_t i)
{
	size_t at = 0;

	if (p == NULL || p->len == 0 || p->data[p->len - 1] != 0) {
		return NULL;
	}
	for (; i > 0 && at < p->len; i--) {
		at += strlen((const char *)p->data + at) + 1;
	}
	return at < p->len ? (const char *)p->data + at : NULL;
}

size_t tree_texts(const struct t_prop *p)
{
	size_t count = 0;

	if (p == NULL || p->len == 0 || p->data[p->len - 1] != 0) {
		return 0;
	}
	for (size_t i = 0; i < p->len; i++) {
		count += p->data[i] == 0;
	}
	return count;
}

size_t tree_text_find(const struct t_prop *p, const char *text)
{
	size_t count = tree_texts(p), at = 0;

	for (size_t i = 0; i < count; i++) {
		const char *s = (const char *)p->data + at;

		if (strcmp(s, text) == 0) {
			return i;
		}
		at += strlen(s) + 1;
	}
	return SIZE_MAX;
}

bool tree_is(const struct t_node *n, const char *compatible)
{
	return tree_text_find(tree_prop(n, "compatible"), compatible) != SIZE_MAX;
}

bool tree_is_like(const struct t_node *n, const char *part)
{
	const struct t_prop *p = tree_prop(n, "compatible");
	size_t count = tree_texts(p), at = 0;

	for (size_t i = 0; i < count; i++) {
		const char *s = (const char *)p->data + at;

		if (strstr(s, part) != NULL) {
			return true;
		}
		at += strlen(s) + 1;
	}
	return false;
}

bool tree_named(const struct t_node *n, const char *name)
{
	size_t len = strlen(name);

	return strncmp(n->name, name, len) == 0 && (n->name[len] == '\0' || n->name[len] == '@');
}

bool tree_enabled(const struct t_node *n)
{
	for (; n != NULL; n = n->parent) {
		const struct t_prop *p = tree_prop(n, "status");
		const char *status = tree_text(p, 0);

		if (p != NULL && (status == NULL || (strcmp(status, "okay") != 0 && strcmp(status, "ok") != 0))) {
			return false;
		}
	}
	return true;
}

struct t_node *tree_by_phandle(const struct tree *t, uint32_t phandle)
{
	size_t low = 0, high = t->phandle_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->phandles[middle]->phandle < phandle) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < t->phandle_count && t->phandles[low]->phandle == phandle ? t->phandles[low] : NULL;
}

/* A child by the first `len` bytes of name; its unit address may be left out. */
static struct t_node *child_find(const struct t_node *n, const char *name, size_t len)
{
	struct t_node *near = NULL;

	for (struct t_node *c = n->child; c != NULL; c = c->next) {
		if (strncmp(c->name, name, len) == 0 && c->name[len] == '\0') {
			return c;
		}
		if (near == NULL && strncmp(c->name, name, len) == 0 && c->name[len] == '@') {
			near = c;
		}
	}
	return near;
}

struct t_node *tree_child(const struct t_node *n, const char *name)
{
	return child_find(n, name, strlen(name));
}

/* The text of an alias that `path` begins with; NULL: there is none. */
static const char *alias_of(const struct tree *t, const char *path, size_t len)
{
	const struct t_node *aliases = tree_child(&t->nodes[0], "aliases");

	for (size_t i = 0; aliases != NULL && i < aliases->prop_count; i++) {
		const struct t_prop *p = &aliases->props[i];

		if (strncmp(p->name, path, len) == 0 && p->name[len] == '\0') {
			return tree_text(p, 0);
		}
	}
	return NULL;
}

struct t_node *tree_by_path(const struct tree *t, const char *path)
{
	struct t_node *n = &t->nodes[0];

	if (path[0] != '/') {
		size_t len = strcspn(path, "/:");
		const char *full = alias_of(t, path, len);

		n = full != NULL && full[0] == '/' ? tree_by_path(t, full) : NULL;
		path += len;
	}
	while (n != NULL && *path == '/') {
		path += strspn(path, "/");
		size_t len = strcspn(path, "/:");
		if (len > 0) {
			n = child_find(n, path, len);
		}
		path += len;
	}
	return n;
}

char *tree_path(struct arena *a, const struct t_node *n)
{
	char *path = arena_format(a, "%s", n->parent == NULL ? "/" : "");

	for (; n->parent != NULL; n = n->parent) {
		path = arena_format(a, "/%s%s", n->name, path);
	}
	return path;
}
