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

/* The first bytes of a regular file; false after reporting that they cannot be read: it may be
 * a table, without which the board would be another. */
static bool file_begins(struct diag *d, const char *path, char begins[BEGINNING], size_t *len)
{
	struct stat st;
	FILE *in;
	bool good;

	*len = 0;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		return true;
	}
	in = fopen(path, "rb");
	if (in != NULL) {
		*len = fread(begins, 1, BEGINNING, in);
	}
	good = in != NULL && ferror(in) == 0;
	if (!good) {
		struct diag_msg *m = diag_error(d, 100, (struct pos){.file = path}, "the file cannot be read");

		diag_label(m, "%s", strerror(errno));
		diag_help(m, "tables of a Linux that runs are root's to read: copy them as root");
	}
	if (in != NULL) {
		fclose(in);
	}
	return good;
}

/* What acpidump says as a text begins "APIC @ 0x0": 800 MB, were it a table. */
static bool is_table(const char *begins, size_t len)
{
	return len >= SIGNATURE && tables_want(begins) && memcmp(begins + SIGNATURE, " @ ", 3) != 0;
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
	for (const struct dirent *e = readdir(folder); good && e != NULL && *count < TABLES_FILES_MAX;
	     e = readdir(folder)) {
		const char *path = arena_format(a, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", e->d_name);
		char begins[BEGINNING] = "";
		size_t len;

		good = file_begins(d, path, begins, &len);
		if (good && is_table(begins, len)) {
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
