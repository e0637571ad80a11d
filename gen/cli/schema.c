/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/schema.h"

#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "util/arena.h"
#include "util/dirs.h"

enum page {
	PAGE_BOARD,
	PAGE_SYSTEM,
	PAGE_REFERENCE,
};

static const char *const paths[] = {
	[PAGE_BOARD] = "schema/board.schema.json",
	[PAGE_SYSTEM] = "schema/system.schema.json",
	[PAGE_REFERENCE] = "docs/reference.md",
};

static bool schema_write(struct arena *a, const char *dir, enum page page)
{
	char *path = arena_format(a, "%s/%s", dir, paths[page]);
	bool good;
	FILE *out;

	dirs_make(path);
	out = fopen(path, "w");
	if (out == NULL) {
		fprintf(stderr, "bulkhead: %s: %s\n", path, strerror(errno));
		return false;
	}
	switch (page) {
	case PAGE_BOARD:
		schema_print_json(out, schema_board);
		break;
	case PAGE_SYSTEM:
		schema_print_json(out, schema_system);
		break;
	case PAGE_REFERENCE:
		schema_print_reference(out);
		break;
	}
	good = ferror(out) == 0;
	good = fclose(out) == 0 && good;
	if (!good) {
		fprintf(stderr, "bulkhead: %s: cannot be written\n", path);
	}
	return good;
}

enum status cli_schema(const struct options *o)
{
	struct arena *a;
	bool good = true;

	if (o->arg_count != 0 || o->out == NULL || o->out[0] == '\0') {
		help_print(stderr, COMMAND_SCHEMA);
		return STATUS_USAGE;
	}
	a = arena_new();
	for (unsigned int i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		good = schema_write(a, o->out, (enum page)i) && good;
	}
	arena_free(a);
	return good ? STATUS_OK : STATUS_INPUT;
}
