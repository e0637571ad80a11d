// SPDX-License-Identifier: Apache-2.0
/* import: a device tree blob, or ACPI tables, to a board's folder, which is then checked like any
 * other. */
#include "import/tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/check.h"
#include "cli/cli.h"
#include "emit/emit.h"
#include "util/dirs.h"

enum output {
	OUTPUT_BOARD,
	OUTPUT_SYSTEM,
	OUTPUT_DEFCONFIG,
	OUTPUT_COUNT,
};

static const char *const outputs[] = {
	[OUTPUT_BOARD] = "board.yaml", [OUTPUT_SYSTEM] = "system.yaml", [OUTPUT_DEFCONFIG] = "defconfig"};

void *cli_blob(struct arena *a, struct diag *d, const char *path, size_t *len)
{
	struct pos at = {.file = path};
	struct stat st = {0};
	bool odd = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
	FILE *in = odd ? NULL : fopen(path, "rb");
	void *blob;

	if (in == NULL) {
		struct diag_msg *m = diag_error(d, 100, at, "the file cannot be read");

		diag_label(m, "%s", odd ? "not a regular file" : strerror(errno));
		diag_help(m, "name the machine's device tree blob (*.dtb); a Linux that runs there has it as "
			  "/sys/firmware/fdt");
		return NULL;
	}
	size_t room = st.st_size > TREE_BYTES_MAX ? TREE_BYTES_MAX + 1 : (size_t)st.st_size;
	blob = arena_alloc(a, room + 1);
	*len = fread(blob, 1, room, in);
	fclose(in);
	return blob;
}

/* A file that is there may be somebody's work. */
static bool outputs_free(struct arena *a, struct diag *d, const char *dir)
{
	for (unsigned int i = 0; i < OUTPUT_COUNT; i++) {
		const char *path = arena_format(a, "%s/%s", dir, outputs[i]);
		struct stat st;

		if (lstat(path, &st) == 0) {
			struct diag_msg *m = diag_error(d, 706, (struct pos){.file = path}, "the file is there already");

			diag_help(m, "name another folder behind -o, or move the file away");
			return false;
		}
	}
	return true;
}

static bool output_write(struct import *im, const char *dir, enum output which)
{
	const char *path = arena_format(im->a, "%s/%s", dir, outputs[which]);
	FILE *out;

	dirs_make(path);
	out = fopen(path, "wx");
	if (out != NULL) {
		fputs("# SPDX-License-Identifier: Apache-2.0\n", out);
		switch (which) {
		case OUTPUT_BOARD:
			board_write(im, out);
			break;
		case OUTPUT_SYSTEM:
			system_write(im, out);
			break;
		default:
			defconfig_write(im, out);
			break;
		}
	}
	return diag_close(im->d, out, path);
}

/* What was written is a board like any other: whatever the checks have to say of it is said. */
static void written_check(const struct options *o, struct yaml *y, struct diag *d)
{
	struct model *m = model_load(y, d, o->out, NULL, NULL);

	if (m != NULL) {
		check_model(d, m);
	}
	if (m != NULL && diag_errors(d) == 0) {
		cmd_try(d, m);
	}
	model_free(m);
}

static void import_print(const struct options *o, const struct import *im,
			 const size_t decisions[OUTPUT_COUNT])
{
	size_t links = 0, off = 0;

	for (size_t i = 0; i < im->device_count; i++) {
		links += im->devices[i].link_count;
		off += im->devices[i].enabled ? 0 : 1;
	}
	if (o->format == DIAG_TEXT) {
		printf("%s/board.yaml: written (CPUs: %zu, devices: %zu, %zu of them disabled, IOMMUs: %zu with %zu links, "
		       "to decide: %zu)\n", o->out, im->cpu_count, im->device_count, off, im->iommu_count, links,
		       decisions[OUTPUT_BOARD]);
		printf("%s/system.yaml: written (domains: 1, to decide: %zu)\n", o->out, decisions[OUTPUT_SYSTEM]);
	}
}

/* What is wrong with where the machine's description is to come from; NULL: nothing. */
static const char *source_wrong(const struct options *o)
{
	if (o->arg_count + (o->acpi != NULL) == 1) {
		return NULL;
	}
	return o->acpi != NULL ? "either a device tree blob or --acpi is expected, not both"
			       : "one device tree blob is expected, or --acpi with a folder";
}

static bool source_read(struct import *im, struct arena *a, struct diag *d, const struct options *o)
{
	const struct i_table *list;
	size_t count = 0;

	if (o->acpi != NULL) {
		return cli_tables(a, d, o->acpi, &list, &count) && import_tables(im, a, d, o->acpi, list, count);
	}
	const void *blob = cli_blob(a, d, o->args[0], &count);
	return blob != NULL && import_read(im, a, d, o->args[0], blob, count);
}

enum status cli_import(const struct options *o)
{
	struct diag *d;
	struct yaml *y;
	struct arena *a;
	struct import im = {.memory = o->memory, .memory_count = o->memory_count};
	size_t decisions[OUTPUT_COUNT] = {0};
	enum status status;

	if (!cli_usage(o, source_wrong(o))) {
		return STATUS_USAGE;
	}
	d = diag_new();
	y = yaml_open();
	a = arena_new();
	if (source_read(&im, a, d, o) && outputs_free(a, d, o->out)) {
		bool good = true;
		for (unsigned int i = 0; i < OUTPUT_COUNT && good; i++) {
			im.decisions = 0;
			good = output_write(&im, o->out, (enum output)i);
			decisions[i] = im.decisions;
		}
		if (good) {
			written_check(o, y, d);
			import_print(o, &im, decisions);
		}
	}
	status = cli_finish(o, d);
	arena_free(a);
	yaml_close(y);
	diag_free(d);
	return status;
}
