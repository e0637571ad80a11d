/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose the machine's input is. Where one domain has a console (one.c) it is that one's.
 * Where several have, or the monitor is built in (mux.c), it is one domain's or the
 * monitor's, and Ctrl-A three times in a row gives it to the next.
 */
#ifndef HV_GUEST_CONSOLE_INPUT_H
#define HV_GUEST_CONSOLE_INPUT_H

#include "domain/domain.h"

/* At boot, before any domain runs. */
void input_init(void);

/* A domain's console starts afresh; or has gone, and what it has not read with it. */
void input_start(const struct domain *d);
void input_stop(const struct domain *d);

/* Who has the input; NULL: no domain. mux.c only. */
struct domain *input_reader(void);

/* The machine's UART has interrupted, or else time has passed. Returns for whom there may
 * be something to read: bit i is domains[i]. The caller has locked no ring. */
uint64_t input_collect(bool interrupt);

/* Whether something waits for time to pass. Nothing is locked: it may change. */
bool input_waits(void);

/* The next character for a domain; -1: none. */
int input_get(const struct domain *d);

/* The domain takes no more for now; or has read all, or some. */
void input_pause(bool paused);

#endif
