/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a mapping with known keys: unknown ones, missing ones, ones that exclude
 * each other. */
#include <stdio.h>
#include <string.h>

#include "schema/validate.h"
#include "types.h"

/* Where to say that something is missing: at the name of what lacks it. */
static struct pos object_place(const struct path *p, const struct node *n)
{
	if (p->step == STEP_ROOT) {
		return (struct pos){.file = n->pos.file};
	}
	return p->step == STEP_ITEM ? n->pos : p->key->pos;
}

static size_t object_index(const struct schema_type *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->keys[i].name, name) == 0) {
			return i;
		}
	}
	return SIZE_MAX;
}

/* Returns the index of the key that was probably meant, or SIZE_MAX. */
static size_t object_unknown(struct validate *v, const struct path *p, const struct node *key)
{
	const char *names[64] = {NULL};
	size_t count = p->type->count < ARRAY_SIZE(names) ? p->type->count : ARRAY_SIZE(names);
	char list[512] = "";
	struct diag_msg *m;
	const char *near;

	m = diag_error(v->d, 101, key->pos, "unknown key '%.48s' in %s", key->text, validate_words(v, p));
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(list);

		names[i] = p->type->keys[i].name;
		(void)snprintf(list + used, sizeof(list) - used, "%s%s", i == 0 ? "" : ", ", names[i]);
	}
	near = diag_suggest_among(key->text, names, count);
	if (near != NULL) {
		diag_help(m, "did you mean '%s'? (valid: %s)", near, list);
		return object_index(p->type, near);
	}
	diag_help(m, "valid: %s", list);
	return SIZE_MAX;
}

static bool object_needs(const struct validate *v, const struct schema_key *k)
{
	return k->need == REQUIRED || (k->need == STATIC && v->is_static);
}

/* One message for all that is missing. `given`: bits of the keys that are there or
 * were misspelt. */
static void object_missing(struct validate *v, const struct path *p, const struct node *n, uint64_t given)
{
	const struct schema_type *t = p->type;
	struct diag_msg *m;
	char list[256] = "";
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (object_needs(v, &t->keys[i]) && (given & BIT64(i)) == 0) {
			size_t used = strlen(list);

			(void)snprintf(list + used, sizeof(list) - used, "%s'%s'", count++ == 0 ? "" : ", ",
				       t->keys[i].name);
		}
	}
	if (count == 0) {
		return;
	}
	m = diag_error(v->d, 116, object_place(p, n), "%s lacks %s", validate_words(v, p), list);
	for (size_t i = 0; i < t->count; i++) {
		if (object_needs(v, &t->keys[i]) && (given & BIT64(i)) == 0) {
			diag_help(m, "add for example '%s: %s'", t->keys[i].name, t->keys[i].example);
		}
	}
}

/* "'a', 'b' or 'c'": the keys marked EITHER, of which `first` is the first. */
static void object_choices(const struct schema_type *t, char *list, size_t size,
			   const struct schema_key **first)
{
	size_t left = 0, used = 0;

	for (size_t i = 0; i < t->count; i++) {
		left += t->keys[i].need == EITHER ? 1 : 0;
	}
	*first = NULL;
	list[0] = '\0';
	for (size_t i = 0; i < t->count; i++) {
		if (t->keys[i].need == EITHER) {
			left--;
			(void)snprintf(list + used, size - used, "%s'%s'", *first == NULL ? "" : left > 0 ? ", " : " or ",
				       t->keys[i].name);
			used = strlen(list);
			*first = *first == NULL ? &t->keys[i] : *first;
		}
	}
}

/* Exactly one of the keys marked EITHER. */
static void object_either(struct validate *v, const struct path *p, const struct node *n, uint64_t given,
			  uint64_t meant)
{
	const struct schema_key *some[2] = {NULL, NULL}; /* that are there */
	const struct schema_key *first;
	char list[256];
	size_t has = 0;
	bool misspelt = false;

	for (size_t i = 0; i < p->type->count; i++) {
		if (p->type->keys[i].need == EITHER) {
			if ((given & BIT64(i)) != 0 && has < ARRAY_SIZE(some)) {
				some[has++] = &p->type->keys[i];
			}
			misspelt = misspelt || (meant & BIT64(i)) != 0;
		}
	}
	object_choices(p->type, list, sizeof(list), &first);
	if (first != NULL && has == 0 && !misspelt) {
		struct diag_msg *m = diag_error(v->d, 116, object_place(p, n), "%s lacks %s", validate_words(v, p),
						list);

		diag_help(m, "add for example '%s: %s'", first->name, first->example);
	} else if (has > 1) {
		struct diag_msg *m = diag_error(v->d, 120, n->pos, "%s has both '%s' and '%s'", validate_words(v, p),
						some[0]->name, some[1]->name);

		for (size_t i = 0; i < 2; i++) {
			diag_note(m, node_key(n, some[i]->name)->pos, "'%s' is given", some[i]->name);
		}
		diag_help(m, "keep the one that is meant; mappings of included files merge");
	}
}

void validate_object(struct validate *v, const struct path *p, struct node *n)
{
	uint64_t given = 0;
	uint64_t meant = 0; /* by a key that is misspelt */

	for (size_t i = 0; i < n->count; i++) {
		size_t at = object_index(p->type, n->keys[i]->text);

		if (at == SIZE_MAX) {
			at = object_unknown(v, p, n->keys[i]);
			meant |= at == SIZE_MAX ? 0 : BIT64(at);
		} else {
			const struct schema_key *def = &p->type->keys[at];
			struct path inner = {p, STEP_KEY, def->type, def, n->keys[i], def->type->what};

			validate_node(v, &inner, n->items[i]);
			given |= BIT64(at);
		}
	}
	/* A mapping in a list cannot be completed by another file. */
	if (v->complete || p->step == STEP_ITEM) {
		object_missing(v, p, n, given | meant);
	}
	object_either(v, p, n, given, meant);
}

size_t schema_known_keys(const struct schema_type *root, const struct node *tree)
{
	size_t known = 0;

	for (size_t i = 0; tree->kind == NODE_MAPPING && i < tree->count; i++) {
		known += object_index(root, tree->keys[i]->text) != SIZE_MAX ? 1 : 0;
	}
	return known;
}
