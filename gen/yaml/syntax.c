/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's reasons for giving up, in words that say what to do. */
#include "yaml/reader.h"

#include <string.h>

/* Which of libyaml's two marks is the place to look at. */
enum place {
	AT_PROBLEM,
	AT_CONTEXT,
};

struct syntax {
	const char *problem; /* libyaml's text, or the part of it that tells */
	const char *context; /* likewise; NULL: any */
	unsigned int code;
	enum place place;
	const char *text;
	const char *note; /* what the other mark shows, NULL: nothing */
	const char *help;
};

static const struct syntax table[] = {
	{"did not find expected ',' or ']'", NULL, 102, AT_PROBLEM, "',' or ']' is expected here", "the list begins",
	 "separate items with ', ' and close the list with ']'"},
	{"did not find expected ',' or '}'", NULL, 102, AT_PROBLEM, "',' or '}' is expected here",
	 "the mapping begins", "separate entries with ', ' and close the mapping with '}'"},
	{"found unexpected end of stream", "quoted scalar", 102, AT_CONTEXT, "this quote is never closed", NULL,
	 "close the text with the quote that opened it"},
	{"found unexpected document indicator", "quoted scalar", 102, AT_CONTEXT, "this quote is never closed", NULL,
	 "close the text with the quote that opened it"},
	{"unknown escape character", NULL, 102, AT_PROBLEM, "this escape does not exist", NULL,
	 "in single quotes a backslash stands for itself"},
	{"hexdecimal number", NULL, 102, AT_PROBLEM, "hexadecimal digits are expected in this escape", NULL,
	 "write \\x41, \\u0041 or \\U00000041; in single quotes a backslash stands for itself"},
	{"invalid Unicode character escape", NULL, 102, AT_PROBLEM,
	 "this escape is no Unicode character", NULL, NULL},
	{"mapping values are not allowed", NULL, 102, AT_PROBLEM, "a ':' makes no sense here", NULL,
	 "a text that holds ': ' needs quotes; the entries of a mapping begin in one column"},
	{"block sequence entries are not allowed", NULL, 102, AT_PROBLEM, "a list cannot begin on this line", NULL,
	 "put each '- ' on a line of its own, or write [a, b]"},
	{"cannot start any token", NULL, 102, AT_PROBLEM, "a value cannot begin with this character", NULL,
	 "put the text in quotes"},
	{"could not find expected ':'", NULL, 102, AT_CONTEXT, "this line is no 'key: value'", NULL,
	 "put ': ' between the key and its value"},
	{"did not find expected key", NULL, 102, AT_PROBLEM, "the mapping ends before this: it does not fit here",
	 "the mapping begins",
	 "begin all its keys in one column; a text with quotes in it needs quotes around all of it"},
	{"did not find expected '-' indicator", NULL, 102, AT_PROBLEM, "this is no item of the list above it",
	 "the list begins", "begin each item with '- ' in the same column, or indent the list less"},
	{"did not find expected node content", NULL, 102, AT_PROBLEM, "a value is expected here", NULL, NULL},
	{"did not find expected <document start>", NULL, 106, AT_PROBLEM, "a second document begins here", NULL,
	 "one file holds one document; remove '---' and '...'"},
	{"", "tag", 105, AT_CONTEXT, "tags ('!') are not taken", NULL, "a text that begins with '!' needs quotes"},
	{"undefined tag handle", NULL, 105, AT_PROBLEM, "tags ('!') are not taken", NULL,
	 "a text that begins with '!' needs quotes"},
	{"", "directive", 105, AT_CONTEXT, "directives ('%') are not taken", NULL, "delete the line"},
	{"", "alias", 105, AT_CONTEXT, "aliases ('*') are not taken", NULL,
	 "a text that begins with '*' needs quotes"},
	{"", "anchor", 105, AT_CONTEXT, "anchors ('&') are not taken", NULL,
	 "a reference to a device is a text: \"&name\" in quotes"},
	{"", "block scalar", 102, AT_PROBLEM, "this is not how a block of text begins", "the block begins",
	 "write '|' alone at the end of the line and indent the text below it"},
};

struct pos reader_pos(const char *name, const yaml_mark_t *mark, size_t len)
{
	return (struct pos){
		.file = name,
		.line = (uint32_t)mark->line + 1,
		.col = (uint32_t)mark->column + 1,
		.len = len == 0 || len > UINT32_MAX ? 1 : (uint32_t)len,
	};
}

static bool syntax_matches(const struct syntax *s, const yaml_parser_t *p)
{
	const char *context = p->context == NULL ? "" : p->context;

	return strstr(p->problem, s->problem) != NULL && (s->context == NULL || strstr(context, s->context) != NULL);
}

/* An open bracket at the file's end: the bracket is the place to look at. */
static bool syntax_truncated(const char *name, const yaml_parser_t *p, struct diag *d)
{
	bool list = strstr(p->problem, "',' or ']'") != NULL;
	struct diag_msg *m;

	if ((!list && strstr(p->problem, "',' or '}'") == NULL) || p->token_available == 0 ||
	    p->tokens.head->type != YAML_STREAM_END_TOKEN) {
		return false;
	}
	m = diag_error(d, 102, reader_pos(name, &p->context_mark, 1), "this '%c' is never closed", list ? '[' : '{');
	diag_help(m, "the file ends inside it: add '%c', and see whether the file is complete", list ? ']' : '}');
	return true;
}

void syntax_report(struct diag *d, const char *name, const yaml_parser_t *p)
{
	struct diag_msg *m;

	if (p->problem == NULL || p->error == YAML_MEMORY_ERROR) {
		diag_error(d, 102, (struct pos){.file = name}, "the YAML library ran out of memory");
		return;
	}
	if (syntax_truncated(name, p, d)) {
		return;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct syntax *s = &table[i];
		const yaml_mark_t *at = s->place == AT_CONTEXT ? &p->context_mark : &p->problem_mark;

		if (syntax_matches(s, p)) {
			m = diag_error(d, s->code, reader_pos(name, at, 1), "%s", s->text);
			if (s->note != NULL && p->context != NULL) {
				diag_note(m, reader_pos(name, &p->context_mark, 1), "%s", s->note);
			}
			if (s->help != NULL) {
				diag_help(m, "%s", s->help);
			}
			return;
		}
	}
	m = diag_error(d, 102, reader_pos(name, &p->problem_mark, 1), "this is not YAML: %s", p->problem);
	if (p->context != NULL) {
		diag_note(m, reader_pos(name, &p->context_mark, 1), "%s that begins", p->context);
	}
}
