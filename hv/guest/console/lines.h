/* SPDX-License-Identifier: Apache-2.0 */
/* When a ring's characters may go: at once where one domain has a console (one.c), else by
 * lines (lines.c). */
#ifndef HV_GUEST_CONSOLE_LINES_H
#define HV_GUEST_CONSOLE_LINES_H

#include "domain/domain.h"

/* How many characters of the ring may go now; its lock is held. *full, if none: the UART has
 * no room for what is left of a line that has gone. */
uint32_t lines_ready(struct domain *d, bool *full);

/* Unlocked: `d` has something to send, and it may be somebody else's turn. */
void lines_yield(const struct domain *d);

#endif
