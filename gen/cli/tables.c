// SPDX-License-Identifier: Apache-2.0
/* The ACPI tables in a folder: of all its files those that begin as one that is read does. */
#include "import/tables.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"

#define SIGNATURE 4u
#define BEGINNING 8u /* and the length */

/* What acpidump says as a text begins "APIC @ 0x0": 800 MB, were it a table. */
static bool is_table(const char *path)
{
	char begins[BEGINNING] = "";
	struct stat st;
	FILE *in = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;
	bool good = in != NULL && fread(begins, 1, BEGINNING, in) >= SIGNATURE && tables_want(begins) &&
		    memcmp(begins + SIGNATURE, " @ ", 3) != 0;

	if (in != NULL) {
		fclose(in);
	}
	return good;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(((const struct i_table *)a)->path, ((const struct i_table *)b)->path);
}

bool cli_tables(struct arena *a, struct diag *d, const char *dir, const struct i_table **list, size_t *count)
{
	struct i_table *tables = arena_array(a, TABLES_FILES_MAX, sizeof(*tables));
	DIR *folder = opendir(dir);
	bool good = folder != NULL;

	*count = 0;
	*list = tables;
	if (folder == NULL) {
		struct diag_msg *m = diag_error(d, 100, (struct pos){.file = dir}, "the folder cannot be read");

		diag_label(m, "%s", strerror(errno));
		return false;
	}
	for (const struct dirent *e = readdir(folder); e != NULL && *count < TABLES_FILES_MAX; e = readdir(folder)) {
		const char *path = arena_format(a, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", e->d_name);

		if (is_table(path)) {
			tables[(*count)++].path = path;
		}
	}
	closedir(folder);
	qsort(tables, *count, sizeof(*tables), name_compare);
	for (size_t i = 0; i < *count && good; i++) {
		tables[i].bytes = cli_blob(a, d, tables[i].path, &tables[i].size);
		good = tables[i].bytes != NULL;
	}
	return good;
}
