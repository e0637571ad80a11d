/* SPDX-License-Identifier: Apache-2.0 */
/* gen and image: a good model, then what gen/emit does with it. */
#include "check/check.h"
#include "cli/cli.h"
#include "emit/emit.h"
#include "util/arena.h"
#include "util/dirs.h"

bool cli_usage(const struct options *o, const char *wrong)
{
	if (wrong == NULL && (o->out == NULL || o->out[0] == '\0')) {
		wrong = "-o is missing";
	}
	if (wrong == NULL && o->command == COMMAND_IMAGE && (o->elf == NULL || o->elf[0] == '\0')) {
		wrong = "--elf is missing";
	}
	if (wrong != NULL) {
		fprintf(stderr, "bulkhead: %s\n", wrong);
		help_print(stderr, o->command);
	}
	return wrong == NULL;
}

const char *cli_board_wrong(const struct options *o)
{
	return o->arg_count != 1 ? "one board directory is expected" : NULL;
}

enum status cli_build(const struct options *o)
{
	struct diag *d;
	struct yaml *y;
	struct model *m;
	enum status status;
	int failed = 0;

	if (!cli_usage(o, cli_board_wrong(o))) {
		return STATUS_USAGE;
	}
	d = diag_new();
	y = yaml_open();
	m = model_load(y, d, o->args[0], o->system, &o->override);
	if (m != NULL) {
		check_config(d, m, &o->config);
		check_model(d, m);
	}
	if (diag_errors(d) == 0 && m != NULL) {
		check_restarts(d, m);
		check_payloads(d, m);
		if (diag_errors(d) != 0) {
			cmd_try(d, m); /* what else it would say */
		}
	}
	if (diag_errors(d) == 0 && m != NULL) {
		struct arena *a = arena_new();

		/* gen's -o is a directory itself, image's a file in one. */
		dirs_make(o->command == COMMAND_GEN ? arena_format(a, "%s/", o->out) : o->out);
		arena_free(a);
		failed = o->command == COMMAND_GEN ? cmd_gen(d, m, o->out) : cmd_image(d, m, o->elf, o->out);
	}
	status = cli_finish(o, d);
	model_free(m);
	yaml_close(y);
	diag_free(d);
	return failed != 0 ? STATUS_INPUT : status;
}
