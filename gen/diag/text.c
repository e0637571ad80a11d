/* SPDX-License-Identifier: Apache-2.0 */
/* Messages for people: FILE:LINE:COL, the line itself, a caret, notes, helps. */
#include <string.h>

#include "diag/store.h"

#define VIEW_COLUMNS 160u /* a longer line is shown in part */
#define VIEW_BEFORE 60u   /* columns kept left of the caret then */

/* Where reading a file's lines has come to; messages come in line order. */
struct view {
	size_t file;
	uint32_t line;
	size_t offset;
};

static bool diag_char_hides(const unsigned char *s)
{
	return (s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) ||
	       (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9) ||
	       (s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf);
}

size_t diag_char(const char *s, size_t left)
{
	unsigned char c = (unsigned char)s[0];
	unsigned int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xc2) || c > 0xf4 || more >= left) {
		return 0;
	}
	for (unsigned int i = 1; i <= more; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	/* U+0080..U+009F, and what turns the direction of text or hides: U+2028..U+202E,
	 * U+2066..U+2069, U+FEFF. */
	if ((c == 0xc2 && (unsigned char)s[1] < 0xa0) || (more == 2 && diag_char_hides((const unsigned char *)s))) {
		return 0;
	}
	return (size_t)more + 1;
}

/* Bytes of something that diag_char() refuses: one column. */
static size_t diag_skip(const char *s, size_t left)
{
	size_t n = 1;

	while (n < left && ((unsigned char)s[n] & 0xc0) == 0x80) {
		n++;
	}
	return n;
}

/* What came from a file may hold anything; a terminal is only given text. */
static void text_put(FILE *out, const char *s)
{
	size_t left = strlen(s);

	while (left > 0) {
		size_t n = diag_char(s, left);

		if (n == 0) {
			fputc('?', out);
			n = diag_skip(s, left);
		} else {
			fwrite(s, 1, n, out);
		}
		s += n;
		left -= n;
	}
}

static void text_place(FILE *out, struct pos at)
{
	text_put(out, at.file);
	if (at.line != 0) {
		fprintf(out, ":%u:%u", at.line, at.col);
	}
}

/* The text of line at.line, NULL when there is none. */
static const char *text_line(const struct diag *d, struct view *v, const struct diag_msg *m, size_t *len)
{
	const struct diag_file *f = &d->files[m->file];
	const char *end;

	if (f->text == NULL) {
		return NULL;
	}
	if (v->file != m->file || v->line > m->at.line) {
		*v = (struct view){.file = m->file, .line = 1, .offset = 0};
	}
	while (v->line < m->at.line) {
		end = memchr(f->text + v->offset, '\n', f->len - v->offset);
		if (end == NULL) {
			return NULL;
		}
		v->offset = (size_t)(end - f->text) + 1;
		v->line++;
	}
	end = memchr(f->text + v->offset, '\n', f->len - v->offset);
	*len = (end == NULL ? f->len : (size_t)(end - f->text)) - v->offset;
	if (*len > 0 && f->text[v->offset + *len - 1] == '\r') {
		*len -= 1;
	}
	return f->text + v->offset;
}

/* Prints columns first..first+VIEW_COLUMNS-1 of the line; returns its last column. */
static uint32_t text_columns(FILE *out, const char *line, size_t len, uint32_t first)
{
	uint32_t col = 1;

	while (len > 0 && col < first + VIEW_COLUMNS) {
		size_t n = diag_char(line, len);

		if (col >= first && n == 0) {
			fputc(*line == '\t' ? ' ' : '?', out);
		} else if (col >= first) {
			fwrite(line, 1, n, out);
		}
		n = n == 0 ? diag_skip(line, len) : n;
		line += n;
		len -= n;
		col++;
	}
	return col - 1;
}

static void text_caret(FILE *out, const struct diag_msg *m, const char *line, size_t len)
{
	uint32_t col = m->at.col == 0 ? 1 : m->at.col;
	uint32_t first = col > VIEW_COLUMNS - VIEW_BEFORE ? col - VIEW_BEFORE : 1;
	uint32_t last;

	fprintf(out, "%5u | %s", m->at.line, first > 1 ? "..." : "");
	last = text_columns(out, line, len, first);
	fprintf(out, "\n      | %s%*s^", first > 1 ? "   " : "", (int)(col - first), "");
	for (uint32_t i = 1; i < m->at.len && col + i <= last; i++) {
		fputc('~', out);
	}
	if (m->label != NULL) {
		fputc(' ', out);
		text_put(out, m->label);
	}
	fputc('\n', out);
}

static void text_lines(FILE *out, const char *kind, const struct diag_line *line, bool all)
{
	for (; line != NULL; line = line->next) {
		fprintf(out, "  %s: ", kind);
		text_put(out, all && line->all != NULL ? line->all : line->text);
		if (line->at.file != NULL) {
			fputs(line->at.line == 0 ? " in " : " at ", out);
			text_place(out, line->at);
		}
		fputc('\n', out);
	}
}

void diag_print_text(const struct diag *d, struct diag_msg *const *sorted, FILE *out)
{
	struct view v = {.file = SIZE_MAX, .line = 1, .offset = 0};
	size_t dropped = d->errors + d->warnings - d->msg_count;

	for (size_t i = 0; i < d->msg_count; i++) {
		const struct diag_msg *m = sorted[i];
		const char *line = NULL;
		size_t len = 0;

		if (m->at.file == NULL) {
			fputs("bulkhead", out);
		} else {
			text_place(out, m->at);
		}
		fprintf(out, ": %s[HV%04u]: ", m->warning ? "warning" : "error", m->code);
		text_put(out, m->text);
		fputc('\n', out);
		if (m->at.file != NULL && m->at.line != 0) {
			line = text_line(d, &v, m, &len);
		}
		if (line != NULL) {
			text_caret(out, m, line, len);
		} else if (m->label != NULL) {
			fputs("  note: ", out);
			text_put(out, m->label);
			fputc('\n', out);
		}
		text_lines(out, "note", m->notes, d->all);
		text_lines(out, "help", m->helps, d->all);
	}
	if (dropped > 0) {
		fprintf(out, "bulkhead: %zu more messages like these are not shown\n", dropped);
	}
}
