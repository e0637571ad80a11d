// SPDX-License-Identifier: Apache-2.0
/* report: a good model, then the page about it. */
#include "report/report.h"

#include "check/check.h"
#include "cli/cli.h"
#include "util/dirs.h"

enum status cli_report(const struct options *o)
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
		check_model(d, m);
	}
	if (diag_errors(d) == 0 && m != NULL) {
		/* Nothing of HV0534: which kernels a domain gets does not change what it reaches. */
		check_restarts(d, m);
	}
	if (diag_errors(d) == 0 && m != NULL) {
		dirs_make(o->out);
		failed = cmd_report(d, m, o->system != NULL ? o->system : "system", o->verify, o->out);
	}
	status = cli_finish(o, d);
	model_free(m);
	yaml_close(y);
	diag_free(d);
	return failed != 0 ? STATUS_INPUT : status;
}
