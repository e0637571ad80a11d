// SPDX-License-Identifier: Apache-2.0
// sources: gen/schema/scalar.c
/* What plain scalars are, and what the generator proposes instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "schema/scalar.h"

struct sample {
	const char *text;
	enum scalar_class class;
	const char *fix; /* NULL: none */
};

static const struct sample samples[] = {
	{"0", SCALAR_INTEGER, NULL},
	{"12", SCALAR_INTEGER, NULL},
	{"0x1f", SCALAR_INTEGER, NULL},
	{"0xABCDEFabcdef", SCALAR_INTEGER, NULL},
	{"true", SCALAR_BOOLEAN, NULL},
	{"false", SCALAR_BOOLEAN, NULL},
	{"", SCALAR_NULL, NULL},
	{"~", SCALAR_NULL, NULL},
	{"Null", SCALAR_NULL, NULL},
	{"yes", SCALAR_WORD, "true"},
	{"NO", SCALAR_WORD, "false"},
	{"on", SCALAR_WORD, "true"},
	{"Off", SCALAR_WORD, "false"},
	{"True", SCALAR_WORD, "true"},
	{"y", SCALAR_WORD, "true"},
	{"0755", SCALAR_OCTAL, "755 (or 493 if octal was meant)"},
	{"00", SCALAR_OCTAL, "0"},
	{"08", SCALAR_OCTAL, "8"},
	{"0o755", SCALAR_OCTAL, "493"},
	{"0o9", SCALAR_OCTAL, NULL},
	{"0b11", SCALAR_BINARY, "3"},
	{"1_000", SCALAR_SEPARATED, "1000"},
	{"0xff_ff", SCALAR_SEPARATED, "0xffff"},
	{"1:30", SCALAR_BASE60, "90"},
	{"1:00:00", SCALAR_BASE60, "3600"},
	{"1e3", SCALAR_FLOAT, "1000"},
	{"1.5", SCALAR_FLOAT, NULL},
	{".5e1", SCALAR_FLOAT, "5"},
	{"1e400", SCALAR_FLOAT, NULL},
	{".inf", SCALAR_FLOAT, NULL},
	{"+5", SCALAR_SIGNED, "5"},
	{"-1", SCALAR_SIGNED, NULL},
	{"-1e3", SCALAR_SIGNED, NULL},
	{"0XFF", SCALAR_HEX_PREFIX, "0xff"},
	{"2026-11-21", SCALAR_DATE, NULL},
	{"18446744073709551616", SCALAR_INTEGER, NULL},
	{"0777777777777777777777777", SCALAR_OCTAL, NULL},
	{"1_8446744073709551616", SCALAR_SEPARATED, NULL},
	{"99999999:99999999:99999999:99999999", SCALAR_BASE60, NULL},
	{"0x", SCALAR_TEXT, NULL},
	{"0xg", SCALAR_TEXT, NULL},
	{"1a", SCALAR_TEXT, NULL},
	{"a1", SCALAR_TEXT, NULL},
	{"ES3.0", SCALAR_TEXT, NULL},
	{"1.2.3", SCALAR_TEXT, NULL},
	{"1:", SCALAR_TEXT, NULL},
	{":1", SCALAR_TEXT, NULL},
	{"-", SCALAR_TEXT, NULL},
	{"+", SCALAR_TEXT, NULL},
	{"e3", SCALAR_TEXT, NULL},
	{".", SCALAR_TEXT, NULL},
	{"yesterday", SCALAR_TEXT, NULL},
};

static void classes_and_fixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *s = &samples[i];
		char copy[64];
		char buffer[96];
		struct node n = {.kind = NODE_SCALAR, .text = strcpy(copy, s->text), .text_len = strlen(s->text)};
		const char *fix = scalar_fix(s->class, s->text, buffer, sizeof(buffer));

		print_message("# '%s'\n", s->text);
		assert_int_equal(scalar_classify(&n), s->class);
		if (s->fix == NULL) {
			assert_null(fix);
		} else {
			assert_non_null(fix);
			assert_string_equal(fix, s->fix);
		}
		n.quoted = true;
		assert_int_equal(scalar_classify(&n), SCALAR_TEXT);
		n.kind = NODE_MAPPING;
		assert_int_equal(scalar_classify(&n), SCALAR_TEXT);
	}
}

static void numbers(void **state)
{
	uint64_t v;
	(void)state;

	assert_true(scalar_number("18446744073709551615", &v) && v == UINT64_MAX);
	assert_false(scalar_number("18446744073709551616", &v));
	assert_true(scalar_number("0xffffffffffffffff", &v) && v == UINT64_MAX);
	assert_false(scalar_number("0x10000000000000000", &v));
}

static void sizes(void **state)
{
	uint64_t v;
	(void)state;

	assert_true(scalar_size("64M", &v) && v == 64 << 20);
	assert_true(scalar_size("4 KiB", &v) && v == 4096);
	assert_true(scalar_size("1GB", &v) && v == 1 << 30);
	assert_false(scalar_size("64", &v));
	assert_false(scalar_size("M", &v));
	assert_false(scalar_size("1X", &v));
	assert_false(scalar_size("1Mx", &v));
	assert_false(scalar_size("9999999999T", &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_and_fixes),
		cmocka_unit_test(numbers),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("scalar", tests, NULL, NULL);
}
