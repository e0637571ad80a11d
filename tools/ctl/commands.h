/* SPDX-License-Identifier: Apache-2.0 */
/* What bulkhead-ctl does. */
#ifndef TOOLS_CTL_COMMANDS_H
#define TOOLS_CTL_COMMANDS_H

#include "registers.h"

/* How the program ends. */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1, /* the hypervisor did not do it, or it came to nothing */
	STATUS_USAGE = 2,
	STATUS_NONE = 3,    /* no control interface */
	STATUS_LATE = 4,    /* --wait: not yet */
};

/* Tells of all domains. */
void command_list(const struct registers *r);

/* `word` is a command's name. */
bool command_find(const char *word, enum control_command *command);

/* Gives the domain the command; with `seconds` waits as long as that until it is done. */
enum status command_give(const struct registers *r, const char *name, enum control_command command,
			 unsigned int seconds);

#endif
