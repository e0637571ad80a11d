/* SPDX-License-Identifier: Apache-2.0 */
/* How messages are kept; only gen/diag includes this. */
#ifndef GEN_DIAG_STORE_H
#define GEN_DIAG_STORE_H

#include "diag/diag.h"
#include "util/arena.h"
#include "util/strmap.h"

struct diag_file {
	const char *name;
	const char *text; /* NULL: not known */
	size_t len;
};

struct diag_line {
	struct diag_line *next;
	struct pos at; /* file NULL: none */
	const char *text;
	const char *all; /* the text in full; NULL: it is */
};

struct diag_msg {
	struct diag *owner; /* NULL: only counted, takes nothing */
	bool warning;
	unsigned int code;
	size_t order; /* of arrival */
	size_t file;  /* index into files; SIZE_MAX: no file */
	struct pos at;
	const char *text;
	const char *label;
	struct diag_line *notes;
	struct diag_line **notes_end;
	struct diag_line *helps;
	struct diag_line **helps_end;
};

struct diag {
	struct arena *arena;
	struct diag_file *files;
	size_t file_count;
	struct strmap file_index;
	struct diag_msg **msgs;
	size_t msg_count;
	struct diag_msg dropped; /* stands for all beyond DIAG_KEPT_MAX */
	size_t errors;
	size_t warnings;
	bool all; /* text shows lists in full */
};

void diag_print_text(const struct diag *d, struct diag_msg *const *sorted, FILE *out);
void diag_print_json(const struct diag *d, struct diag_msg *const *sorted, FILE *out);

/* Bytes of the UTF-8 character at s (1 to 4), or 0 when it is none or must not
 * reach a terminal: control characters. left > 0. */
size_t diag_char(const char *s, size_t left);

#endif
