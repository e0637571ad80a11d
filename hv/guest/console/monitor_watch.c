// SPDX-License-Identifier: Apache-2.0
/* Built without CONFIG_MONITOR_CONTROL: it only looks. */
#include "guest/console/monitor.h"

const char monitor_control_help[] = "this build only looks: it has no CONFIG_MONITOR_CONTROL";

bool monitor_controls(const char *verb)
{
	(void)verb;
	return false;
}

const char *monitor_control(const char *verb, struct domain *d)
{
	(void)verb;
	(void)d;
	return NULL;
}
