/* SPDX-License-Identifier: Apache-2.0 */
/* The schema as JSON Schema, draft 7: what editors know today. */
#include <inttypes.h>

#include "schema/walk.h"

#define TEXT_PATTERN "^[^\\u0000-\\u001f\\u007f]+$"
#define NAME_PATTERN "^[A-Za-z_][A-Za-z0-9_-]{0,62}$"
#define PROPERTY_PATTERN "^[A-Za-z0-9,._+?#*-]{1,63}$"

/* Text within a JSON string. */
static void json_words(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\') {
			fputc('\\', out);
		}
		fputc(*s, out);
	}
}

static void json_text(FILE *out, const char *s)
{
	fputc('"', out);
	json_words(out, s);
	fputc('"', out);
}

static void json_ref(FILE *out, const struct schema_type *t)
{
	fprintf(out, "{\"$ref\": \"#/definitions/%s\"}", t->id);
}

/* The choices, and what each means in the words that editors show beside it. */
static void json_choices(FILE *out, const struct schema_type *t)
{
	fputs("\"enum\": [", out);
	for (size_t i = 0; i < t->count; i++) {
		fputs(i == 0 ? "" : ", ", out);
		if (t->kind == SCHEMA_INTEGER) {
			fputs(t->choices[i].value, out);
		} else {
			json_text(out, t->choices[i].value);
		}
	}
	fputs("],\n      \"enumDescriptions\": [", out);
	for (size_t i = 0; i < t->count; i++) {
		fputs(i == 0 ? "\n        " : ",\n        ", out);
		json_text(out, t->choices[i].doc);
	}
	fputs("\n      ]", out);
}

static void json_integer(FILE *out, const struct schema_type *t)
{
	if (t->count > 0) {
		json_choices(out, t);
		return;
	}
	fprintf(out, "\"type\": \"integer\", \"minimum\": %" PRIu64, t->min);
	fprintf(out, ", \"maximum\": %" PRIu64, t->max);
	if (t->align > 1) {
		fprintf(out, ", \"multipleOf\": %" PRIu64, t->align);
	}
}

static void json_key(FILE *out, const struct schema_key *k)
{
	fputs("\n        ", out);
	json_text(out, k->name);
	fputs(": {\"allOf\": [", out);
	json_ref(out, k->type);
	fputs("], \"description\": \"", out);
	json_words(out, k->doc);
	fputs(" It must be ", out);
	json_words(out, k->type->what);
	fputs(k->standard == NULL ? "." : ". Not given: ", out);
	json_words(out, k->standard == NULL ? "" : k->standard);
	fprintf(out, "%s Example: `%s: ", k->standard == NULL ? "" : ".", k->name);
	json_words(out, k->example);
	fputs("`\"}", out);
}

/* The keys of an object that are needed so, as a list. */
static void json_names(FILE *out, const struct schema_type *t, enum schema_need need)
{
	const char *comma = "";

	fputc('[', out);
	for (size_t i = 0; i < t->count; i++) {
		if (t->keys[i].need == need) {
			fprintf(out, "%s\"%s\"", comma, t->keys[i].name);
			comma = ", ";
		}
	}
	fputc(']', out);
}

/* One of the keys marked EITHER, and no more. */
static void json_either(FILE *out, const struct schema_type *t)
{
	const char *comma = ",\n      \"oneOf\": [";

	for (size_t i = 0; i < t->count; i++) {
		if (t->keys[i].need == EITHER) {
			fprintf(out, "%s{\"required\": [\"%s\"]}", comma, t->keys[i].name);
			comma = ", ";
		}
	}
	fputs(comma[1] == ' ' ? "]" : "", out);
}

/* Does anything in the type need something? Not in lists: what is in them is never
 * completed by another file, and is checked where it stands. */
static bool needs_some(const struct schema_type *t, enum schema_need need)
{
	switch (t->kind) {
	case SCHEMA_OBJECT:
		for (size_t i = 0; i < t->count; i++) {
			if (t->keys[i].need == need || needs_some(t->keys[i].type, need)) {
				return true;
			}
		}
		return false;
	case SCHEMA_MAP:
		return (need == REQUIRED && t->min > 0) || needs_some(t->item, need);
	case SCHEMA_UNION:
		for (size_t i = 0; i < t->count; i++) {
			if (needs_some(t->alternatives[i], need)) {
				return true;
			}
		}
		return false;
	default:
		return false;
	}
}

/* What a file that says all must say of a type: a schema beside its own. Says nothing
 * of values of another kind, so that of a union's alternatives only mappings matter. */
static void json_needs(FILE *out, const struct schema_type *t, enum schema_need need)
{
	const char *comma = ", \"properties\": {";

	switch (t->kind) {
	case SCHEMA_OBJECT:
		fputs("{\"required\": ", out);
		json_names(out, t, need);
		for (size_t i = 0; i < t->count; i++) {
			if (needs_some(t->keys[i].type, need)) {
				fprintf(out, "%s\n        \"%s\": ", comma, t->keys[i].name);
				json_needs(out, t->keys[i].type, need);
				comma = ",";
			}
		}
		fputs(comma[1] == '\0' ? "}}" : "}", out);
		break;
	case SCHEMA_MAP:
		fputc('{', out);
		if (need == REQUIRED && t->min > 0) {
			fprintf(out, "\"minProperties\": %" PRIu64, t->min);
		}
		if (needs_some(t->item, need)) {
			fputs(need == REQUIRED && t->min > 0 ? ", " : "", out);
			fputs("\"additionalProperties\": ", out);
			json_needs(out, t->item, need);
		}
		fputc('}', out);
		break;
	default:
		for (size_t i = 0; i < t->count; i++) {
			if (needs_some(t->alternatives[i], need)) {
				json_needs(out, t->alternatives[i], need);
				break;
			}
		}
		break;
	}
}

/* A file that includes others, or is a part of a board that others include, need not
 * say all. The board's name tells a board from a part. */
static void json_whole(FILE *out, const struct schema_type *t, const struct schema_type *root)
{
	const char *name = root == schema_board ? "\"required\": [\"board\"], " : "";

	if (t != root) {
		return;
	}
	fprintf(out, ",\n      \"allOf\": [\n      {\"if\": {%s\"not\": {\"required\": [\"include\"]}},\n"
		"      \"then\": ", name);
	json_needs(out, t, REQUIRED);
	fputc('}', out);
	if (needs_some(t, STATIC)) {
		fprintf(out, ",\n      {\"if\": {%s\"not\": {\"required\": [\"include\"]},\n      \"anyOf\": "
			"[{\"properties\": {\"firmware\": {\"pattern\": \"^devicetree$\"}}}, {\"required\": [\"memory\"]}]},\n"
			"      \"then\": ", name);
		json_needs(out, t, STATIC);
		fputc('}', out);
	}
	fputs("\n      ]", out);
}

/* An item of a list must say all; other mappings may get the rest from another file. */
static void json_object(FILE *out, const struct walk *w, const struct schema_type *t)
{
	fputs("\"type\": \"object\", \"additionalProperties\": false,\n      \"properties\": {", out);
	for (size_t i = 0; i < t->count; i++) {
		fputs(i == 0 ? "" : ",", out);
		json_key(out, &t->keys[i]);
	}
	fputs("\n      }", out);
	if (walk_is_listed(w, t)) {
		fputs(",\n      \"required\": ", out);
		json_names(out, t, REQUIRED);
	}
	json_either(out, t);
	json_whole(out, t, w->types[0]);
}

static void json_type(FILE *out, const struct walk *w, const struct schema_type *t)
{
	switch (t->kind) {
	case SCHEMA_TEXT:
		fputs("\"type\": \"string\", \"pattern\": \"" TEXT_PATTERN "\"", out);
		break;
	case SCHEMA_NAME:
		fputs("\"type\": \"string\", \"pattern\": \"" NAME_PATTERN "\"", out);
		break;
	case SCHEMA_PROPERTY_NAME:
		fputs("\"type\": \"string\", \"pattern\": \"" PROPERTY_PATTERN "\"", out);
		break;
	case SCHEMA_INTEGER:
		json_integer(out, t);
		break;
	case SCHEMA_BOOLEAN:
		fputs("\"type\": \"boolean\"", out);
		break;
	case SCHEMA_ENUM:
		json_choices(out, t);
		break;
	case SCHEMA_RANGE:
		fprintf(out,
			"\"type\": \"array\", \"items\": [\n"
			"        {\"type\": \"integer\", \"minimum\": 0, \"maximum\": %" PRIu64 "},\n"
			"        {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %" PRIu64 "}],\n"
			"      \"minItems\": 2, \"maxItems\": 2",
			UINT64_MAX, UINT64_MAX);
		break;
	case SCHEMA_OBJECT:
		json_object(out, w, t);
		break;
	case SCHEMA_LIST:
		fprintf(out, "\"type\": \"array\", \"minItems\": %" PRIu64 ", \"items\": ", t->min);
		json_ref(out, t->item);
		break;
	case SCHEMA_MAP:
		fprintf(out,
			"\"type\": \"object\", \"propertyNames\": {\"pattern\": \"%s\"}, ",
			t->key->kind == SCHEMA_NAME ? NAME_PATTERN : PROPERTY_PATTERN);
		fputs("\"additionalProperties\": ", out);
		json_ref(out, t->item);
		break;
	case SCHEMA_UNION:
		fputs("\"anyOf\": [", out);
		for (size_t i = 0; i < t->count; i++) {
			fputs(i == 0 ? "" : ", ", out);
			json_ref(out, t->alternatives[i]);
		}
		fputc(']', out);
		break;
	}
}

void schema_print_json(FILE *out, const struct schema_type *root)
{
	struct walk w = {.count = 0};

	walk_types(&w, root);
	fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
	      "  \"$comment\": \"SPDX-License-Identifier: Apache-2.0; written by 'bulkhead schema'\",\n",
	      out);
	/* No title: editors would put it above every help text. */
	fprintf(out, "  \"$ref\": \"#/definitions/%s\",\n", root->id);
	fputs("  \"definitions\": {", out);
	for (size_t i = 0; i < w.count; i++) {
		fprintf(out, "%s\n    \"%s\": {\n      ", i == 0 ? "" : ",", w.types[i]->id);
		json_type(out, &w, w.types[i]);
		fputs("\n    }", out);
	}
	fputs("\n  }\n}\n", out);
}
