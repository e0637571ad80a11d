// SPDX-License-Identifier: Apache-2.0
// sources: gen/yaml/*.c gen/schema/*.c gen/model/*.c gen/check/*.c gen/diag/*.c gen/util/*.c
// sources: gen/plan/*.c gen/emit/*.c hv/mm/stage2.c
/*
 * Any bytes as YAML, as far as the plan and the device trees. The input is a board and a system with a
 * line "%%%%" between them; without that line it is a board beside a fixed system.
 * Nothing may crash, leak, run for long, or be refused without a message.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "emit/emit.h"
#include "model/model.h"
#include "schema/schema.h"

static const char fixed[] = "domains:\n"
			    "  dom0: {role: hardware, cpus: all, memory: all-others, devices: all-others}\n";
static const char divider[] = "\n%%%%\n";

static struct node *read_tree(struct yaml *y, struct diag *d, const struct schema_type *type,
			      const char *name, const char *text, size_t len)
{
	struct node *tree = yaml_parse(y, d, name, text, len);

	if (tree == NULL && diag_errors(d) == 0) {
		abort();
	}
	if (tree == NULL || tree->kind != NODE_MAPPING) {
		return NULL;
	}
	schema_validate(d, type, tree, true);
	return tree;
}

static void print_all(const struct diag *d)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL) {
		abort();
	}
	diag_print(d, out, DIAG_TEXT);
	diag_print(d, out, DIAG_JSON);
	fclose(out);
	/* What could drive a terminal must not come through. */
	if (memchr(text, '\x1b', len) != NULL || memchr(text, '\0', len) != NULL) {
		abort();
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *cut = memmem(text, size, divider, sizeof(divider) - 1);
	size_t board_len = cut == NULL ? size : (size_t)(cut - text) + 1;
	const char *system = cut == NULL ? fixed : cut + sizeof(divider) - 1;
	size_t system_len = cut == NULL ? sizeof(fixed) - 1 : size - (size_t)(system - text);
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct node *board_tree = read_tree(y, d, schema_board, "board.yaml", text, board_len);
	struct node *system_tree = read_tree(y, d, schema_system, "system.yaml", system, system_len);
	struct model *m = NULL;

	if (board_tree != NULL && system_tree != NULL) {
		m = model_build(d, board_tree, system_tree, NULL);
	}
	if (m != NULL && diag_errors(d) == 0) {
		check_model(d, m);
	}
	if (m != NULL && m->domain_count > 0 && diag_errors(d) == 0) {
		cmd_try(d, m);
	}
	model_free(m);
	print_all(d);
	yaml_close(y);
	diag_free(d);
	return 0;
}
