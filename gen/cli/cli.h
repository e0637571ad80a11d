/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what is asked for, and the commands that gen/main.c chooses from. */
#ifndef GEN_CLI_CLI_H
#define GEN_CLI_CLI_H

#include "check/config.h"
#include "diag/diag.h"
#include "import/import.h"
#include "model/model.h"

/* Exit status: others script it. */
enum status {
	STATUS_OK = 0,
	STATUS_INPUT = 1, /* errors in the input; they were printed */
	STATUS_USAGE = 2,
};

enum command {
	COMMAND_CHECK,
	COMMAND_GEN,
	COMMAND_IMAGE,
	COMMAND_REPORT,
	COMMAND_IMPORT,
	COMMAND_EXPLAIN,
	COMMAND_SCHEMA,
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMAND_COUNT,
};

struct options {
	enum command command;
	char *system;              /* owned; NULL: "system" */
	const char *out;           /* NULL: not given */
	const char *elf;
	const char *dtb;           /* --dtb */
	const char *acpi;          /* --acpi: a folder */
	struct i_range *memory;    /* owned: --memory */
	size_t memory_count;
	const char *verify;        /* NULL: the one beside `out` */
	enum diag_format format;
	struct config config;      /* --config, --defconfig */
	struct model_override override;
	struct model_set *sets;    /* owned; override.sets points here */
	const char **args;         /* owned: what is no option */
	size_t arg_count;
	bool all;                  /* messages show lists in full */
	bool help;                 /* --help behind a command */
};

/* False after saying on stderr what is wrong: STATUS_USAGE. The strings are argv's
 * or live as long as the program. */
bool options_read(struct options *o, int argc, char **argv);
void options_free(struct options *o);

/* The general page, or a command's. */
void help_print(FILE *out, enum command command);
/* Name of a command, and COMMAND_COUNT for a word that is none. */
const char *command_name(enum command command);
enum command command_find(const char *word);

enum status cli_check(const struct options *o);
enum status cli_build(const struct options *o); /* gen and image */
enum status cli_report(const struct options *o);
enum status cli_import(const struct options *o);
enum status cli_explain(const struct options *o);
enum status cli_schema(const struct options *o);
enum status cli_help(const struct options *o);

/* The commands that write something: false, after saying so, if there is something `wrong` with
 * what they are to read, or no word of where to write it. */
bool cli_usage(const struct options *o, const char *wrong);
/* What is wrong with the one board directory that they read; NULL: nothing. */
const char *cli_board_wrong(const struct options *o);

/* A device tree blob as a whole, NULL after reporting. What is longer than one may be is cut behind that. */
struct arena;
void *cli_blob(struct arena *a, struct diag *d, const char *path, size_t *len);

/* The tables among the files of a folder, by name; false after reporting. */
struct i_table;
bool cli_tables(struct arena *a, struct diag *d, const char *dir, const struct i_table **list, size_t *count);

/* Prints the messages where they belong (text: stderr, JSON: stdout) and returns
 * the status that follows from them. */
enum status cli_finish(const struct options *o, struct diag *d);

#endif
