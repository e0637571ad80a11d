/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: everything the generator has to say to a person.
 *
 * All errors of one run are collected, then printed in source order with the
 * line and a caret. A message has a stable code (HVnnnn, listed with its long
 * explanation in codes.c), a primary place, a label under the caret, and any
 * number of notes and helps.
 */
#ifndef GEN_DIAG_DIAG_H
#define GEN_DIAG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A place in a source file; line and col count from 1; line 0: the whole file.
 * len is the number of columns to underline (at least 1). */
struct pos {
	const char *file;
	uint32_t line;
	uint32_t col;
	uint32_t len;
};

struct diag; /* one run's messages */
struct diag_msg;

enum diag_format {
	DIAG_TEXT,
	DIAG_JSON,
};

struct diag *diag_new(void);
void diag_free(struct diag *d);

/* Hands the text of a file over so that carets can be drawn. Copies nothing:
 * `text` must outlive `d`. */
void diag_source(struct diag *d, const char *file, const char *text, size_t len);

/* Adds a message; `code` is for example 201 for HV0201. The result takes labels,
 * notes and helps and stays owned by `d`. The first DIAG_KEPT_MAX messages are
 * kept and printed, the others only counted. */
#define DIAG_KEPT_MAX 1000u
struct diag_msg *diag_error(struct diag *d, unsigned int code, struct pos at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
struct diag_msg *diag_warning(struct diag *d, unsigned int code, struct pos at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* False for a message that is only counted: what would go into its helps need not
 * be searched for. */
bool diag_kept(const struct diag_msg *m);
/* Text beside the caret. */
void diag_label(struct diag_msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "note: TEXT at FILE:LINE:COL"; with at.file NULL just "note: TEXT". So a text
 * with a place reads like "'sdhi3' is [..), declared" or "first use". */
void diag_note(struct diag_msg *m, struct pos at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What the note added last says in full: it stands in its place in JSON, and in text
 * after diag_show_all(). */
void diag_note_all(struct diag_msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "help: ...": the exact edit. */
void diag_help(struct diag_msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Reports that a file cannot be written, as errno has it; false. */
bool diag_unwritten(struct diag *d, const char *path);
/* Ends a file: NULL, if it could not be opened. False, after reporting, if it is not all there. */
bool diag_close(struct diag *d, FILE *out, const char *path);

size_t diag_errors(const struct diag *d);
size_t diag_warnings(const struct diag *d);
/* Text shows lists in full, as JSON always does. */
void diag_show_all(struct diag *d);
/* Sorted by file (in order of first use), line, column. */
void diag_print(const struct diag *d, FILE *out, enum diag_format format);

/* The candidate nearest to `word` by edit distance, or NULL when none is near
 * enough to be what was meant. `candidates` ends with NULL. */
const char *diag_suggest(const char *word, const char *const *candidates);
/* The same for `count` names that need not end with NULL; NULL entries are skipped. */
const char *diag_suggest_among(const char *word, const char *const *candidates, size_t count);

/* The long explanation of a code (codes.def), or NULL. */
const char *diag_explain(unsigned int code);
/* One line that says what a code is about, or NULL. */
const char *diag_title(unsigned int code);
/* Codes in ascending order, for listing them; 0 past the last. */
unsigned int diag_code_at(size_t index);

extern const struct pos pos_none;

#endif
