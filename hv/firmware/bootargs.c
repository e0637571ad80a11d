// SPDX-License-Identifier: Apache-2.0
#include "firmware/bootargs.h"

#include "drivers/console.h"
#include "firmware/fdt.h"

/* What cannot be read is told once, to whomever asks. */
static uint64_t bootargs_told;

const char *bootargs_behind(const char *text, const char *with)
{
	for (; *with != '\0'; text++, with++) {
		if (*text != *with) {
			return NULL;
		}
	}
	return text;
}

bool bootargs_read(struct bootargs *b, uint32_t cpu, pa_t fdt)
{
	const char *trouble = fdt.pa != 0 ? fdt_trouble(cpu, fdt) : NULL;

	b->at = 0;
	b->end = 0;
	/* Nobody shall wait for what the command line says in vain. */
	if (trouble != NULL && bootargs_told != fdt.pa) {
		bootargs_told = fdt.pa;
		log_warn("the command line is not read: firmware's device tree at 0x%lx %s", fdt.pa, trouble);
	}
	if (fdt.pa == 0 || trouble != NULL || !fdt_bootargs(cpu, fdt, b->line, sizeof(b->line))) {
		return false;
	}
	for (; b->line[b->end] != '\0'; b->end++) {
		if (b->line[b->end] == ' ') {
			b->line[b->end] = '\0';
		}
	}
	return true;
}

const char *bootargs_next(struct bootargs *b, const char *prefix)
{
	const char *found = NULL;

	while (b->at < b->end && found == NULL) {
		found = bootargs_behind(&b->line[b->at], prefix);
		while (b->line[b->at] != '\0') {
			b->at++;
		}
		b->at++;
	}
	return found;
}
