/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the monitor share. */
#ifndef HV_GUEST_CONSOLE_MONITOR_H
#define HV_GUEST_CONSOLE_MONITOR_H

#include "domain/domain.h"

/* An answer of several lines, of which each call of monitor_tell() says one. */
enum monitor_answer {
	MONITOR_NOTHING = 0,
	MONITOR_HELP,
	MONITOR_DOMAINS,
	MONITOR_MEMORY,
	MONITOR_IOMMU,
	MONITOR_MMIO,
	MONITOR_FAULTS,
	MONITOR_COUNTERS,
};

/* Says line `n` (0, 1, ...) of an answer; false: there are no more. monitor_tell.c */
bool monitor_tell(enum monitor_answer answer, uint32_t n);

/* What `help` says of it; whether it knows the word `verb`; and if it does, does that to
 * domain `d` and returns what came of it, else NULL. monitor_control.c, or monitor_watch.c */
extern const char monitor_control_help[];
bool monitor_controls(const char *verb);
const char *monitor_control(const char *verb, struct domain *d);

#endif
