// SPDX-License-Identifier: Apache-2.0
/* The small printf, against the host's big one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/format.h"

static void check(size_t size, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void check(size_t size, const char *fmt, ...)
{
	char ours[128], theirs[128];
	va_list ap;
	size_t length;

	memset(ours, 0x5a, sizeof(ours));
	va_start(ap, fmt);
	length = format_text(ours, size, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	vsnprintf(theirs, size, fmt, ap);
	va_end(ap);
	assert_string_equal(ours, theirs);
	assert_int_equal(length, strlen(theirs));
	assert_int_equal(ours[size], 0x5a);
}

static void like_printf(void **state)
{
	(void)state;
	check(100, "%s", "plain 100%%");
	check(100, "%%|%c|%s|%s", 'x', "", "text");
	check(100, "%u %u %x %x", 0u, UINT32_MAX, 0u, UINT32_MAX);
	check(100, "%lu %lx", UINT64_MAX, UINT64_MAX);
	check(100, "%d %d %ld %ld", INT32_MIN, -1, INT64_MIN, INT64_MAX);
	check(100, "[%8x] [%08x] [%2x] [%016lx] [%5u] [%012ld]", 0x1abu, 0x1abu, 0xabcdu, UINT64_C(0xdeadbeef), 7u,
	      INT64_C(1234));
}

static void cut_off(void **state)
{
	(void)state;
	for (size_t size = 1; size < 24; size++) {
		check(size, "%s %lx %u", "abcdefgh", UINT64_C(0x123456789), 42u);
	}
}

static size_t raw(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t length;

	va_start(ap, fmt);
	length = format_text(buf, size, fmt, ap);
	va_end(ap);
	return length;
}

static void odd(void **state)
{
	char buf[16] = "unchanged";

	(void)state;
	assert_int_equal(raw(buf, 0, "x"), 0);
	assert_string_equal(buf, "unchanged");
	assert_int_equal(raw(buf, sizeof(buf), "a%"), 1);
	assert_string_equal(buf, "a");
	raw(buf, sizeof(buf), "%q");
	assert_string_equal(buf, "q");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_printf),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
