/* SPDX-License-Identifier: Apache-2.0 */
/* `include:` at the top of a file: other files whose mappings it completes. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/strmap.h"
#include "yaml/reader.h"

/* The files that are being read, outermost first. */
struct chain {
	const struct chain *outer;
	const char *path;  /* absolute, without links */
	struct pos at;     /* the include that led here */
	size_t depth;
};

struct load {
	struct yaml *y;
	struct diag *d;
	size_t files;
};

static struct node *load_file(struct load *l, const char *path, const struct chain *chain);

static struct node *merge(struct yaml *y, const struct node *under, const struct node *over);

/* The value of one key that both have. */
static struct node *merge_value(struct yaml *y, struct node *under, struct node *over)
{
	if (under->kind == NODE_MAPPING && over->kind == NODE_MAPPING) {
		return merge(y, under, over);
	}
	return over;
}

/* A mapping with the keys of both; depth is bounded by the reader. */
static struct node *merge(struct yaml *y, const struct node *under, const struct node *over)
{
	struct node *n = arena_alloc(y->arena, sizeof(*n));
	struct strmap known = {0};

	*n = *over;
	n->count = under->count;
	n->keys = arena_array(y->arena, under->count + over->count, sizeof(struct node *));
	n->items = arena_array(y->arena, under->count + over->count, sizeof(struct node *));
	for (size_t i = 0; i < under->count; i++) {
		strmap_add(&known, under->keys[i]->text, i);
		n->keys[i] = under->keys[i];
		n->items[i] = under->items[i];
	}
	for (size_t i = 0; i < over->count; i++) {
		size_t at = strmap_add(&known, over->keys[i]->text, n->count);

		if (at == n->count) {
			n->count++;
			n->items[at] = over->items[i];
		} else {
			n->items[at] = merge_value(y, n->items[at], over->items[i]);
		}
		n->keys[at] = over->keys[i];
	}
	strmap_free(&known);
	return n;
}

static void chain_notes(struct diag_msg *m, const struct chain *c)
{
	for (; c != NULL && c->at.file != NULL; c = c->outer) {
		diag_note(m, c->at, "included");
	}
}

/* True when the file may be read; else says why not. */
static bool chain_check(struct load *l, const struct chain *c, const char *path)
{
	struct diag_msg *m;

	for (const struct chain *o = c->outer; o != NULL; o = o->outer) {
		if (strcmp(o->path, c->path) == 0) {
			m = diag_error(l->d, 117, c->at, "'%s' includes itself", path);
			chain_notes(m, c->outer);
			diag_help(m, "remove one of these includes");
			return false;
		}
	}
	if (c->depth > YAML_INCLUDE_DEPTH_MAX) {
		m = diag_error(l->d, 117, c->at, "includes are nested deeper than %u files", YAML_INCLUDE_DEPTH_MAX);
		chain_notes(m, c->outer);
		return false;
	}
	if (l->files == YAML_FILES_MAX) {
		diag_error(l->d, 117, c->at, "more than %u files are included", YAML_FILES_MAX);
		return false;
	}
	l->files++;
	return true;
}

/* Takes "name/.." out of a path, which is how people would write it; a name that is
 * a link stays, because its ".." is elsewhere. */
static void path_shorten(char *path)
{
	char *up = strstr(path, "/../");

	while (up != NULL) {
		char *name = up;
		struct stat st;
		bool plain;

		while (name > path && name[-1] != '/') {
			name--;
		}
		*up = '\0';
		plain = name != up && strcmp(name, "..") != 0 && strcmp(name, ".") != 0 && lstat(path, &st) == 0 &&
			S_ISDIR(st.st_mode);
		*up = '/';
		if (plain) {
			memmove(name, up + 4, strlen(up + 4) + 1);
			up = strstr(path, "/../");
		} else {
			up = strstr(up + 3, "/../");
		}
	}
}

/* The path of an included file as seen from the working directory. */
static const char *include_path(struct load *l, const char *from, const char *path)
{
	const char *slash = strrchr(from, '/');
	char *whole;

	if (path[0] == '/' || slash == NULL) {
		return path;
	}
	whole = arena_format(l->y->arena, "%.*s%s", (int)(slash - from + 1), from, path);
	path_shorten(whole);
	return whole;
}

static struct node *include_one(struct load *l, const struct node *item, const char *from,
				const struct chain *outer)
{
	struct chain c = {.outer = outer, .at = item->pos, .depth = outer->depth + 1};
	char real[PATH_MAX];
	struct node *root = NULL;
	struct diag_msg *m;
	const char *path;

	if (item->kind != NODE_SCALAR || item->text_len == 0) {
		if (item->kind != NODE_REFUSED) {
			m = diag_error(l->d, 117, item->pos, "'include' takes a path or a list of paths");
			diag_help(m, "for example: include: ../soc/name.yaml");
		}
		return NULL;
	}
	path = include_path(l, from, item->text);
	if (realpath(path, real) == NULL) {
		m = diag_error(l->d, 117, item->pos, "'%s' does not exist", path);
		diag_note(m, pos_none, "the path is relative to the file that names it");
		return NULL;
	}
	c.path = real;
	if (chain_check(l, &c, path)) {
		root = load_file(l, path, &c);
	}
	return root;
}

/* Everything a file includes, merged; NULL when one of them failed. */
static struct node *include_all(struct load *l, struct node *include, const char *from,
				const struct chain *outer)
{
	struct node **items = include->kind == NODE_SEQUENCE ? include->items : &include;
	size_t count = include->kind == NODE_SEQUENCE ? include->count : 1;
	struct node *all = NULL;
	bool failed = count == 0;

	if (count == 0) {
		diag_error(l->d, 117, include->pos, "'include' names no file");
	}
	for (size_t i = 0; i < count; i++) {
		struct node *one = include_one(l, items[i], from, outer);

		failed = failed || one == NULL;
		all = all == NULL || one == NULL ? one : merge(l->y, all, one);
	}
	return failed ? NULL : all;
}

static void include_drop_key(struct node *root)
{
	size_t to = 0;

	for (size_t i = 0; i < root->count; i++) {
		if (strcmp(root->keys[i]->text, "include") != 0) {
			root->keys[to] = root->keys[i];
			root->items[to++] = root->items[i];
		}
	}
	root->count = to;
}

static struct node *load_file(struct load *l, const char *path, const struct chain *chain)
{
	struct node *root = yaml_read(l->y, l->d, path);
	struct node *include = node_get(root, "include");
	struct node *under;

	if (root != NULL && root->kind != NODE_MAPPING) {
		struct diag_msg *m = diag_error(l->d, 112, root->pos, "a mapping is expected, not a %s",
						root->kind == NODE_SEQUENCE ? "list" : "text");

		diag_help(m, "a board or system file is a list of 'key: value' lines");
		return NULL;
	}
	if (include == NULL) {
		return root;
	}
	under = include_all(l, include, path, chain);
	if (under == NULL) {
		return NULL;
	}
	include_drop_key(root);
	return merge(l->y, under, root);
}

struct node *yaml_load(struct yaml *y, struct diag *d, const char *path)
{
	struct load l = {.y = y, .d = d};
	char real[PATH_MAX];
	struct chain c = {.path = realpath(path, real) == NULL ? path : real};

	y->gaps = false;
	return load_file(&l, path, &c);
}

struct node *node_get(const struct node *mapping, const char *key)
{
	if (mapping == NULL || mapping->kind != NODE_MAPPING) {
		return NULL;
	}
	for (size_t i = 0; i < mapping->count; i++) {
		if (strcmp(mapping->keys[i]->text, key) == 0) {
			return mapping->items[i];
		}
	}
	return NULL;
}

struct node *node_key(const struct node *mapping, const char *key)
{
	for (size_t i = 0; mapping != NULL && mapping->kind == NODE_MAPPING && i < mapping->count; i++) {
		if (strcmp(mapping->keys[i]->text, key) == 0) {
			return mapping->keys[i];
		}
	}
	return NULL;
}
