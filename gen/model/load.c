/* SPDX-License-Identifier: Apache-2.0 */
/* Files to model. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/model.h"
#include "schema/schema.h"
#include "util/arena.h"

#define SYSTEMS_MAX 64 /* system files that a help line names */

struct model *model_load_files(struct yaml *y, struct diag *d, const char *board_path,
			       const char *system_path, const struct model_override *o)
{
	size_t errors = diag_errors(d);
	struct node *board = yaml_load(y, d, board_path);
	bool board_whole = !yaml_has_gaps(y);
	struct node *system = system_path == NULL ? NULL : yaml_load(y, d, system_path);
	bool system_whole = system_path == NULL || !yaml_has_gaps(y);
	struct model *m = NULL;

	if (board != NULL) {
		schema_validate(d, schema_board, board, board_whole);
	}
	if (system != NULL) {
		schema_validate(d, schema_system, system, system_whole);
	}
	/* Names are looked up even when the schema had something to say: one run
	 * shows all. */
	if (board_whole && system_whole && board != NULL && (system != NULL || system_path == NULL)) {
		m = model_build(d, board, system, o);
	}
	if (diag_errors(d) != errors) {
		model_free(m);
		return NULL;
	}
	return m;
}

static int load_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names, without .yaml, of the directory's files that may be systems. */
static size_t load_systems(struct arena *a, const char *dir, const char **names)
{
	DIR *handle = opendir(dir);
	const struct dirent *e;
	size_t count = 0;

	while (handle != NULL && count < SYSTEMS_MAX && (e = readdir(handle)) != NULL) {
		size_t len = strlen(e->d_name);

		if (len > 5 && strcmp(e->d_name + len - 5, ".yaml") == 0 && strcmp(e->d_name, "board.yaml") != 0) {
			names[count++] = arena_copy(a, e->d_name, len - 5);
		}
	}
	if (handle != NULL) {
		closedir(handle);
	}
	qsort(names, count, sizeof(*names), load_compare);
	return count;
}

static void load_report_system(struct diag *d, struct arena *a, const char *dir, const char *system,
			       const char *path)
{
	struct diag_msg *m = diag_error(d, 100, (struct pos){.file = path}, "cannot be read: %s", strerror(errno));
	const char *names[SYSTEMS_MAX];
	size_t count = load_systems(a, dir, names);
	const char *near = diag_suggest_among(system, names, count);
	const char *list = "";

	for (size_t i = 0; i < count; i++) {
		list = arena_format(a, "%s%s%s", list, i == 0 ? "" : ", ", names[i]);
	}
	if (count > 0) {
		diag_help(m, "%s%s%s--system takes one of: %s", near == NULL ? "" : "did you mean '",
			  near == NULL ? "" : near, near == NULL ? "" : "'? ", list);
	}
}

struct model *model_load(struct yaml *y, struct diag *d, const char *dir, const char *system,
			 const struct model_override *o)
{
	size_t len = strlen(dir);
	const char *slash = len > 0 && dir[len - 1] == '/' ? "" : "/";
	struct arena *a = arena_new();
	const char *name = system == NULL ? "system" : system;
	const char *board_path = arena_format(a, "%s%sboard.yaml", dir, slash);
	const char *system_path = arena_format(a, "%s%s%s.yaml", dir, slash, name);
	struct model *m = NULL;
	struct stat st;
	bool found = stat(dir, &st) == 0;

	if (!found || !S_ISDIR(st.st_mode)) {
		diag_error(d, 100, (struct pos){.file = dir}, "%s%s", found ? "is no directory" : "cannot be read: ",
			   found ? "" : strerror(errno));
	} else if (strchr(name, '/') != NULL) {
		diag_error(d, 100, (struct pos){.file = "--system"}, "'%s' is no name: it holds a '/'", name);
	} else if (stat(system_path, &st) != 0) {
		load_report_system(d, a, dir, name, system_path);
		m = model_load_files(y, d, board_path, NULL, NULL);
		model_free(m);
		m = NULL;
	} else {
		m = model_load_files(y, d, board_path, system_path, o);
	}
	arena_free(a);
	return m;
}
