/* SPDX-License-Identifier: Apache-2.0 */
/* bulkhead: YAML that describes a board and its domains to a hypervisor's tables. */
#include "cli/cli.h"

#define VERSION "0.1.0"

enum status cli_finish(const struct options *o, struct diag *d)
{
	FILE *out = o->format == DIAG_JSON ? stdout : stderr;
	size_t errors = diag_errors(d);
	size_t warnings = diag_warnings(d);

	if (o->all) {
		diag_show_all(d);
	}
	diag_print(d, out, o->format);
	if (o->format == DIAG_TEXT && errors > 0) {
		fprintf(stderr, "bulkhead: %zu error%s", errors, errors == 1 ? "" : "s");
		if (warnings > 0) {
			fprintf(stderr, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
		}
		fputs("; 'bulkhead explain CODE' says more\n", stderr);
	}
	return errors > 0 ? STATUS_INPUT : STATUS_OK;
}

static enum status run(const struct options *o)
{
	if (o->help) {
		help_print(stdout, o->command);
		return STATUS_OK;
	}
	switch (o->command) {
	case COMMAND_CHECK:
		return cli_check(o);
	case COMMAND_GEN:
	case COMMAND_IMAGE:
		return cli_build(o);
	case COMMAND_REPORT:
		return cli_report(o);
	case COMMAND_IMPORT:
		return cli_import(o);
	case COMMAND_EXPLAIN:
		return cli_explain(o);
	case COMMAND_SCHEMA:
		return cli_schema(o);
	case COMMAND_VERSION:
		puts("bulkhead " VERSION);
		return STATUS_OK;
	default:
		return cli_help(o);
	}
}

int main(int argc, char **argv)
{
	struct options o;
	enum status status = options_read(&o, argc, argv) ? run(&o) : STATUS_USAGE;

	options_free(&o);
	/* A full disk or a closed pipe must not look like success. */
	if (fflush(stdout) != 0 && status == STATUS_OK) {
		perror("bulkhead: standard output");
		status = STATUS_INPUT;
	}
	return (int)status;
}
