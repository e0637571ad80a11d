// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <inttypes.h>

#include "types.h"

/* Bytes of the UTF-8 character at s, 0: it is none, or a control character. */
static size_t char_bytes(const unsigned char *s)
{
	static const struct {
		unsigned char mask;
		unsigned char lead;
		uint32_t min;
	} forms[] = {{0x80, 0x00, 0x20}, {0xe0, 0xc0, 0xa0}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t n = 0; n < ARRAY_SIZE(forms); n++) {
		uint32_t c = s[0] & (unsigned char)~forms[n].mask;
		size_t i = 1;

		if ((s[0] & forms[n].mask) != forms[n].lead) {
			continue;
		}
		for (; i <= n && (s[i] & 0xc0) == 0x80; i++) {
			c = c << 6 | (s[i] & 0x3f);
		}
		bool surrogate = c >= 0xd800 && c < 0xe000;
		bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
		if (i > n && c >= forms[n].min && c != 0x7f && c < 0x110000 && !surrogate && !direction) {
			return n + 1;
		}
		return 0;
	}
	return 0;
}

static size_t char_put(FILE *out, const char *s)
{
	size_t n = char_bytes((const unsigned char *)s);

	switch (s[0]) {
	case '&':
		fputs("&amp;", out);
		break;
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	case '\'':
		fputs("&#39;", out);
		break;
	case '\n':
	case '\t':
		fputc(s[0], out);
		break;
	default:
		if (n == 0) {
			fputs("\xef\xbf\xbd", out);
		}
		fwrite(s, 1, n, out);
	}
	return n == 0 ? 1 : n;
}

void html_text(FILE *out, const char *s)
{
	while (*s != '\0') {
		s += char_put(out, s);
	}
}

void html_text_cut(FILE *out, const char *s, size_t max)
{
	size_t count = 0;

	for (const char *c = s; *c != '\0'; count++) {
		size_t n = char_bytes((const unsigned char *)c);
		c += n == 0 ? 1 : n;
	}
	for (size_t i = 0; *s != '\0' && i + (count > max) < max; i++) {
		s += char_put(out, s);
	}
	if (count > max) {
		fputs("\xe2\x80\xa6", out);
	}
}

void html_size(FILE *out, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
	unsigned int unit = 0;
	uint64_t whole = bytes, rest = 0;

	while (whole >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		rest = whole % 1024;
		whole /= 1024;
		unit++;
	}
	fprintf(out, "%" PRIu64, whole);
	if (rest != 0) {
		fprintf(out, ".%02" PRIu64, rest * 100 / 1024);
	}
	fprintf(out, "\xc2\xa0%s", unit == 0 && whole == 1 ? "byte" : units[unit]);
}

void html_range(FILE *out, uint64_t base, uint64_t size)
{
	fprintf(out, "<code>0x%" PRIx64 "<wbr>\xe2\x80\x93" "0x%" PRIx64 "</code>", base, base + (size - 1));
}

void table_begin(struct table *t, FILE *out, const char *caption, const char *const *heads, size_t count)
{
	*t = (struct table){.out = out, .heads = heads, .count = count};
	fprintf(out, "<table>\n<caption>%s</caption>\n<thead><tr>", caption);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "<th scope=\"col\">%s</th>", heads[i]);
	}
	fputs("</tr></thead>\n<tbody>", out);
}

static void cell_end(struct table *t)
{
	if (t->column != 0) {
		fputs(t->column == 1 ? "</th>" : "</div></td>", t->out);
	}
}

void table_row(struct table *t)
{
	cell_end(t);
	t->column = 0;
	fputs("\n<tr>", t->out);
}

void table_cell(struct table *t)
{
	cell_end(t);
	if (t->column++ == 0) {
		fputs("<th scope=\"row\">", t->out);
	} else {
		fprintf(t->out, "<td data-l=\"%s\"><div>", t->heads[t->column - 1]);
	}
}

void table_end(struct table *t)
{
	cell_end(t);
	fputs("\n</tbody></table>\n", t->out);
}
