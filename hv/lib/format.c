// SPDX-License-Identifier: Apache-2.0
#include "lib/format.h"

#define DIGITS_MAX 20 /* of UINT64_MAX in decimal */

struct out {
	char *buf;
	size_t size;
	size_t used;
};

static void format_char(struct out *o, char c)
{
	if (o->used + 1 < o->size) {
		o->buf[o->used++] = c;
	}
}

/* `kind` is d, u or x. */
static void format_number(struct out *o, uint64_t v, char kind, uint32_t width, char pad)
{
	uint64_t base = kind == 'x' ? 16 : 10;
	char digits[DIGITS_MAX];
	uint32_t n = 0;

	if (kind == 'd' && (int64_t)v < 0) {
		format_char(o, '-');
		v = 0 - v;
	}
	do {
		uint64_t digit = v % base;

		digits[n++] = (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit);
		v /= base;
	} while (v != 0);
	for (; width > n; width--) {
		format_char(o, pad);
	}
	while (n > 0) {
		format_char(o, digits[--n]);
	}
}

size_t format_text(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = {buf, size, 0};

	for (; *fmt != '\0'; fmt++) {
		uint32_t width = 0;
		uint64_t v;
		bool is_long = false;
		char pad = ' ';

		if (*fmt != '%') {
			format_char(&o, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == '0') {
			pad = '0';
		}
		for (; *fmt >= '0' && *fmt <= '9'; fmt++) {
			width = width * 10 + (uint32_t)(*fmt - '0');
		}
		if (*fmt == 'l') {
			is_long = true;
			fmt++;
		}
		switch (*fmt) {
		case 's':
			for (const char *s = va_arg(ap, const char *); *s != '\0'; s++) {
				format_char(&o, *s);
			}
			break;
		case 'c':
			format_char(&o, (char)va_arg(ap, int));
			break;
		case 'd':
		case 'u':
		case 'x':
			v = is_long ? va_arg(ap, uint64_t) : va_arg(ap, uint32_t);
			if (*fmt == 'd' && !is_long) {
				v = (uint64_t)(int32_t)v;
			}
			format_number(&o, v, *fmt, width, pad);
			break;
		case '\0':
			fmt--;
			break;
		default:
			format_char(&o, *fmt);
			break;
		}
	}
	if (size > 0) {
		buf[o.used] = '\0';
	}
	return o.used;
}
