/* SPDX-License-Identifier: Apache-2.0 */
/* Checking one scalar against one simple type. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/scalar.h"
#include "schema/validate.h"
#include "types.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME_MAX_LEN 63u

/* Text that is shown in a message: the longest words are cut. */
#define SHOWN 48

static struct diag_msg *refuse_ambiguous(struct validate *v, struct node *n, enum scalar_class class,
					 bool as_text)
{
	char buffer[96];
	const char *fix = scalar_fix(class, n->text, buffer, sizeof(buffer));
	struct diag_msg *m = diag_error(v->d, 114, n->pos, "'%.*s' %s", SHOWN, n->text, scalar_reason(class));

	if (as_text) {
		diag_help(m, "write \"%.*s\" in quotes", SHOWN, n->text);
	} else if (fix != NULL) {
		diag_help(m, "write %s", fix);
	} else {
		diag_help(m, "numbers are written 0, 12 or 0x1f");
	}
	n->kind = NODE_REFUSED;
	return m;
}

static bool text_has_control(const struct node *n)
{
	for (size_t i = 0; i < n->text_len; i++) {
		if ((unsigned char)n->text[i] < 0x20 || n->text[i] == 0x7f) {
			return true;
		}
	}
	return false;
}

void validate_text(struct validate *v, const struct path *p, struct node *n)
{
	enum scalar_class class = scalar_classify(n);
	struct diag_msg *m;

	if (n->kind != NODE_SCALAR || class == SCALAR_INTEGER || class == SCALAR_BOOLEAN) {
		m = validate_wrong_type(v, p, n);
		if (class == SCALAR_INTEGER || class == SCALAR_BOOLEAN) {
			diag_help(m, "if the text is meant, write \"%.*s\" in quotes", SHOWN, n->text);
		}
	} else if (class != SCALAR_TEXT) {
		refuse_ambiguous(v, n, class, true);
	} else if (n->text_len == 0) {
		m = diag_error(v->d, 121, n->pos, "%s is an empty text", validate_words(v, p));
		diag_help(m, "delete the line, or give it a value");
		n->kind = NODE_REFUSED;
	} else if (text_has_control(n)) {
		m = diag_error(v->d, 103, n->pos, "%s holds a line end or another control character",
			       validate_words(v, p));
		diag_help(m, "write the text on one line; a block of text begins with '>-' to have no line ends");
		n->kind = NODE_REFUSED;
	}
}

bool validate_spelling(struct validate *v, enum schema_kind kind, const struct node *n)
{
	bool property = kind == SCHEMA_PROPERTY_NAME;
	const char *set = property ? LETTERS DIGITS ",._+?#*-" : LETTERS DIGITS "_-";
	const char *first = property ? set : LETTERS "_";
	struct diag_msg *m;

	if (n->text_len > 0 && n->text_len <= NAME_MAX_LEN && strspn(n->text, set) == n->text_len &&
	    strchr(first, n->text[0]) != NULL) {
		return true;
	}
	m = diag_error(v->d, 119, n->pos, "'%.*s' is no %s", SHOWN, n->text, property ? "property name" : "name");
	if (n->text_len > NAME_MAX_LEN) {
		diag_help(m, "use at most %u characters", NAME_MAX_LEN);
	} else if (property) {
		diag_help(m, "use letters, digits and , . _ + ? # * -");
	} else {
		diag_help(m, "begin with a letter or '_'; then use letters, digits, '_' and '-'");
	}
	return false;
}

void validate_name(struct validate *v, const struct path *p, struct node *n)
{
	enum scalar_class class = scalar_classify(n);

	if (n->kind != NODE_SCALAR || class == SCALAR_INTEGER || class == SCALAR_BOOLEAN) {
		validate_wrong_type(v, p, n);
	} else if (class != SCALAR_TEXT) {
		struct diag_msg *m = refuse_ambiguous(v, n, class, true);

		if (p->def != NULL && p->def->example != NULL) {
			diag_help(m, "'%s' is %s, for example: %s: %s", p->def->name, p->def->type->what, p->def->name,
				  p->def->example);
		}
	} else if (!validate_spelling(v, SCHEMA_NAME, n)) {
		n->kind = NODE_REFUSED;
	}
}

/* Is the text of a scalar that should be a number at least meant as one? */
static void refuse_no_number(struct validate *v, const struct path *p, struct node *n)
{
	struct node plain = *n;
	struct diag_msg *m = validate_wrong_type(v, p, n);
	uint64_t size;

	plain.quoted = false;
	if (n->quoted && scalar_classify(&plain) == SCALAR_INTEGER) {
		diag_help(m, "remove the quotes: %s", n->text);
	} else if (scalar_size(n->text, &size)) {
		diag_help(m, "units are not taken: write 0x%" PRIx64, size);
	}
}

static void integer_choices(struct validate *v, const struct path *p, struct node *n)
{
	for (size_t i = 0; i < p->type->count; i++) {
		uint64_t choice;
		uint64_t value;

		if (scalar_number(p->type->choices[i].value, &choice) && scalar_number(n->text, &value) &&
		    choice == value) {
			return;
		}
	}
	diag_error(v->d, 113, n->pos, "%s must be %s, not %.*s", validate_words(v, p), p->what, SHOWN, n->text);
	n->kind = NODE_REFUSED;
}

static void integer_bounds(struct validate *v, const struct path *p, struct node *n, uint64_t value)
{
	const struct schema_type *t = p->type;
	struct diag_msg *m;
	uint64_t below;

	if (value >= t->min && value <= t->max && (t->align <= 1 || value % t->align == 0)) {
		return;
	}
	m = diag_error(v->d, 115, n->pos, "%s must be %s", validate_words(v, p), p->what);
	if (value >= t->min && value <= t->max) {
		below = ALIGN_DOWN(value, t->align);
		if (below < t->min || below > UINT64_MAX - t->align) {
			diag_help(m, "write 0x%" PRIx64, below < t->min ? below + t->align : below);
		} else {
			diag_help(m, "write 0x%" PRIx64 " or 0x%" PRIx64, below, below + t->align);
		}
	}
	n->kind = NODE_REFUSED;
}

void validate_integer(struct validate *v, const struct path *p, struct node *n)
{
	enum scalar_class class = scalar_classify(n);
	uint64_t value;

	if (n->kind != NODE_SCALAR || class == SCALAR_BOOLEAN || class == SCALAR_WORD) {
		validate_wrong_type(v, p, n);
	} else if (class == SCALAR_TEXT) {
		refuse_no_number(v, p, n);
	} else if (class != SCALAR_INTEGER) {
		refuse_ambiguous(v, n, class, false);
	} else if (p->type->count > 0) {
		integer_choices(v, p, n);
	} else if (!scalar_number(n->text, &value)) {
		diag_error(v->d, 115, n->pos, "%.*s has more than 64 bits", SHOWN, n->text);
		n->kind = NODE_REFUSED;
	} else {
		integer_bounds(v, p, n, value);
	}
}

void validate_boolean(struct validate *v, const struct path *p, struct node *n)
{
	enum scalar_class class = scalar_classify(n);
	struct diag_msg *m;

	if (class == SCALAR_BOOLEAN) {
		return;
	}
	if (class == SCALAR_WORD) {
		refuse_ambiguous(v, n, class, false);
		return;
	}
	m = validate_wrong_type(v, p, n);
	if (n->quoted && (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0)) {
		diag_help(m, "remove the quotes: %s", n->text);
	}
}

/* The choices that begin with the word, or end with it: "edge" is two triggers. */
static void enum_suggest(struct diag_msg *m, const char *word, const char *const *words, size_t count)
{
	const char *near = diag_suggest_among(word, words, count);
	size_t len = strlen(word), found = 0, used = 0;
	char list[128] = "";

	for (size_t i = 0; near == NULL && len >= 3 && i < count; i++) {
		size_t whole = strlen(words[i]);
		bool part = whole > len && ((strncmp(words[i], word, len) == 0 && words[i][len] == '-') ||
					    (strcmp(words[i] + whole - len, word) == 0 && words[i][whole - len - 1] == '-'));

		if (part && used < sizeof(list)) {
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s'%s'", found++ == 0 ? "" : " or ", words[i]);
		}
	}
	if (near != NULL) {
		diag_help(m, "did you mean '%s'?", near);
	} else if (found > 0) {
		diag_help(m, "did you mean %s?", list);
	}
}

void validate_enum(struct validate *v, const struct path *p, struct node *n)
{
	const char *words[16] = {NULL};
	struct diag_msg *m;
	uint64_t size;
	size_t count = p->type->count < ARRAY_SIZE(words) ? p->type->count : ARRAY_SIZE(words) - 1;

	if (n->kind != NODE_SCALAR) {
		validate_wrong_type(v, p, n);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		words[i] = p->type->choices[i].value;
		if (strcmp(words[i], n->text) == 0) {
			return;
		}
	}
	m = diag_error(v->d, 113, n->pos, "%s must be %s, not '%.*s'", validate_words(v, p), p->what, SHOWN,
		       n->text);
	enum_suggest(m, n->text, words, count);
	if (p->def != NULL && p->def->type->kind == SCHEMA_UNION) {
		diag_help(m, "for example: %s: %s", p->def->name, p->def->example);
	}
	if (scalar_size(n->text, &size)) {
		diag_help(m, "units are not taken: %s is 0x%" PRIx64, n->text, size);
	}
	if (count > 1) {
		char list[256] = "";

		for (size_t i = 0; i < count; i++) {
			size_t used = strlen(list);

			(void)snprintf(list + used, sizeof(list) - used, "%s%s", i == 0 ? "" : ", ", words[i]);
		}
		diag_help(m, "valid: %s", list);
	}
	n->kind = NODE_REFUSED;
}
