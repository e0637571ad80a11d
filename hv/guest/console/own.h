/* SPDX-License-Identifier: Apache-2.0 */
/* The hypervisor's own lines that are no messages: they wait for their turn as a domain's
 * do, and nobody waits for them. */
#ifndef HV_GUEST_CONSOLE_OWN_H
#define HV_GUEST_CONSOLE_OWN_H

#include "types.h"

/* The longest line, with what own_say() puts before it and behind. */
#define OWN_LINE_MAX 160

/* How many characters own_put() would take. */
uint32_t own_room(void);

/* False, and nothing is taken: there is no room. */
bool own_put(const char *text, uint32_t n);

/* One line, "bulkhead: " before it and CR LF behind. Formats: lib/format.h. */
void own_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Sends what there is room for. */
void own_drain(void);

/* Unlocked: whether some waits for its turn. */
bool own_waits(void);

#endif
