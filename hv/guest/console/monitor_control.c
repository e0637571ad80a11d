// SPDX-License-Identifier: Apache-2.0
#include "guest/console/monitor.h"

#include "guest/lifecycle.h"
#include "lib/string.h"

const char monitor_control_help[] = "stop, start, restart NAME: of a domain";

static const char *control_result(enum lifecycle_result result)
{
	static const char *const words[] = {
		[LIFECYCLE_OK] = "under way",
		[LIFECYCLE_BUSY] = "not now: it is starting or stopping",
		[LIFECYCLE_STATE] = "not in the state that it is in",
		[LIFECYCLE_DENIED] = "cannot be: it has no copy of its payload",
		[LIFECYCLE_FAILED] = "failed: the messages say why",
	};

	return words[result];
}

const char *monitor_control(const char *verb, struct domain *d)
{
	if (string_same(verb, "stop")) {
		return control_result(lifecycle_stop(d, "stopped by the monitor"));
	}
	if (string_same(verb, "start")) {
		return control_result(lifecycle_start(d));
	}
	if (string_same(verb, "restart")) {
		return control_result(lifecycle_restart(d, "restarted by the monitor"));
	}
	return NULL;
}
