/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "util/arena.h"

enum option {
	OPTION_SYSTEM,
	OPTION_CPUS,
	OPTION_SET,
	OPTION_OUT,
	OPTION_ELF,
	OPTION_DTB,
	OPTION_ACPI,
	OPTION_MEMORY,
	OPTION_VERIFY,
	OPTION_CONFIG,
	OPTION_DEFCONFIG,
	OPTION_FORMAT,
	OPTION_ALL,
	OPTION_HELP,
};

#define FOR(command) (1u << COMMAND_##command)

struct option_def {
	const char *name;
	const char *letter;
	bool value;
	unsigned int commands; /* FOR() bits */
};

static const struct option_def defs[] = {
	[OPTION_SYSTEM] = {"--system", NULL, true, FOR(CHECK) | FOR(GEN) | FOR(IMAGE) | FOR(REPORT)},
	[OPTION_CPUS] = {"--cpus", NULL, true, FOR(CHECK) | FOR(GEN) | FOR(IMAGE) | FOR(REPORT)},
	[OPTION_SET] = {"--set", NULL, true, FOR(CHECK) | FOR(GEN) | FOR(IMAGE) | FOR(REPORT)},
	[OPTION_OUT] = {"--out", "-o", true, FOR(GEN) | FOR(IMAGE) | FOR(REPORT) | FOR(IMPORT) | FOR(SCHEMA)},
	[OPTION_VERIFY] = {"--verify", NULL, true, FOR(REPORT)},
	[OPTION_DTB] = {"--dtb", NULL, true, FOR(CHECK)},
	[OPTION_ACPI] = {"--acpi", NULL, true, FOR(IMPORT)},
	[OPTION_MEMORY] = {"--memory", NULL, true, FOR(IMPORT)},
	[OPTION_ELF] = {"--elf", NULL, true, FOR(IMAGE)},
	[OPTION_CONFIG] = {"--config", NULL, true, FOR(CHECK) | FOR(GEN)},
	[OPTION_DEFCONFIG] = {"--defconfig", NULL, true, FOR(CHECK) | FOR(GEN)},
	[OPTION_FORMAT] = {"--format", NULL, true, FOR(CHECK) | FOR(GEN) | FOR(IMAGE) | FOR(REPORT) | FOR(IMPORT)},
	[OPTION_ALL] = {"--all", NULL, false, FOR(CHECK) | FOR(GEN) | FOR(IMAGE) | FOR(REPORT) | FOR(IMPORT)},
	[OPTION_HELP] = {"--help", "-h", false, ~0u},
};

#define OPTION_COUNT (sizeof(defs) / sizeof(defs[0]))
#define CPUS_LIMIT 4096u

static bool usage(const char *fmt, const char *a, const char *b)
{
	fputs("bulkhead: ", stderr);
	/* Both texts are always given; a format may leave out the second. */
	fprintf(stderr, fmt, a, b);
	fputs("\n", stderr);
	return false;
}

static bool set_read(struct options *o, const char *text)
{
	static const char *const keys[] = {"kernel", "initrd", "cmdline", NULL};
	const char *equals = strchr(text, '=');
	const char *dot = equals == NULL ? NULL : memchr(text, '.', (size_t)(equals - text));
	struct model_set *set;
	char *copy;

	if (dot == NULL) {
		return usage("--set takes DOMAIN.KEY=VALUE, not '%s'%s", text, "");
	}
	/* Lives as long as the program: places in messages may name it. */
	copy = memory_resize(NULL, strlen(text) + 1, 1);
	strcpy(copy, text);
	copy[dot - text] = '\0';
	copy[equals - text] = '\0';
	o->sets = memory_resize(o->sets, o->override.set_count + 1, sizeof(*o->sets));
	set = &o->sets[o->override.set_count++];
	*set = (struct model_set){
		.domain = copy, .key = copy + (dot - text) + 1, .value = copy + (equals - text) + 1};
	o->override.sets = o->sets;
	for (size_t i = 0; keys[i] != NULL; i++) {
		if (strcmp(keys[i], set->key) == 0) {
			return true;
		}
	}
	return usage("--set takes kernel, initrd or cmdline, not '%s'%s", set->key, "");
}

static bool cpus_read(struct options *o, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n == 0 || n > CPUS_LIMIT) {
		return usage("--cpus takes a number from 1, not '%s'%s", text, "");
	}
	o->override.cpus = (uint32_t)n;
	return true;
}

/* A number as board.yaml has it, up to `end`; false: it is none. */
static bool number_read(const char *text, char end, uint64_t *value, const char **rest)
{
	bool hex = text[0] == '0' && text[1] == 'x';
	const char *digits = hex ? text + 2 : text;
	char *after;

	errno = 0;
	*value = strtoull(digits, &after, hex ? 16 : 10);
	*rest = after + 1;
	return isxdigit((unsigned char)digits[0]) && digits[1] != 'x' && digits[1] != 'X' && after > digits &&
	       errno == 0 && *after == end;
}

static bool memory_add(struct options *o, const char *text)
{
	struct i_range r;
	const char *size, *end;

	if (!number_read(text, ':', &r.base, &size) || !number_read(size, '\0', &r.size, &end) || r.size == 0 ||
	    r.base > UINT64_MAX - (r.size - 1)) {
		return usage("--memory takes BASE:SIZE, as 0x80000000:0x40000000, not '%s'%s", text, "");
	}
	o->memory = memory_resize(o->memory, o->memory_count + 1, sizeof(r));
	o->memory[o->memory_count++] = r;
	return true;
}

/* The file's own name does as well. */
static bool system_read(struct options *o, const char *text)
{
	const char *end = strrchr(text, '.');
	size_t length = end != NULL && strcmp(end, ".yaml") == 0 ? (size_t)(end - text) : strlen(text);

	free(o->system);
	o->system = strndup(text, length);
	return o->system != NULL;
}

static bool option_apply(struct options *o, enum option option, const char *value)
{
	switch (option) {
	case OPTION_SYSTEM:
		return system_read(o, value);
	case OPTION_CPUS:
		return cpus_read(o, value);
	case OPTION_SET:
		return set_read(o, value);
	case OPTION_OUT:
		o->out = value;
		return true;
	case OPTION_VERIFY:
		o->verify = value;
		return true;
	case OPTION_DTB:
		o->dtb = value;
		return true;
	case OPTION_ACPI:
		o->acpi = value;
		return true;
	case OPTION_MEMORY:
		return memory_add(o, value);
	case OPTION_ELF:
		o->elf = value;
		return true;
	case OPTION_CONFIG:
		o->config.path = value;
		return true;
	case OPTION_DEFCONFIG:
		o->config.defconfig = value[0] == '\0' ? NULL : value;
		return true;
	case OPTION_FORMAT:
		if (strcmp(value, "json") != 0 && strcmp(value, "text") != 0) {
			return usage("--format takes text or json, not '%s'%s", value, "");
		}
		o->format = value[0] == 'j' ? DIAG_JSON : DIAG_TEXT;
		return true;
	case OPTION_ALL:
		o->all = true;
		return true;
	case OPTION_HELP:
		o->help = true;
		return true;
	}
	return false;
}

/* The option an argument names, OPTION_COUNT: none. *value gets what stands behind '='. */
static size_t option_find(const char *arg, const char **value)
{
	const char *equals = strchr(arg, '=');
	size_t len = equals == NULL || strncmp(arg, "--", 2) != 0 ? strlen(arg) : (size_t)(equals - arg);

	*value = arg[len] == '=' ? arg + len + 1 : NULL;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if ((strncmp(defs[i].name, arg, len) == 0 && defs[i].name[len] == '\0') ||
		    (defs[i].letter != NULL && strcmp(defs[i].letter, arg) == 0)) {
			return i;
		}
	}
	return OPTION_COUNT;
}

static bool option_unknown(enum command command, const char *arg, size_t option)
{
	const char *names[OPTION_COUNT] = {NULL};
	const char *near;

	if (option != OPTION_COUNT) {
		return usage("'%s' takes no %s", command_name(command), defs[option].name);
	}
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		names[i] = (defs[i].commands & (1u << command)) != 0 ? defs[i].name : NULL;
	}
	near = diag_suggest_among(arg, names, OPTION_COUNT);
	return near == NULL ? usage("unknown option '%s'; see 'bulkhead help %s'", arg, command_name(command))
			    : usage("unknown option '%s'; did you mean '%s'?", arg, near);
}

/* Reads argv[*i] and, when it takes one, its value. */
static bool option_read(struct options *o, int argc, char **argv, int *i)
{
	const char *value;
	size_t option = option_find(argv[*i], &value);

	if (option == OPTION_COUNT || (defs[option].commands & (1u << o->command)) == 0) {
		return option_unknown(o->command, argv[*i], option);
	}
	if (!defs[option].value && value != NULL) {
		return usage("%s takes no value%s", defs[option].name, "");
	}
	if (defs[option].value && value == NULL) {
		if (*i + 1 == argc) {
			return usage("%s needs a value%s", argv[*i], "");
		}
		value = argv[++*i];
	}
	return option_apply(o, (enum option)option, value);
}

static bool options_command(struct options *o, int argc, char **argv)
{
	const char *names[COMMAND_COUNT];
	const char *near;

	if (argc < 2) {
		help_print(stderr, COMMAND_COUNT);
		return false;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		o->command = COMMAND_HELP;
	} else if (strcmp(argv[1], "--version") == 0) {
		o->command = COMMAND_VERSION;
	} else if (strcmp(argv[1], "--explain") == 0) {
		o->command = COMMAND_EXPLAIN;
	} else {
		o->command = command_find(argv[1]);
	}
	if (o->command != COMMAND_COUNT) {
		return true;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		names[i] = command_name((enum command)i);
	}
	near = diag_suggest_among(argv[1], names, COMMAND_COUNT);
	return near == NULL ? usage("unknown command '%s'; see 'bulkhead help'%s", argv[1], "")
			    : usage("unknown command '%s'; did you mean '%s'?", argv[1], near);
}

bool options_read(struct options *o, int argc, char **argv)
{
	bool only_args = false;

	*o = (struct options){.command = COMMAND_HELP};
	if (!options_command(o, argc, argv)) {
		return false;
	}
	o->args = memory_resize(NULL, (size_t)argc, sizeof(*o->args));
	for (int i = 2; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (only_args || argv[i][0] != '-' || argv[i][1] == '\0') {
			o->args[o->arg_count++] = argv[i];
		} else if (!option_read(o, argc, argv, &i)) {
			return false;
		}
	}
	return true;
}

void options_free(struct options *o)
{
	free(o->system);
	for (size_t i = 0; i < o->override.set_count; i++) {
		free((char *)(uintptr_t)o->sets[i].domain);
	}
	free(o->sets);
	free(o->memory);
	free(o->args);
}
