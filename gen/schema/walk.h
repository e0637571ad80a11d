/* SPDX-License-Identifier: Apache-2.0 */
/* All types that a type is made of, each once; only gen/schema includes this. */
#ifndef GEN_SCHEMA_WALK_H
#define GEN_SCHEMA_WALK_H

#include "schema/schema.h"

#define WALK_MAX 128

struct walk {
	const struct schema_type *types[WALK_MAX]; /* each before those it is made of */
	size_t count;
};

/* Recursion is as deep as the schema. */
void walk_types(struct walk *w, const struct schema_type *t);

/* Is the object an item of a list somewhere? Lists are never completed by another
 * file, so what such an object requires must stand in it. */
bool walk_is_listed(const struct walk *w, const struct schema_type *object);

#endif
