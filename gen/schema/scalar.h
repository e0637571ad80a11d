/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plain scalar is. YAML programs differ about 0755, yes, 1:30 and the
 * like: only 0, decimal without leading zero, 0x..., true and false are taken.
 */
#ifndef GEN_SCHEMA_SCALAR_H
#define GEN_SCHEMA_SCALAR_H

#include "yaml/node.h"

enum scalar_class {
	SCALAR_TEXT,
	SCALAR_NULL,       /* nothing, ~, null */
	SCALAR_INTEGER,    /* 0, 12, 0x1f */
	SCALAR_BOOLEAN,    /* true, false */
	SCALAR_WORD,       /* yes, No, ON, True: a boolean to some */
	SCALAR_OCTAL,      /* 0755, 08, 0o755 */
	SCALAR_BINARY,     /* 0b11 */
	SCALAR_SEPARATED,  /* 1_000 */
	SCALAR_BASE60,     /* 1:30 */
	SCALAR_FLOAT,      /* 1e3, 1.5, .inf */
	SCALAR_SIGNED,     /* +5, -1 */
	SCALAR_HEX_PREFIX, /* 0XFF */
	SCALAR_DATE,       /* 2026-11-21 */
};

/* Class of a scalar; what stands in quotes, or is no scalar, is text. */
enum scalar_class scalar_classify(const struct node *n);

/* Value of a SCALAR_INTEGER text; false: more than 64 bits. */
bool scalar_number(const char *text, uint64_t *value);

/* How the text is best written when a number (or, for SCALAR_WORD, a boolean) is
 * meant, for the help line; NULL: no idea. `buffer` holds the result. */
const char *scalar_fix(enum scalar_class class, const char *text, char *buffer, size_t size);

/* Why one program reads the text otherwise than another; "..." completes "'0755' ...". */
const char *scalar_reason(enum scalar_class class);

/* "64M", "4 KiB": the number of bytes; false when the text is nothing of the kind. */
bool scalar_size(const char *text, uint64_t *value);

#endif
