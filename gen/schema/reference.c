/* SPDX-License-Identifier: Apache-2.0 */
/* The schema as a page for people. */
#include <string.h>

#include "schema/walk.h"

/* A table's cell: '|' would end it. */
static void cell_put(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		fprintf(out, *s == '|' ? "\\%c" : "%c", *s);
	}
}

static const char *need_text(const struct schema_key *k)
{
	switch (k->need) {
	case REQUIRED:
		return "required";
	case STATIC:
		return "required unless `firmware: acpi` and no `memory`";
	case EITHER:
		return "exactly one of these";
	case OPTIONAL:
		break;
	}
	return k->standard == NULL ? "" : k->standard;
}

static void object_print(FILE *out, const struct schema_type *t)
{
	fputs("| key | must be | when not given | meaning |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < t->count; i++) {
		const struct schema_key *k = &t->keys[i];

		fprintf(out, "| `%s` | ", k->name);
		cell_put(out, k->type->what);
		fputs(" | ", out);
		cell_put(out, need_text(k));
		fputs(" | ", out);
		cell_put(out, k->doc);
		fprintf(out, " Example: `%s: ", k->name);
		cell_put(out, k->example);
		fputs("` |\n", out);
	}
	fputc('\n', out);
	for (size_t i = 0; i < t->count; i++) {
		const struct schema_type *choice = t->keys[i].type;

		if (choice->kind == SCHEMA_ENUM && choice->count > 1) {
			fprintf(out, "`%s`:\n\n", t->keys[i].name);
			for (size_t j = 0; j < choice->count; j++) {
				fprintf(out, "- `%s`: %s\n", choice->choices[j].value, choice->choices[j].doc);
			}
			fputc('\n', out);
		}
	}
}

static void file_print(FILE *out, const struct schema_type *root)
{
	struct walk w = {.count = 0};

	walk_types(&w, root);
	fprintf(out, "## %s.yaml\n\n", root->noun);
	object_print(out, root);
	for (size_t i = 1; i < w.count; i++) {
		if (w.types[i]->kind == SCHEMA_OBJECT) {
			const char *noun = w.types[i]->noun;

			fprintf(out, "### %s %s\n\n", strchr("aeiouAEIOU", noun[0]) != NULL ? "An" : "A", noun);
			object_print(out, w.types[i]);
		}
	}
}

void schema_print_reference(FILE *out)
{
	fputs("<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
	      "<!-- Written by `bulkhead schema --out .`: edit schema/board.def and schema/system.def. -->\n"
	      "# What board.yaml and system.yaml may say\n\n"
	      "Numbers are `0`, decimal without leading zeros (`12`) or hexadecimal (`0x1f`); addresses and\n"
	      "sizes are bytes. Booleans are `true` and `false`. Everything that YAML programs read differently\n"
	      "(`yes`, `0755`, `1_000`, `1:30`, `1e3`, ...) is refused, and so are anchors, aliases, tags, merge\n"
	      "keys, duplicate keys and more than one document. Inside `[]` and `{}` a comma separates values:\n"
	      "`[\"arm,pl011\"]` needs the quotes. A name begins with a letter or `_` and holds letters, digits,\n"
	      "`_` and `-`.\n\n",
	      out);
	file_print(out, schema_board);
	file_print(out, schema_system);
}
