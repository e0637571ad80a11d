// SPDX-License-Identifier: Apache-2.0
// sources: gen/import/*.c gen/yaml/*.c gen/schema/*.c gen/model/*.c gen/check/*.c gen/diag/*.c gen/util/*.c
// sources: gen/plan/*.c gen/emit/*.c hv/mm/stage2.c hv/firmware/acpi/*.c
/*
 * Any bytes as a device tree blob. Nothing may crash, leak or run for long; what is refused is
 * refused with a message; and what is written is YAML that keeps to the schema and whose names
 * are somebody's. Whether such a machine can be is for the checks to say: they run as well, and
 * so does the comparison of a board with its tree.
 */
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "emit/emit.h"
#include "import/compare.h"
#include "schema/schema.h"

static struct node *tree_of(struct yaml *y, struct diag *d, const struct schema_type *type, const char *name,
			    const char *text, size_t len)
{
	struct node *tree = yaml_parse(y, d, name, text, len);

	if (tree != NULL) {
		schema_validate(d, type, tree, true);
	}
	return tree;
}

static void must_be_good(const struct diag *d, const char *text, size_t len)
{
	if (diag_errors(d) != 0) {
		fwrite(text, 1, len, stderr);
		diag_print(d, stderr, DIAG_TEXT);
		abort();
	}
}

static void written_check(struct import *im)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	char *b_text = NULL, *s_text = NULL;
	size_t b_len = 0, s_len = 0;
	FILE *out = open_memstream(&b_text, &b_len);

	board_write(im, out);
	fclose(out);
	out = open_memstream(&s_text, &s_len);
	system_write(im, out);
	fclose(out);
	/* A file of more than 16 MiB is not read. */
	if (b_len < YAML_BYTES_MAX) {
		struct node *b = tree_of(y, d, schema_board, "board.yaml", b_text, b_len);
		struct node *s = tree_of(y, d, schema_system, "system.yaml", s_text, s_len);
		must_be_good(d, b_text, b_len);
		struct model *m = model_build(d, b, s, NULL);
		must_be_good(d, b_text, b_len);
		compare_board(im, d, m);
		check_model(d, m);
		if (diag_errors(d) == 0) {
			cmd_try(d, m);
		}
		model_free(m);
	}
	yaml_close(y);
	diag_free(d);
	free(b_text);
	free(s_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct diag *d = diag_new();
	struct import im = {0};
	/* libfdt asks for an alignment of 8; a copy of just the size shows what is read past it. */
	void *blob = malloc(size == 0 ? 1 : size);

	if (blob == NULL) {
		abort();
	}
	memcpy(blob, data, size);
	if (import_read(&im, a, d, "fuzz.dtb", blob, size)) {
		if (diag_errors(d) != 0) {
			abort();
		}
		written_check(&im);
	} else if (diag_errors(d) == 0) {
		abort();
	}
	free(blob);
	diag_free(d);
	arena_free(a);
	return 0;
}
