/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

/* 201 for "HV0201", "hv201" or "201"; 0: nothing of the kind. */
static unsigned int explain_code(const char *word)
{
	const char *digits = strncasecmp(word, "HV", 2) == 0 ? word + 2 : word;
	char *end;
	unsigned long code = strtoul(digits, &end, 10);

	return digits[0] < '0' || digits[0] > '9' || *end != '\0' || code > 9999 ? 0 : (unsigned int)code;
}

static enum status explain_one(const char *word)
{
	unsigned int code = explain_code(word);
	const char *text = diag_explain(code);

	if (text == NULL) {
		fprintf(stderr, "bulkhead: there is no code '%s'; 'bulkhead explain' lists them\n", word);
		return STATUS_USAGE;
	}
	printf("HV%04u: %s\n\n%s", code, diag_title(code), text);
	return STATUS_OK;
}

enum status cli_explain(const struct options *o)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; o->arg_count == 0 && diag_code_at(i) != 0; i++) {
		printf("HV%04u  %s\n", diag_code_at(i), diag_title(diag_code_at(i)));
	}
	for (size_t i = 0; i < o->arg_count; i++) {
		if (i > 0) {
			putchar('\n');
		}
		if (explain_one(o->args[i]) != STATUS_OK) {
			status = STATUS_USAGE;
		}
	}
	return status;
}
