// SPDX-License-Identifier: Apache-2.0
#include "guest/console/monitor.h"

#include "guest/lifecycle.h"
#include "lib/string.h"

const char monitor_control_help[] = "stop, start, restart NAME: of a domain";

#define CONTROL_BUSY "not now: it is starting or stopping"

/* Why not, by the state that it is in by now. */
static const char *control_state(const struct domain *d)
{
	static const char *const words[] = {
		[DOMAIN_OFF] = "cannot be: it is off, so start it",
		[DOMAIN_STARTING] = CONTROL_BUSY,
		[DOMAIN_RUNNING] = "not needed: it is running",
		[DOMAIN_STOPPING] = CONTROL_BUSY,
		[DOMAIN_DESTROYED] = "cannot be: it is destroyed",
	};

	return words[domain_get_state(d)];
}

static const char *control_result(const struct domain *d, enum lifecycle_result result)
{
	static const char *const words[] = {
		[LIFECYCLE_OK] = "under way",
		[LIFECYCLE_BUSY] = CONTROL_BUSY,
		[LIFECYCLE_DENIED] = "cannot be: it has no copy of its payload",
		[LIFECYCLE_FAILED] = "failed: the messages say why",
	};

	return result == LIFECYCLE_STATE ? control_state(d) : words[result];
}

/* What is off stays so, if it is the hardware domain. */
static const char *control_stop(struct domain *d)
{
	enum lifecycle_result result = lifecycle_stop(d, "stopped by the monitor");

	if (result == LIFECYCLE_OK && (d->desc->flags & DOMAIN_HARDWARE) != 0) {
		return "under way; it has no copy of its payload, and cannot be started again";
	}
	if (result == LIFECYCLE_STATE && domain_get_state(d) == DOMAIN_OFF) {
		return "not needed: it is off";
	}
	return control_result(d, result);
}

bool monitor_controls(const char *verb)
{
	return string_same(verb, "stop") || string_same(verb, "start") || string_same(verb, "restart");
}

const char *monitor_control(const char *verb, struct domain *d)
{
	if (string_same(verb, "stop")) {
		return control_stop(d);
	}
	if (string_same(verb, "start")) {
		return control_result(d, lifecycle_start(d));
	}
	if (string_same(verb, "restart")) {
		return control_result(d, lifecycle_restart(d, "restarted by the monitor"));
	}
	return NULL;
}
