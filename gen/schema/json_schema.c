/* SPDX-License-Identifier: Apache-2.0 */
/* The schema as JSON Schema, draft 7: what editors know today. */
#include <inttypes.h>

#include "schema/walk.h"

#define EXACT_MAX (UINT64_C(1) << 53) /* larger integers are not exact in editors */
#define NAME_PATTERN "^[A-Za-z_][A-Za-z0-9_-]{0,62}$"
#define PROPERTY_PATTERN "^[A-Za-z0-9,._+?#*-]{1,63}$"

static void json_text(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\') {
			fputc('\\', out);
		}
		fputc(*s, out);
	}
	fputc('"', out);
}

static void json_ref(FILE *out, const struct schema_type *t)
{
	fprintf(out, "{\"$ref\": \"#/definitions/%s\"}", t->id);
}

static void json_integer(FILE *out, const struct schema_type *t)
{
	if (t->count > 0) {
		fputs("\"enum\": [", out);
		for (size_t i = 0; i < t->count; i++) {
			fprintf(out, "%s%s", i == 0 ? "" : ", ", t->choices[i].value);
		}
		fputs("]", out);
		return;
	}
	fprintf(out, "\"type\": \"integer\", \"minimum\": %" PRIu64, t->min);
	if (t->max <= EXACT_MAX) {
		fprintf(out, ", \"maximum\": %" PRIu64, t->max);
	}
	if (t->align > 1) {
		fprintf(out, ", \"multipleOf\": %" PRIu64, t->align);
	}
}

static void json_enum(FILE *out, const struct schema_type *t)
{
	fputs("\"oneOf\": [", out);
	for (size_t i = 0; i < t->count; i++) {
		fprintf(out, "%s\n        {\"const\": ", i == 0 ? "" : ",");
		json_text(out, t->choices[i].value);
		fputs(", \"description\": ", out);
		json_text(out, t->choices[i].doc);
		fputc('}', out);
	}
	fputs("\n      ]", out);
}

static void json_key(FILE *out, const struct schema_key *k)
{
	fputs("\n        ", out);
	json_text(out, k->name);
	fputs(": {\"allOf\": [", out);
	json_ref(out, k->type);
	fputs("], \"description\": \"", out);
	/* The three parts make one string. */
	for (const char *s = k->doc; *s != '\0'; s++) {
		fprintf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	}
	fprintf(out, " It must be ");
	for (const char *s = k->type->what; *s != '\0'; s++) {
		fprintf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	}
	fputc('.', out);
	if (k->standard != NULL) {
		fprintf(out, " Not given: %s.", k->standard);
	}
	fputs("\"}", out);
}

/* "required" and "oneOf" where one file says all. */
static void json_needs(FILE *out, const struct schema_type *t)
{
	const char *comma = "";

	fputs(",\n      \"required\": [", out);
	for (size_t i = 0; i < t->count; i++) {
		if (t->keys[i].need == REQUIRED) {
			fputs(comma, out);
			json_text(out, t->keys[i].name);
			comma = ", ";
		}
	}
	fputc(']', out);
	comma = ",\n      \"oneOf\": [";
	for (size_t i = 0; i < t->count; i++) {
		if (t->keys[i].need == EITHER) {
			fprintf(out, "%s{\"required\": [\"%s\"]}", comma, t->keys[i].name);
			comma = ", ";
		}
	}
	fputs(comma[1] == ' ' ? "]" : "", out);
}

static void json_object(FILE *out, const struct walk *w, const struct schema_type *t)
{
	fputs("\"type\": \"object\", \"additionalProperties\": false,\n      \"properties\": {", out);
	for (size_t i = 0; i < t->count; i++) {
		fputs(i == 0 ? "" : ",", out);
		json_key(out, &t->keys[i]);
	}
	fputs("\n      }", out);
	if (walk_is_listed(w, t)) {
		json_needs(out, t);
	}
}

static void json_type(FILE *out, const struct walk *w, const struct schema_type *t)
{
	switch (t->kind) {
	case SCHEMA_TEXT:
		fputs("\"type\": \"string\", \"minLength\": 1", out);
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
		json_enum(out, t);
		break;
	case SCHEMA_RANGE:
		fputs("\"type\": \"array\", \"items\": [{\"type\": \"integer\", \"minimum\": 0}, "
		      "{\"type\": \"integer\", \"minimum\": 1}],\n"
		      "      \"minItems\": 2, \"maxItems\": 2",
		      out);
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
		if (t->min > 0) {
			fprintf(out, "\"minProperties\": %" PRIu64 ", ", t->min);
		}
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
	fprintf(out, "  \"title\": \"%s.yaml\",\n  \"$ref\": \"#/definitions/%s\",\n", root->noun, root->id);
	fputs("  \"definitions\": {", out);
	for (size_t i = 0; i < w.count; i++) {
		fprintf(out, "%s\n    \"%s\": {\n      ", i == 0 ? "" : ",", w.types[i]->id);
		json_type(out, &w, w.types[i]);
		fputs("\n    }", out);
	}
	fputs("\n  }\n}\n", out);
}
