/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a tree against the schema: everything wrong is reported once. Recursion
 * is as deep as the schema, not as the input. */
#include <stdio.h>
#include <string.h>

#include "schema/scalar.h"
#include "schema/validate.h"
#include "types.h"

static size_t words_put(struct validate *v, size_t used, const char *fmt, const char *text)
{
	int n = snprintf(v->words + used, sizeof(v->words) - used, fmt, text);

	return n < 0 || (size_t)n >= sizeof(v->words) - used ? sizeof(v->words) - 1 : used + (size_t)n;
}

const char *validate_words(struct validate *v, const struct path *p)
{
	size_t used = 0;

	v->words[0] = '\0';
	if (p->step == STEP_ITEM && p->type->kind == SCHEMA_OBJECT) {
		used = words_put(v, used, "%s", "an item");
	}
	for (; p != NULL; p = p->outer) {
		if (p->step == STEP_ROOT) {
			words_put(v, used, used == 0 ? "the %s file" : "", p->type->noun);
		} else if (p->step == STEP_ENTRY && p->type->kind == SCHEMA_OBJECT) {
			used = words_put(v, used, used == 0 ? "%s" : " of %s", p->type->noun);
			words_put(v, used, " '%.48s'", p->key->text);
			break;
		} else if (p->step != STEP_ITEM) {
			used = words_put(v, used, used == 0 ? "'%.48s'" : " of '%.48s'", p->key->text);
		}
	}
	return v->words;
}

static const char *validate_found(const struct node *n)
{
	switch (n->kind) {
	case NODE_SEQUENCE:
		return "a list";
	case NODE_MAPPING:
		return "a mapping";
	default:
		break;
	}
	switch (scalar_classify(n)) {
	case SCALAR_INTEGER:
		return "a number";
	case SCALAR_BOOLEAN:
		return "true or false";
	default:
		return "a text";
	}
}

struct diag_msg *validate_wrong_type(struct validate *v, const struct path *p, struct node *n)
{
	struct diag_msg *m = diag_error(v->d, 112, n->pos, "%s must be %s, not %s", validate_words(v, p), p->what,
					validate_found(n));

	if (p->def != NULL && p->def->example != NULL) {
		diag_help(m, "for example: %s: %s", p->def->name, p->def->example);
	}
	n->kind = NODE_REFUSED;
	return m;
}

/* A bare number where a mapping with one number among others is wanted: 45 for {spi: 45}. */
static void validate_bare_number(const struct path *p, const struct node *n, struct diag_msg *m)
{
	uint64_t value;

	if (scalar_classify(n) != SCALAR_INTEGER || !scalar_number(n->text, &value)) {
		return;
	}
	for (size_t i = 0; i < p->type->count; i++) {
		const struct schema_key *k = &p->type->keys[i];

		if (k->need == EITHER && k->type->kind == SCHEMA_INTEGER && value >= k->type->min &&
		    value <= k->type->max) {
			diag_help(m, "or {%s: %s}: %s", k->name, n->text, k->doc);
		}
	}
}

static void validate_map(struct validate *v, const struct path *p, struct node *n)
{
	if (v->complete && n->count < p->type->min) {
		struct diag_msg *m = diag_error(v->d, 112, n->pos, "%s is an empty mapping", validate_words(v, p));

		diag_help(m, "for example: %s: %s", p->def->name, p->def->example);
		n->kind = NODE_REFUSED;
	}
	for (size_t i = 0; i < n->count; i++) {
		struct path inner = {p, STEP_ENTRY, p->type->item, NULL, n->keys[i], p->type->item->what};
		struct node *key = n->keys[i];
		enum scalar_class class = scalar_classify(key);

		if (class != SCALAR_TEXT && p->type->key->kind == SCHEMA_NAME) {
			/* 'on:' is a device called "on" to some and "true" to others. */
			struct diag_msg *m = diag_error(v->d, 114, key->pos, "the name '%.48s' %s", key->text,
							scalar_reason(class));

			diag_help(m, "choose another name, or write it in quotes");
			n->items[i]->kind = NODE_REFUSED;
		} else if (!validate_spelling(v, p->type->key->kind, key)) {
			n->items[i]->kind = NODE_REFUSED;
		} else {
			validate_node(v, &inner, n->items[i]);
		}
	}
}

static void validate_list(struct validate *v, const struct path *p, struct node *n)
{
	if (n->count < p->type->min) {
		struct diag_msg *m = diag_error(v->d, 112, n->pos, "%s is an empty list", validate_words(v, p));

		diag_help(m, "delete the line, or give it items");
		n->kind = NODE_REFUSED;
	}
	for (size_t i = 0; i < n->count; i++) {
		struct path inner = {p, STEP_ITEM, p->type->item, p->def, p->key, p->type->item->what};

		validate_node(v, &inner, n->items[i]);
	}
}

/* [base, size]: two numbers, a size, an end within 64 bits. */
static void validate_range(struct validate *v, const struct path *p, struct node *n)
{
	static const struct schema_type number = {.kind = SCHEMA_INTEGER, .max = UINT64_MAX};
	struct path inner = {p, STEP_ITEM, &number, p->def, p->key, "two numbers"};
	uint64_t base;
	uint64_t size;
	struct diag_msg *m;

	if (n->kind != NODE_SEQUENCE || n->count != 2) {
		size_t count = n->kind == NODE_SEQUENCE ? n->count : 0;

		m = validate_wrong_type(v, p, n);
		if (count > 0) {
			diag_label(m, "%zu value%s", count, count == 1 ? "" : "s");
		}
		if (count > 2 && count % 2 == 0) {
			diag_help(m, "each range has its own brackets: [[base, size], [base, size]]");
		}
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		validate_node(v, &inner, n->items[i]);
		if (n->items[i]->kind == NODE_REFUSED) {
			n->kind = NODE_REFUSED;
		}
	}
	if (n->kind == NODE_REFUSED) {
		return;
	}
	(void)scalar_number(n->items[0]->text, &base);
	(void)scalar_number(n->items[1]->text, &size);
	if (size == 0) {
		m = diag_error(v->d, 115, n->items[1]->pos, "%s has size 0", validate_words(v, p));
		diag_help(m, "the pair is [base, size], not [first, last]");
		n->kind = NODE_REFUSED;
	} else if (size - 1 > UINT64_MAX - base) {
		m = diag_error(v->d, 115, n->pos, "%s passes the end of the 64-bit address space",
			       validate_words(v, p));
		diag_help(m, "the pair is [base, size], not [first, last]");
		n->kind = NODE_REFUSED;
	}
}

/* Does the node have the shape of this alternative of a union? */
static bool union_fits(const struct schema_type *t, const struct node *n)
{
	enum scalar_class class = n->kind == NODE_SCALAR ? scalar_classify(n) : SCALAR_TEXT;

	switch (t->kind) {
	case SCHEMA_OBJECT:
	case SCHEMA_MAP:
		return n->kind == NODE_MAPPING;
	case SCHEMA_RANGE:
		return n->kind == NODE_SEQUENCE && (n->count == 0 || n->items[0]->kind != NODE_SEQUENCE);
	case SCHEMA_LIST:
		return n->kind == NODE_SEQUENCE;
	case SCHEMA_BOOLEAN:
		return n->kind == NODE_SCALAR && (class == SCALAR_BOOLEAN || class == SCALAR_WORD);
	case SCHEMA_INTEGER:
		return n->kind == NODE_SCALAR && class != SCALAR_TEXT && class != SCALAR_BOOLEAN &&
		       class != SCALAR_WORD && class != SCALAR_DATE;
	default:
		return n->kind == NODE_SCALAR;
	}
}

static void validate_union(struct validate *v, const struct path *p, struct node *n)
{
	for (size_t i = 0; i < p->type->count; i++) {
		const struct schema_type *t = p->type->alternatives[i];

		if (union_fits(t, n)) {
			struct path inner = *p;
			bool simple = t->kind != SCHEMA_OBJECT && t->kind != SCHEMA_INTEGER;

			inner.type = t;
			inner.what = simple ? p->what : t->what;
			validate_node(v, &inner, n);
			return;
		}
	}
	validate_wrong_type(v, p, n);
}

static void validate_null(struct validate *v, const struct path *p, struct node *n)
{
	struct diag_msg *m = diag_error(v->d, 121, p->key == NULL || p->step == STEP_ITEM ? n->pos : p->key->pos,
					"%s has no value", validate_words(v, p));

	if (p->step == STEP_KEY) {
		diag_help(m, "delete the line, or write for example '%s: %s'", p->def->name, p->def->example);
	} else {
		diag_help(m, "it must be %s", p->what);
	}
	n->kind = NODE_REFUSED;
}

static bool validate_is_null(const struct node *n)
{
	return n->kind == NODE_SCALAR && scalar_classify(n) == SCALAR_NULL;
}

void validate_node(struct validate *v, const struct path *p, struct node *n)
{
	if (n->kind == NODE_REFUSED) {
		return;
	}
	if (validate_is_null(n)) {
		validate_null(v, p, n);
		return;
	}
	switch (p->type->kind) {
	case SCHEMA_TEXT:
		validate_text(v, p, n);
		break;
	case SCHEMA_NAME:
	case SCHEMA_PROPERTY_NAME:
		validate_name(v, p, n);
		break;
	case SCHEMA_INTEGER:
		validate_integer(v, p, n);
		break;
	case SCHEMA_BOOLEAN:
		validate_boolean(v, p, n);
		break;
	case SCHEMA_ENUM:
		validate_enum(v, p, n);
		break;
	case SCHEMA_RANGE:
		validate_range(v, p, n);
		break;
	case SCHEMA_UNION:
		validate_union(v, p, n);
		break;
	case SCHEMA_OBJECT:
	case SCHEMA_MAP:
		if (n->kind != NODE_MAPPING) {
			struct node was = *n;
			struct diag_msg *m = validate_wrong_type(v, p, n);

			validate_bare_number(p, &was, m);
		} else if (p->type->kind == SCHEMA_OBJECT) {
			validate_object(v, p, n);
		} else {
			validate_map(v, p, n);
		}
		break;
	case SCHEMA_LIST:
		if (n->kind != NODE_SEQUENCE) {
			validate_wrong_type(v, p, n);
		} else {
			validate_list(v, p, n);
		}
		break;
	}
}

void schema_validate(struct diag *d, const struct schema_type *root, struct node *tree, bool complete)
{
	const struct node *firmware = node_get(tree, "firmware");
	struct validate v = {.d = d, .complete = complete};
	struct path p = {.step = STEP_ROOT, .type = root, .what = root->what};

	v.is_static = firmware == NULL || node_get(tree, "memory") != NULL ||
		      (firmware->kind == NODE_SCALAR && strcmp(firmware->text, "devicetree") == 0);
	validate_node(&v, &p, tree);
}
