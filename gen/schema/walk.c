/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/walk.h"

void walk_types(struct walk *w, const struct schema_type *t)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->types[i] == t) {
			return;
		}
	}
	if (w->count == WALK_MAX) {
		return;
	}
	w->types[w->count++] = t;
	for (size_t i = 0; t->keys != NULL && i < t->count; i++) {
		walk_types(w, t->keys[i].type);
	}
	for (size_t i = 0; t->alternatives != NULL && i < t->count; i++) {
		walk_types(w, t->alternatives[i]);
	}
	if (t->item != NULL) {
		walk_types(w, t->item);
	}
}

bool walk_is_listed(const struct walk *w, const struct schema_type *object)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->types[i]->kind == SCHEMA_LIST && w->types[i]->item == object) {
			return true;
		}
	}
	return false;
}
