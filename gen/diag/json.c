/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages for tools: one JSON array, one object for each message, with fields
 * code, severity, message, file, line, column, length (0 and null where there is
 * no place), label, notes (objects with message and place), help (strings).
 */
#include <string.h>

#include "diag/store.h"

static void json_string(FILE *out, const char *s)
{
	size_t left = s == NULL ? 0 : strlen(s);

	if (s == NULL) {
		fputs("null", out);
		return;
	}
	fputc('"', out);
	while (left > 0) {
		size_t n = diag_char(s, left);
		unsigned char c = (unsigned char)*s;

		if (n == 0 && c < 0x80) {
			fprintf(out, "\\u%04x", c);
		} else if (n == 0) {
			fputs("\\ufffd", out);
		} else if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else {
			fwrite(s, 1, n, out);
		}
		n = n == 0 ? 1 : n;
		s += n;
		left -= n;
	}
	fputc('"', out);
}

static void json_place(FILE *out, struct pos at)
{
	fputs("\"file\": ", out);
	json_string(out, at.file);
	fprintf(out, ", \"line\": %u, \"column\": %u, \"length\": %u", at.line, at.col, at.len);
}

static void json_notes(FILE *out, const struct diag_line *note)
{
	const char *comma = "";

	for (; note != NULL; note = note->next) {
		fprintf(out, "%s{\"message\": ", comma);
		json_string(out, note->all != NULL ? note->all : note->text);
		fputs(", ", out);
		json_place(out, note->at);
		fputc('}', out);
		comma = ", ";
	}
}

static void json_helps(FILE *out, const struct diag_line *help)
{
	const char *comma = "";

	for (; help != NULL; help = help->next) {
		fputs(comma, out);
		json_string(out, help->text);
		comma = ", ";
	}
}

void diag_print_json(const struct diag *d, struct diag_msg *const *sorted, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < d->msg_count; i++) {
		const struct diag_msg *m = sorted[i];

		fprintf(out, "%s\n  {\"code\": \"HV%04u\", \"severity\": \"%s\", \"message\": ", i == 0 ? "" : ",",
			m->code, m->warning ? "warning" : "error");
		json_string(out, m->text);
		fputs(", ", out);
		json_place(out, m->at);
		fputs(", \"label\": ", out);
		json_string(out, m->label);
		fputs(", \"notes\": [", out);
		json_notes(out, m->notes);
		fputs("], \"help\": [", out);
		json_helps(out, m->helps);
		fputs("]}", out);
	}
	fputs(d->msg_count == 0 ? "]\n" : "\n]\n", out);
}
