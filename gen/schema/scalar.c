/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/scalar.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"

/* True when all of s, and at least one character, is in the set. */
static bool all_of(const char *s, const char *set)
{
	return s[0] != '\0' && s[strspn(s, set)] == '\0';
}

static bool is_word(const char *s, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcasecmp(s, *words) == 0) {
			return true;
		}
	}
	return false;
}

/* [0-9]*.[0-9]*([eE][-+]?[0-9]+)? with a digit and a point or an exponent. */
static bool is_float(const char *s)
{
	size_t whole = strspn(s, DIGITS);
	bool point = s[whole] == '.';
	size_t fraction = point ? strspn(s + whole + 1, DIGITS) : 0;
	const char *end = s + whole + fraction + (point ? 1 : 0);

	if (strcasecmp(s, ".inf") == 0 || strcasecmp(s, ".nan") == 0) {
		return true;
	}
	if (whole + fraction == 0) {
		return false;
	}
	if (*end == 'e' || *end == 'E') {
		end++;
		end += *end == '+' || *end == '-' ? 1 : 0;
		return all_of(end, DIGITS);
	}
	return point && *end == '\0';
}

static bool is_base60(const char *s)
{
	const char *part = strchr(s, ':');

	return part != NULL && s[0] >= '0' && s[0] <= '9' && all_of(s, DIGITS ":") && part[1] != '\0' &&
	       strstr(s, "::") == NULL && s[strlen(s) - 1] != ':';
}

static bool is_date(const char *s)
{
	return strspn(s, DIGITS) == 4 && s[4] == '-' && all_of(s + 5, DIGITS "-") && strchr(s + 5, '-') != NULL;
}

static bool is_separated(const char *s)
{
	const char *digits = strncmp(s, "0x", 2) == 0 || strncmp(s, "0b", 2) == 0 ? s + 2 : s;

	return strchr(s, '_') != NULL && s[0] >= '0' && s[0] <= '9' && all_of(digits, HEX_DIGITS "_") &&
	       (digits != s || all_of(s, DIGITS "_"));
}

/* Class of a number without sign; SCALAR_TEXT: it is none. */
static enum scalar_class classify_number(const char *s)
{
	if (strncmp(s, "0x", 2) == 0 && all_of(s + 2, HEX_DIGITS)) {
		return SCALAR_INTEGER;
	}
	if (strncmp(s, "0X", 2) == 0 && all_of(s + 2, HEX_DIGITS)) {
		return SCALAR_HEX_PREFIX;
	}
	if (s[0] == '0' && (s[1] == 'o' || s[1] == 'O') && all_of(s + 2, DIGITS)) {
		return SCALAR_OCTAL;
	}
	if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B') && all_of(s + 2, "01")) {
		return SCALAR_BINARY;
	}
	if (all_of(s, DIGITS)) {
		return s[0] == '0' && s[1] != '\0' ? SCALAR_OCTAL : SCALAR_INTEGER;
	}
	if (is_separated(s)) {
		return SCALAR_SEPARATED;
	}
	if (is_base60(s)) {
		return SCALAR_BASE60;
	}
	return is_float(s) ? SCALAR_FLOAT : SCALAR_TEXT;
}

enum scalar_class scalar_classify(const struct node *n)
{
	static const char *const nulls[] = {"~", "null", NULL};
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", NULL};
	const char *s = n->text;

	if (n->kind != NODE_SCALAR || n->quoted) {
		return SCALAR_TEXT;
	}
	if (s[0] == '\0' || is_word(s, nulls)) {
		return SCALAR_NULL;
	}
	if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0) {
		return SCALAR_BOOLEAN;
	}
	if (is_word(s, words)) {
		return SCALAR_WORD;
	}
	if (is_date(s)) {
		return SCALAR_DATE;
	}
	if (s[0] == '+' || s[0] == '-') {
		return classify_number(s + 1) == SCALAR_TEXT ? SCALAR_TEXT : SCALAR_SIGNED;
	}
	return classify_number(s);
}

bool scalar_number(const char *text, uint64_t *value)
{
	errno = 0;
	*value = strtoull(text, NULL, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	return errno == 0;
}

const char *scalar_reason(enum scalar_class class)
{
	switch (class) {
	case SCALAR_WORD:
		return "is a boolean to some YAML programs and a text to others";
	case SCALAR_OCTAL:
		return "is octal to some YAML programs, decimal or a text to others";
	case SCALAR_BINARY:
	case SCALAR_SEPARATED:
	case SCALAR_SIGNED:
	case SCALAR_HEX_PREFIX:
		return "is a number to some YAML programs and a text to others";
	case SCALAR_BASE60:
		return "is a number to base 60 to some YAML programs and a text to others";
	case SCALAR_FLOAT:
		return "is a floating-point number to some YAML programs and a text to others";
	case SCALAR_DATE:
		return "is a date to some YAML programs and a text to others";
	case SCALAR_NULL:
		return "is no value at all to some YAML programs and a text to others";
	default:
		return "is no text";
	}
}

/* Reads digits to `base`, passing over '_'; false when there are others or too many. */
static bool fix_digits(const char *s, unsigned int base, uint64_t *value)
{
	uint64_t v = 0;

	for (; *s != '\0'; s++) {
		unsigned int digit = *s <= '9' ? (unsigned int)(*s - '0') : ((unsigned int)*s | 0x20) - 'a' + 10;

		if (*s == '_') {
			continue;
		}
		if (digit >= base || __builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, digit, &v)) {
			return false;
		}
	}
	*value = v;
	return true;
}

static bool fix_base60(const char *s, uint64_t *value)
{
	uint64_t v = 0;

	while (*s != '\0') {
		char *end;
		uint64_t part = strtoull(s, &end, 10);

		if (part > 1000000 || __builtin_mul_overflow(v, 60, &v) || __builtin_add_overflow(v, part, &v)) {
			return false;
		}
		s = *end == ':' ? end + 1 : end;
	}
	*value = v;
	return true;
}

/* A float that is a whole number below 2^53. */
static bool fix_float(const char *s, uint64_t *value)
{
	char *end;
	double v = strtod(s, &end);

	if (*end != '\0' || !(v >= 0 && v < 0x1p53)) {
		return false;
	}
	*value = (uint64_t)v;
	return (double)*value == v;
}

const char *scalar_fix(enum scalar_class class, const char *text, char *buffer, size_t size)
{
	const char *s = text + strspn(text, "+");
	bool prefix = strncasecmp(s, "0x", 2) == 0 || strncasecmp(s, "0b", 2) == 0 || strncasecmp(s, "0o", 2) == 0;
	uint64_t v = 0;
	uint64_t decimal = 0;

	switch (class) {
	case SCALAR_WORD:
		return strchr("yYtT", text[0]) != NULL || strcasecmp(text, "on") == 0 ? "true" : "false";
	case SCALAR_OCTAL:
		if (fix_digits(prefix ? s + 2 : s, 8, &v)) {
			if (!prefix && fix_digits(s, 10, &decimal) && decimal != v) {
				(void)snprintf(buffer, size, "%" PRIu64 " (or %" PRIu64 " if octal was meant)",
					       decimal, v);
				return buffer;
			}
			break;
		}
		if (prefix || !fix_digits(s, 10, &v)) {
			return NULL;
		}
		break;
	case SCALAR_BINARY:
		if (!fix_digits(s + 2, 2, &v)) {
			return NULL;
		}
		break;
	case SCALAR_SEPARATED:
	case SCALAR_HEX_PREFIX:
	case SCALAR_SIGNED:
		if (!fix_digits(prefix ? s + 2 : s, prefix && (s[1] | 0x20) == 'x' ? 16 : 10, &v)) {
			return NULL;
		}
		(void)snprintf(buffer, size, prefix ? "0x%" PRIx64 : "%" PRIu64, v);
		return buffer;
	case SCALAR_BASE60:
		if (!fix_base60(s, &v)) {
			return NULL;
		}
		break;
	case SCALAR_FLOAT:
		if (!fix_float(s, &v)) {
			return NULL;
		}
		break;
	default:
		return NULL;
	}
	(void)snprintf(buffer, size, "%" PRIu64, v);
	return buffer;
}

bool scalar_size(const char *text, uint64_t *value)
{
	static const char letters[] = "KMGT";
	size_t digits = strspn(text, DIGITS);
	const char *unit = text + digits + (text[digits] == ' ' ? 1 : 0);
	const char *letter = *unit == '\0' ? NULL : strchr(letters, *unit & ~0x20);

	if (digits == 0 || digits > 9 || letter == NULL ||
	    (strcasecmp(unit + 1, "") != 0 && strcasecmp(unit + 1, "b") != 0 && strcasecmp(unit + 1, "ib") != 0)) {
		return false;
	}
	*value = strtoull(text, NULL, 10);
	return !__builtin_mul_overflow(*value, UINT64_C(1) << (10 * (letter - letters + 1)), value);
}
