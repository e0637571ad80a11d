/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/stat.h>

#include "check/check.h"
#include "cli/cli.h"
#include "emit/emit.h"
#include "import/compare.h"
#include "schema/schema.h"
#include "util/arena.h"

enum file_kind {
	FILE_UNREADABLE,
	FILE_BOARD,
	FILE_PART,   /* a board's part, to be included */
	FILE_SYSTEM,
};

/* What a file is, by its keys. */
static enum file_kind tree_kind(const struct node *tree)
{
	if (tree == NULL) {
		return FILE_UNREADABLE;
	}
	if (schema_known_keys(schema_system, tree) > schema_known_keys(schema_board, tree)) {
		return FILE_SYSTEM;
	}
	return node_get(tree, "board") != NULL ? FILE_BOARD : FILE_PART;
}

/* The same of a path. Reads the file once more than needed: with a diag of its own, so
 * that nothing is reported twice. What can be read only once is none of these. */
static enum file_kind path_kind(const char *path)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct stat st;
	enum file_kind kind = FILE_UNREADABLE;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		kind = tree_kind(yaml_load(y, d, path));
	}
	yaml_close(y);
	diag_free(d);
	return kind;
}

static void check_print_ok(const struct options *o, const char *what, const struct model *m)
{
	if (o->format == DIAG_TEXT && m != NULL) {
		printf("%s: ok (CPUs: %zu, devices: %zu, IOMMUs: %zu, domains: %zu)\n", what, m->board.cpu_count,
		       m->board.device_count, m->board.iommu_count, m->domain_count);
	} else if (o->format == DIAG_TEXT) {
		printf("%s: ok\n", what);
	}
}

/* What the board says otherwise than --dtb. */
static void check_dtb(const struct options *o, struct diag *d, const struct model *m)
{
	struct arena *a;
	struct import im = {0};
	size_t len = 0;

	if (o->dtb == NULL) {
		return;
	}
	a = arena_new();
	const void *blob = cli_blob(a, d, o->dtb, &len);
	if (blob != NULL && import_read(&im, a, d, o->dtb, blob, len)) {
		compare_board(&im, d, m);
	}
	arena_free(a);
}

/* Checks a model that was loaded, and lets go of it. */
static void check_loaded(const struct options *o, struct diag *d, const char *what, struct model *m,
			 size_t errors)
{
	if (m != NULL && m->domain_count > 0) {
		check_config(d, m, &o->config);
		check_model(d, m);
		check_dtb(o, d, m);
		if (diag_errors(d) == errors) {
			check_restarts(d, m);
			check_payloads(d, m);
			cmd_try(d, m);
		}
	}
	if (m != NULL && diag_errors(d) == errors) {
		check_print_ok(o, what, m);
	}
	model_free(m);
}

static void check_file(const struct options *o, struct yaml *y, struct diag *d, const char *path)
{
	size_t errors = diag_errors(d);
	struct node *tree = yaml_load(y, d, path);
	bool whole = !yaml_has_gaps(y);
	enum file_kind kind = tree_kind(tree);
	struct model *m = NULL;

	if (tree == NULL) {
		return;
	}
	schema_validate(d, kind == FILE_SYSTEM ? schema_system : schema_board, tree, kind != FILE_PART && whole);
	if (kind == FILE_BOARD && whole) {
		m = model_build(d, tree, NULL, NULL);
		if (m != NULL) {
			check_dtb(o, d, m);
		}
	}
	if (diag_errors(d) == errors) {
		check_print_ok(o, path, m);
	}
	model_free(m);
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The board and the system among the files, when there is one of each and no more. */
static bool check_pair(const struct options *o, const char **board_path,
		       const char **system_path)
{
	if (o->arg_count != 2 || is_directory(o->args[0]) || is_directory(o->args[1])) {
		return false;
	}
	for (size_t i = 0; i < 2; i++) {
		if (path_kind(o->args[i]) == FILE_BOARD && path_kind(o->args[1 - i]) == FILE_SYSTEM) {
			*board_path = o->args[i];
			*system_path = o->args[1 - i];
			return true;
		}
	}
	return false;
}

enum status cli_check(const struct options *o)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	const char *board_path;
	const char *system_path;
	enum status status;

	if (o->arg_count == 0) {
		help_print(stderr, COMMAND_CHECK);
		diag_free(d);
		yaml_close(y);
		return STATUS_USAGE;
	}
	if (check_pair(o, &board_path, &system_path)) {
		check_loaded(o, d, board_path, model_load_files(y, d, board_path, system_path, &o->override),
			     0);
	} else {
		for (size_t i = 0; i < o->arg_count; i++) {
			size_t errors = diag_errors(d);

			if (is_directory(o->args[i])) {
				check_loaded(o, d, o->args[i],
					     model_load(y, d, o->args[i], o->system, &o->override), errors);
			} else {
				check_file(o, y, d, o->args[i]);
			}
		}
	}
	status = cli_finish(o, d);
	yaml_close(y);
	diag_free(d);
	return status;
}
