/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier's own reading of YAML: one document of mappings, sequences and
 * scalars, through libyaml's events. Anchors, aliases, tags and duplicate keys
 * are refused, as two readers could take them differently.
 */
#ifndef VERIFY_YAML_H
#define VERIFY_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"
#include "place.h"

enum yaml_kind {
	YAML_SCALAR,
	YAML_LIST,
	YAML_MAP,
};

struct yaml_item;

struct yaml_entry {
	struct yaml_item *key;
	struct yaml_item *value;
};

struct yaml_item {
	enum yaml_kind kind;
	struct place at;
	const char *text;          /* scalar */
	bool quoted;               /* scalar that is text whatever it looks like */
	struct yaml_item **values; /* list and map, in the file's order */
	struct yaml_item **keys;   /* map */
	struct yaml_entry *sorted; /* map, by key */
	size_t count;
	size_t cap;
	size_t key_cap;
};

struct yaml_error {
	struct place at;
	const char *text; /* NULL: no error */
};

/* Reads a file of at most 16 MiB; NULL with `error` filled. `path` must outlive `m`. */
struct yaml_item *yaml_load(struct mem *m, const char *path, struct yaml_error *error);
/* Value of `key` in a map; NULL when there is none or `map` is NULL or no map. */
const struct yaml_item *yaml_get(const struct yaml_item *map, const char *key);
/* 0|[1-9][0-9]*|0x[0-9a-fA-F]+ that fits 64 bits, not quoted. */
bool yaml_number(const struct yaml_item *item, uint64_t *value);
/* Whether `item` is the scalar `text`. */
bool yaml_is(const struct yaml_item *item, const char *text);
/* Adds what `from` has and `into` has not; maps in both are merged likewise. */
void yaml_merge(struct mem *m, struct yaml_item *into, const struct yaml_item *from);

#endif
