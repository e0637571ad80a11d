/* SPDX-License-Identifier: Apache-2.0 */
/* Is it a text at all? Looked at before the YAML parser sees it. */
#include "yaml/reader.h"

#include <string.h>

struct cursor {
	const char *name;
	uint32_t line;
	uint32_t col;
	bool indent; /* only blanks so far on this line */
};

static struct pos cursor_pos(const struct cursor *c)
{
	return (struct pos){.file = c->name, .line = c->line, .col = c->col, .len = 1};
}

/* Decodes the character at s. Returns its length, 0 when it is no UTF-8
 * (overlong forms and surrogates included). */
static size_t text_decode(const unsigned char *s, size_t left, uint32_t *out)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	unsigned int more = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	uint32_t c = s[0] < 0x80 ? s[0] : s[0] & (0x3fu >> more);

	if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4 || more >= left) {
		return 0;
	}
	for (unsigned int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			return 0;
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
		return 0;
	}
	*out = c;
	return (size_t)more + 1;
}

/* Characters that are no text, that some programs take for a line's end, or that
 * make an editor show the text in another order than it is read. */
static bool text_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

static void text_report_binary(struct diag *d, const struct cursor *c, const char *text, size_t len)
{
	struct diag_msg *m;

	if (memchr(text, '\0', len) != NULL) {
		m = diag_error(d, 103, (struct pos){.file = c->name}, "this is not a text file: it holds NUL bytes");
		diag_help(m, "board and system files are UTF-8 text; UTF-16 and compiled files (.dtb) are not read");
		return;
	}
	m = diag_error(d, 103, cursor_pos(c), "this byte is not UTF-8 text");
	diag_help(m, "save the file as UTF-8");
}

static void text_report_control(struct diag *d, const struct cursor *c, uint32_t ch)
{
	struct diag_msg *m;

	if (ch == 0xfeff && c->line == 1 && c->col == 1) {
		m = diag_error(d, 103, cursor_pos(c), "the file begins with a byte order mark");
		diag_help(m, "save it as UTF-8 without one");
		return;
	}
	m = diag_error(d, 103, cursor_pos(c), "control character U+%04X", ch);
	if (ch == '\r') {
		diag_help(m, "end lines with LF or CR LF");
	} else {
		diag_help(m, "delete it; in double quotes a text may hold it as \\u%04x", ch);
	}
}

/* One message for all tabs: whoever has one has many. */
static bool text_report_tabs(struct diag *d, struct pos first, size_t count)
{
	struct diag_msg *m;

	if (count == 0) {
		return true;
	}
	m = diag_error(d, 104, first, "tab in the indentation");
	if (count > 1) {
		diag_note(m, pos_none, "%zu more %s indented with tabs", count - 1, count == 2 ? "line is" : "lines are");
	}
	diag_help(m, "YAML indents with blanks only; `expand -t 2` replaces tabs");
	return false;
}

bool text_check(struct diag *d, const char *name, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	struct cursor c = {.name = name, .line = 1, .col = 1, .indent = true};
	struct pos tab = pos_none;
	size_t tabs = 0;
	uint32_t ch = 0;

	for (size_t i = 0; i < len;) {
		size_t n = text_decode(s + i, len - i, &ch);
		bool crlf = ch == '\r' && i + 1 < len && s[i + 1] == '\n';

		if (n == 0 || ch == 0) {
			text_report_binary(d, &c, text, len);
			return false;
		}
		if (text_control(ch) && !crlf) {
			text_report_control(d, &c, ch);
			return false;
		}
		if (ch == '\t' && c.indent) {
			tab = tabs == 0 ? cursor_pos(&c) : tab;
			tabs++;
			c.indent = false;
		}
		c.indent = c.indent && ch == ' ';
		c.col++;
		if (ch == '\n') {
			c = (struct cursor){.name = name, .line = c.line + 1, .col = 1, .indent = true};
		}
		i += n;
	}
	return text_report_tabs(d, tab, tabs);
}
