/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "console.h"

static uint32_t passed;
static uint32_t failed;

bool check_that(bool ok, const char *name, const char *why, ...)
{
	va_list args;

	if (ok) {
		passed++;
		console_printf("PASS %s\n", name);
		return true;
	}
	failed++;
	console_printf("FAIL %s: ", name);
	va_start(args, why);
	console_vprintf(why, args);
	va_end(args);
	console_putc('\n');
	return false;
}

void check_skip(const char *name, const char *why)
{
	console_printf("SKIP %s: %s\n", name, why);
}

void check_report(void)
{
	console_printf("%u passed, %u failed\n", passed, failed);
}
