// SPDX-License-Identifier: Apache-2.0
/*
 * bulkhead-verify: proves of a finished image what the design promises, trusting
 * neither the generator nor the hypervisor. Exit status: 0 all properties hold,
 * 1 one does not, 2 wrong usage or something cannot be read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subject.h"

#define FILE_MAX (UINT64_C(1) << 30)

struct options {
	const char *elf;
	const char *dir;
	const char *system;
	char name[256]; /* `system` without what files are called by */
	const char *image;
	const char *output;
	const char *page;
	uint64_t cpus;
	bool json;
};

static void main_usage(FILE *out)
{
	fputs("usage: bulkhead-verify hv.elf BOARD_DIR [--system NAME] [--cpus N] [--image hv.img]\n"
	      "       [--format=text|json] [-o verify.json] [--page FILE]\n",
	      out);
}

static void main_help(void)
{
	main_usage(stdout);
	fputs("\nProves of a finished image what the board's YAML promises, trusting neither the generator\n"
	      "nor the hypervisor. docs/verify.md says what holds.\n\n"
	      "  hv.elf            the linked image\n"
	      "  BOARD_DIR         the folder with board.yaml and system.yaml\n"
	      "  --system NAME     takes NAME.yaml in place of system.yaml; NAME.yaml does as well\n"
	      "  --cpus N          the machine has only the first N CPUs of board.yaml\n"
	      "  --image hv.img    compares what is loaded with the ELF as well\n"
	      "  --format=json     for programs, in place of text\n"
	      "  -o FILE           writes the result as JSON as well\n"
	      "  --page FILE       and as text\n\n"
	      "Exit status: 0 all holds, 1 a property fails, 2 wrong usage or something cannot be read.\n",
	      stdout);
}

/* The value of option `name`, as "--name VALUE" or "--name=VALUE"; NULL: it is
 * another option, or has no value. */
static const char *main_value(char **argv, int argc, int *i, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(argv[*i], name, length) != 0) {
		return NULL;
	}
	if (argv[*i][length] == '=' && argv[*i][1] == '-') {
		return argv[*i] + length + 1;
	}
	if (argv[*i][length] == 0 && *i + 1 < argc) {
		*i += 1;
		return argv[*i];
	}
	return NULL;
}

static bool main_read_cpus(const char *text, uint64_t *cpus)
{
	char *end;

	*cpus = strtoull(text, &end, 10);
	return text[0] >= '1' && text[0] <= '9' && *end == 0;
}

/* The file's own name does as well. */
static void main_read_system(struct options *o, const char *text)
{
	size_t length = strlen(text);

	if (length > 5 && strcmp(text + length - 5, ".yaml") == 0 && length - 5 < sizeof(o->name)) {
		memcpy(o->name, text, length - 5);
		o->name[length - 5] = 0;
		text = o->name;
	}
	o->system = text;
}

static bool main_option(struct options *o, char **argv, int argc, int *i)
{
	const char *value;

	if ((value = main_value(argv, argc, i, "--system")) != NULL) {
		main_read_system(o, value);
	} else if ((value = main_value(argv, argc, i, "--cpus")) != NULL) {
		return main_read_cpus(value, &o->cpus);
	} else if ((value = main_value(argv, argc, i, "--image")) != NULL) {
		o->image = value;
	} else if ((value = main_value(argv, argc, i, "--page")) != NULL) {
		o->page = value;
	} else if ((value = main_value(argv, argc, i, "-o")) != NULL) {
		o->output = value;
	} else if ((value = main_value(argv, argc, i, "--format")) != NULL) {
		o->json = strcmp(value, "json") == 0;
		return o->json || strcmp(value, "text") == 0;
	} else {
		return false;
	}
	return true;
}

static bool main_parse(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-') {
			if (!main_option(o, argv, argc, &i)) {
				return false;
			}
		} else if (o->elf == NULL) {
			o->elf = argv[i];
		} else if (o->dir == NULL) {
			o->dir = argv[i];
		} else {
			return false;
		}
	}
	return o->elf != NULL && o->dir != NULL;
}

static uint8_t *main_read_file(struct mem *m, const char *path, uint64_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	long length = -1;

	if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
		length = ftell(file);
	}
	if (length >= 0 && (uint64_t)length <= FILE_MAX && fseek(file, 0, SEEK_SET) == 0) {
		bytes = mem_alloc(m, (size_t)length, 1);
		*size = fread(bytes, 1, (size_t)length, file);
	}
	if (bytes == NULL || *size != (uint64_t)length) {
		fprintf(stderr, "bulkhead-verify: %s cannot be read: %s\n", path,
			errno != 0 ? strerror(errno) : "not a file of at most 1 GiB");
		bytes = NULL;
	}
	if (file != NULL) {
		fclose(file);
	}
	return bytes;
}

static bool main_write(const struct report *r, const char *path, const char *what, bool json)
{
	FILE *out = fopen(path, "w");
	bool good = out != NULL;

	if (good) {
		if (json) {
			report_print_json(r, out, what);
		} else {
			report_print_text(r, out, what);
		}
		good = ferror(out) == 0;
		good = fclose(out) == 0 && good;
	}
	if (!good) {
		fprintf(stderr, "bulkhead-verify: %s cannot be written: %s\n", path, strerror(errno));
	}
	return good;
}

static bool main_verify(const struct options *o, struct mem *m, struct report *r)
{
	struct subject *s = mem_alloc(m, 1, sizeof(*s));
	struct board *b = mem_alloc(m, 1, sizeof(*b));
	struct elf *e = mem_alloc(m, 1, sizeof(*e));
	char error[ELF_ERROR_MAX] = "";
	const uint8_t *bytes;
	uint64_t size = 0;

	if (!board_read(b, m, o->dir, o->system, o->cpus)) {
		fprintf(stderr, "%s:%" PRIu32 ":%" PRIu32 ": %s\n",
			b->error.at.file != NULL ? b->error.at.file : o->dir, b->error.at.line,
			b->error.at.col, b->error.text != NULL ? b->error.text : "not readable");
		return false;
	}
	bytes = main_read_file(m, o->elf, &size);
	if (bytes == NULL) {
		return false;
	}
	if (!elf_open(e, bytes, size, error) || !subject_verify(s, m, e, b, r, error)) {
		fprintf(stderr, "bulkhead-verify: %s: %s\n", o->elf, error);
		return false;
	}
	if (o->image != NULL) {
		bytes = main_read_file(m, o->image, &size);
		if (bytes == NULL) {
			return false;
		}
		prove_packed(s, bytes, size);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options o = {.system = "system"};
	struct mem m = {NULL};
	struct report *r;
	int status = 2;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		main_help();
		return 0;
	}
	if (!main_parse(&o, argc, argv)) {
		main_usage(stderr);
		return 2;
	}
	r = mem_alloc(&m, 1, sizeof(*r));
	report_init(r, &m);
	if (main_verify(&o, &m, r)) {
		if (o.json) {
			report_print_json(r, stdout, o.elf);
		} else {
			report_print_text(r, stdout, o.elf);
		}
		status = report_holds(r) ? 0 : 1;
		if ((o.output != NULL && !main_write(r, o.output, o.elf, true)) ||
		    (o.page != NULL && !main_write(r, o.page, o.elf, false))) {
			status = 2;
		}
	}
	mem_free(&m);
	return status;
}
