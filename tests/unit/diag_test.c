// SPDX-License-Identifier: Apache-2.0
// sources: gen/diag/*.c gen/util/*.c
/* Messages: order, limits, what reaches a terminal, suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diag.h"
#include "util/strmap.h"

static char *print(const struct diag *d, enum diag_format format)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	diag_print(d, out, format);
	fclose(out);
	return text;
}

static void order_is_by_file_then_line(void **state)
{
	struct diag *d = diag_new();
	char *text;
	(void)state;

	diag_source(d, "a", "one\ntwo\n", 8);
	diag_source(d, "b", "three\n", 6);
	diag_error(d, 101, (struct pos){"b", 1, 1, 2}, "third");
	diag_error(d, 101, (struct pos){"a", 2, 2, 2}, "second");
	diag_warning(d, 101, (struct pos){"a", 1, 1, 9}, "first");
	diag_error(d, 101, pos_none, "last");
	text = print(d, DIAG_TEXT);
	assert_string_equal(text, "a:1:1: warning[HV0101]: first\n"
				  "    1 | one\n"
				  "      | ^~~\n"
				  "a:2:2: error[HV0101]: second\n"
				  "    2 | two\n"
				  "      |  ^~\n"
				  "b:1:1: error[HV0101]: third\n"
				  "    1 | three\n"
				  "      | ^~\n"
				  "bulkhead: error[HV0101]: last\n");
	assert_int_equal(diag_errors(d), 3);
	assert_int_equal(diag_warnings(d), 1);
	free(text);
	diag_free(d);
}

static void names_may_go_away(void **state)
{
	struct diag *d = diag_new();
	char name[] = "file";
	char *text;
	(void)state;

	diag_note(diag_error(d, 101, (struct pos){.file = name}, "x"), (struct pos){name, 3, 4, 1}, "there");
	memset(name, 'z', 4);
	text = print(d, DIAG_TEXT);
	assert_string_equal(text, "file: error[HV0101]: x\n  note: there at file:3:4\n");
	free(text);
	diag_free(d);
}

static void terminal_gets_text_only(void **state)
{
	struct diag *d = diag_new();
	char *text;
	(void)state;

	diag_source(d, "f", "a\tb\x1b[1m\xe2\x80\xae\xff", 11);
	diag_error(d, 101, (struct pos){"f", 1, 3, 1}, "\x1b]0;title\a \xc2\x9b \xc3\xa9 \xff");
	text = print(d, DIAG_TEXT);
	assert_string_equal(text, "f:1:3: error[HV0101]: ?]0;title? ? \xc3\xa9 ?\n"
				  "    1 | a b?[1m??\n"
				  "      |   ^\n");
	free(text);
	text = print(d, DIAG_JSON);
	assert_non_null(strstr(text, "\\u001b]0;title\\u0007"));
	assert_null(strchr(text, '\x1b'));
	free(text);
	diag_free(d);
}

static void long_lines_are_cut(void **state)
{
	struct diag *d = diag_new();
	char *line = malloc(100000);
	char *text;
	(void)state;

	memset(line, 'x', 100000);
	diag_source(d, "f", line, 100000);
	diag_error(d, 101, (struct pos){"f", 1, 50000, 7}, "m");
	text = print(d, DIAG_TEXT);
	assert_true(strlen(text) < 400);
	assert_non_null(strstr(text, "^~~~~~~\n"));
	free(text);
	free(line);
	diag_free(d);
}

static void places_beyond_the_text(void **state)
{
	struct diag *d = diag_new();
	char *text;
	(void)state;

	diag_source(d, "f", "a", 1);
	diag_error(d, 101, (struct pos){"f", 7, 9, 3}, "line");
	diag_error(d, 101, (struct pos){"f", 1, 90, 3}, "column");
	diag_error(d, 101, (struct pos){"f", 1, 0, 0}, "no column");
	text = print(d, DIAG_TEXT);
	assert_non_null(strstr(text, "f:7:9: error[HV0101]: line\n"));
	free(text);
	diag_free(d);
}

static void many_messages_are_counted(void **state)
{
	struct diag *d = diag_new();
	char *text;
	(void)state;

	for (unsigned int i = 0; i < DIAG_KEPT_MAX + 5; i++) {
		struct diag_msg *m = diag_error(d, 101, (struct pos){.file = "f"}, "%u", i);

		diag_label(m, "label");
		diag_note(m, pos_none, "note");
		diag_help(m, "help");
	}
	assert_int_equal(diag_errors(d), DIAG_KEPT_MAX + 5);
	text = print(d, DIAG_TEXT);
	assert_non_null(strstr(text, "\nbulkhead: 5 more messages like these are not shown\n"));
	free(text);
	diag_free(d);
}

static void suggestions(void **state)
{
	static const char *const words[] = {"iommus", "interrupts", "reg", "class", "dma-master", NULL};
	char longest[5000];
	(void)state;

	assert_string_equal(diag_suggest("iomus", words), "iommus");
	assert_string_equal(diag_suggest("interupts", words), "interrupts");
	assert_string_equal(diag_suggest("rge", words), "reg");
	assert_string_equal(diag_suggest("dma_master", words), "dma-master");
	assert_null(diag_suggest("colour", words));
	assert_null(diag_suggest("x", words));
	assert_null(diag_suggest("", words));
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_null(diag_suggest(longest, words));
}

static void codes_are_ascending_and_complete(void **state)
{
	unsigned int last = 0;
	(void)state;

	for (size_t i = 0; diag_code_at(i) != 0; i++) {
		unsigned int code = diag_code_at(i);
		const char *text = diag_explain(code);

		assert_true(code > last);
		assert_non_null(diag_title(code));
		assert_true(text[0] != '\0' && text[strlen(text) - 1] == '\n');
		last = code;
	}
	assert_null(diag_explain(last + 1));
	assert_null(diag_explain(0));
}

static void map_finds_what_it_was_given(void **state)
{
	struct strmap m = {0};
	static char names[20000][8];
	(void)state;

	assert_int_equal(strmap_get(&m, "a"), STRMAP_NONE);
	for (size_t i = 0; i < 20000; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "n%zu", i);
		assert_int_equal(strmap_add(&m, names[i], i), i);
	}
	for (size_t i = 0; i < 20000; i++) {
		assert_int_equal(strmap_get(&m, names[i]), i);
		assert_int_equal(strmap_add(&m, names[i], 0), i);
	}
	assert_int_equal(strmap_get(&m, "n20000"), STRMAP_NONE);
	strmap_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_by_file_then_line),
		cmocka_unit_test(names_may_go_away),
		cmocka_unit_test(terminal_gets_text_only),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(places_beyond_the_text),
		cmocka_unit_test(many_messages_are_counted),
		cmocka_unit_test(suggestions),
		cmocka_unit_test(codes_are_ascending_and_complete),
		cmocka_unit_test(map_finds_what_it_was_given),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
