/* SPDX-License-Identifier: Apache-2.0 */
/* Between the multiplexer of the input and the monitor. */
#ifndef HV_GUEST_CONSOLE_MUX_H
#define HV_GUEST_CONSOLE_MUX_H

#include "types.h"

/* The next character for the monitor; -1: none; whether there is one. */
int mux_get_own(void);
bool mux_has_own(void);

/* monitor.c, or monitor_none.c */

/* Whether there is one to switch to. */
bool monitor_exists(void);
/* It has got the input. */
void monitor_greet(void);
/* Does what was typed, a bounded piece at a time. True: it wants to go on later. */
bool monitor_serve(void);

#endif
