/* SPDX-License-Identifier: Apache-2.0 */
/* The hypervisor's command line, `bootargs` of /chosen in firmware's device tree: words
 * with blanks between. */
#ifndef HV_FIRMWARE_BOOTARGS_H
#define HV_FIRMWARE_BOOTARGS_H

#include "types.h"

#define BOOTARGS_MAX 512u

struct bootargs {
	char line[BOOTARGS_MAX];
	uint32_t at;
	uint32_t end; /* of the line */
};

/* Reads it, on CPU `cpu`, before any domain runs. False: there is none, or none that can be
 * read, which the console then tells. */
bool bootargs_read(struct bootargs *b, uint32_t cpu, pa_t fdt);

/* What follows `prefix` in the next word that begins with it, up to the end of that word:
 * a string. NULL: no more. */
const char *bootargs_next(struct bootargs *b, const char *prefix);

/* What is behind `with` at the start of `text`, or NULL. */
const char *bootargs_behind(const char *text, const char *with);

#endif
