// SPDX-License-Identifier: Apache-2.0
#include "firmware/bootargs.h"

#include "drivers/console.h"
#include "firmware/fdt.h"

/* What cannot be read is told once, to whomever asks. */
static uint64_t bootargs_told;

static bool bootargs_is_end(char c)
{
	return c == '\0' || c == ' ';
}

const char *bootargs_behind(const char *text, const char *with)
{
	for (; *with != '\0'; text++, with++) {
		if (*text != *with) {
			return NULL;
		}
	}
	return text;
}

bool bootargs_is(const char *text, const char *word)
{
	const char *end = bootargs_behind(text, word);

	return end != NULL && bootargs_is_end(*end);
}

bool bootargs_read(struct bootargs *b, uint32_t cpu, pa_t fdt)
{
	const char *trouble = fdt.pa != 0 ? fdt_trouble(cpu, fdt) : NULL;

	b->at = 0;
	/* Nobody shall wait for what the command line says in vain. */
	if (trouble != NULL && bootargs_told != fdt.pa) {
		bootargs_told = fdt.pa;
		log_warn("the command line is not read: firmware's device tree at 0x%lx %s", fdt.pa, trouble);
	}
	return fdt.pa != 0 && trouble == NULL && fdt_bootargs(cpu, fdt, b->line, sizeof(b->line));
}

const char *bootargs_next(struct bootargs *b, const char *prefix)
{
	const char *found = NULL;

	while (b->line[b->at] != '\0' && found == NULL) {
		found = bootargs_behind(&b->line[b->at], prefix);
		while (!bootargs_is_end(b->line[b->at])) {
			b->at++;
		}
		while (b->line[b->at] == ' ') {
			b->at++;
		}
	}
	return found;
}
