/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of HTML. Whatever comes from a file of the user's goes through html_text(). */
#ifndef GEN_REPORT_HTML_H
#define GEN_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Text, or an attribute's value in quotes: escaped; what is not UTF-8 and control
 * characters become U+FFFD. */
void html_text(FILE *out, const char *s);
/* The same, cut to `max` characters, the last an ellipsis. */
void html_text_cut(FILE *out, const char *s, size_t max);
/* "512 KiB", "3.94 GiB". */
void html_size(FILE *out, uint64_t bytes);
/* A range of addresses, first to last byte, that breaks between the two. */
void html_range(FILE *out, uint64_t base, uint64_t size);

/* A table whose rows become blocks on a narrow screen, each cell with its column's head
 * before it. The first cell of a row is its title. */
struct table {
	FILE *out;
	const char *const *heads;
	size_t count;
	size_t column;
};
void table_begin(struct table *t, FILE *out, const char *caption, const char *const *heads, size_t count);
void table_row(struct table *t);
/* Ends the cell before and begins the next. */
void table_cell(struct table *t);
void table_end(struct table *t);

#endif
