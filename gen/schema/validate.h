/* SPDX-License-Identifier: Apache-2.0 */
/* What the checker's two halves share; only gen/schema includes this. */
#ifndef GEN_SCHEMA_VALIDATE_H
#define GEN_SCHEMA_VALIDATE_H

#include "schema/schema.h"

enum step {
	STEP_ROOT,
	STEP_KEY,   /* the value of a key of an object */
	STEP_ENTRY, /* the value of a name in a map */
	STEP_ITEM,  /* an item of a list */
};

/* How the checker came to a node; made into words only when there is an error. */
struct path {
	const struct path *outer;
	enum step step;
	const struct schema_type *type; /* of the node */
	const struct schema_key *def;   /* STEP_KEY */
	const struct node *key;         /* STEP_KEY, STEP_ENTRY */
	const char *what;               /* completes "must be" */
};

struct validate {
	struct diag *d;
	bool complete;  /* what is required must be there */
	bool is_static; /* keys that firmware could tell are required */
	char words[256];
};

/* "'reg' of device 'uart0'"; valid until the next call. */
const char *validate_words(struct validate *v, const struct path *p);

/* Reports "X must be Y, not Z" and refuses the node. */
struct diag_msg *validate_wrong_type(struct validate *v, const struct path *p, struct node *n);

/* Checks a node against p->type. */
void validate_node(struct validate *v, const struct path *p, struct node *n);

/* Checks a mapping against an object's keys. */
void validate_object(struct validate *v, const struct path *p, struct node *n);

/* Each checks a scalar that stands for the kind of thing. */
void validate_text(struct validate *v, const struct path *p, struct node *n);
void validate_name(struct validate *v, const struct path *p, struct node *n);
void validate_integer(struct validate *v, const struct path *p, struct node *n);
void validate_boolean(struct validate *v, const struct path *p, struct node *n);
void validate_enum(struct validate *v, const struct path *p, struct node *n);

/* Checks the spelling of a map's key; `kind` is SCHEMA_NAME or SCHEMA_PROPERTY_NAME. */
bool validate_spelling(struct validate *v, enum schema_kind kind, const struct node *key);

#endif
