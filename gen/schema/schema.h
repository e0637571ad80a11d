/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the YAML may say, as data.
 *
 * schema/board.def and schema/system.def are the one source. From the types they
 * make come the checker (validate.c), the JSON Schema for editors (json_schema.c)
 * and the reference page (reference.c).
 */
#ifndef GEN_SCHEMA_SCHEMA_H
#define GEN_SCHEMA_SCHEMA_H

#include "diag/diag.h"
#include "yaml/node.h"

enum schema_kind {
	SCHEMA_TEXT,    /* not empty */
	SCHEMA_NAME,    /* letter or '_', then letters, digits, '_', '-'; at most 63 */
	SCHEMA_PROPERTY_NAME, /* of the device tree: letters, digits, ",._+?#*-" */
	SCHEMA_INTEGER, /* min..max, a multiple of align, or one of the choices */
	SCHEMA_BOOLEAN,
	SCHEMA_ENUM,    /* one of the choices */
	SCHEMA_RANGE,   /* [base, size]: size not 0, base + size <= 2^64 */
	SCHEMA_OBJECT,  /* mapping with the keys listed */
	SCHEMA_LIST,    /* sequence of `item`, at least `min` of them */
	SCHEMA_MAP,     /* mapping from `key` to `item`, at least `min` of them */
	SCHEMA_UNION,   /* one of the alternatives, told apart by shape */
};

enum schema_need {
	OPTIONAL,
	REQUIRED,
	STATIC, /* required unless the board says `firmware: acpi` and no `memory` */
	EITHER, /* exactly one of the object's EITHER keys */
};

struct schema_type;

struct schema_choice {
	const char *value;
	const char *doc;
};

struct schema_key {
	const char *name;
	const struct schema_type *type;
	enum schema_need need;
	const char *standard; /* what holds when the key is not given; NULL: nothing */
	const char *doc;
	const char *example;  /* the value as YAML, on one line */
};

struct schema_type {
	enum schema_kind kind;
	const char *id;   /* name of the definition */
	const char *what; /* "a list of names": completes "must be ..." */
	const char *noun; /* object: what one is called, "device" */
	uint64_t min;
	uint64_t max;
	uint64_t align;   /* 0 or 1: any */
	const struct schema_choice *choices;
	const struct schema_key *keys;
	const struct schema_type *const *alternatives;
	size_t count; /* of choices, keys or alternatives */
	const struct schema_type *item;
	const struct schema_type *key;
};

extern const struct schema_type *const schema_board;
extern const struct schema_type *const schema_system;

/* Reports everything in the tree that the schema does not allow, without
 * repeating itself; what was reported becomes NODE_REFUSED. A tree that is not
 * `complete` is for others to include: nothing is required of its mappings. */
void schema_validate(struct diag *d, const struct schema_type *root, struct node *tree, bool complete);

/* How many of the tree's top-level keys the schema knows. */
size_t schema_known_keys(const struct schema_type *root, const struct node *tree);

/* The JSON Schema (draft 7) of a file, for editors. What an `include:` may complete is
 * not required there. Editors' numbers have 53 bits: of larger ones they know the size. */
void schema_print_json(FILE *out, const struct schema_type *root);
/* The reference page of both files, in Markdown. */
void schema_print_reference(FILE *out);

#endif
