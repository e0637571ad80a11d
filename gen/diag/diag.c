/* SPDX-License-Identifier: Apache-2.0 */
#include "diag/diag.h"

#include <stdlib.h>
#include <string.h>

#include "diag/store.h"

const struct pos pos_none = {NULL, 0, 0, 0};

struct diag *diag_new(void)
{
	struct arena *a = arena_new();
	struct diag *d = arena_alloc(a, sizeof(*d));

	d->arena = a;
	return d;
}

void diag_free(struct diag *d)
{
	if (d != NULL) {
		free(d->files);
		free(d->msgs);
		strmap_free(&d->file_index);
		arena_free(d->arena);
	}
}

static size_t diag_file(struct diag *d, const char *name)
{
	size_t index = strmap_get(&d->file_index, name);

	if (index != STRMAP_NONE) {
		return index;
	}
	index = d->file_count++;
	d->files = memory_resize(d->files, d->file_count, sizeof(*d->files));
	d->files[index] = (struct diag_file){.name = arena_copy(d->arena, name, strlen(name))};
	return strmap_add(&d->file_index, d->files[index].name, index);
}

void diag_source(struct diag *d, const char *file, const char *text, size_t len)
{
	size_t index = diag_file(d, file);

	d->files[index].text = text;
	d->files[index].len = len;
}

static struct diag_msg *diag_add(struct diag *d, bool warning, unsigned int code, struct pos at)
{
	struct diag_msg *m;

	if (warning) {
		d->warnings++;
	} else {
		d->errors++;
	}
	if (d->msg_count == DIAG_KEPT_MAX) {
		return &d->dropped;
	}
	m = arena_alloc(d->arena, sizeof(*m));
	m->owner = d;
	m->warning = warning;
	m->code = code;
	m->order = d->msg_count;
	m->file = at.file == NULL ? SIZE_MAX : diag_file(d, at.file);
	m->at = at;
	m->at.file = at.file == NULL ? NULL : d->files[m->file].name;
	m->notes_end = &m->notes;
	m->helps_end = &m->helps;
	d->msgs = memory_resize(d->msgs, d->msg_count + 1, sizeof(struct diag_msg *));
	d->msgs[d->msg_count++] = m;
	return m;
}

struct diag_msg *diag_error(struct diag *d, unsigned int code, struct pos at, const char *fmt, ...)
{
	struct diag_msg *m = diag_add(d, false, code, at);
	va_list ap;

	if (m->owner != NULL) {
		va_start(ap, fmt);
		m->text = arena_vformat(d->arena, fmt, ap);
		va_end(ap);
	}
	return m;
}

struct diag_msg *diag_warning(struct diag *d, unsigned int code, struct pos at, const char *fmt, ...)
{
	struct diag_msg *m = diag_add(d, true, code, at);
	va_list ap;

	if (m->owner != NULL) {
		va_start(ap, fmt);
		m->text = arena_vformat(d->arena, fmt, ap);
		va_end(ap);
	}
	return m;
}

bool diag_kept(const struct diag_msg *m)
{
	return m->owner != NULL;
}

void diag_label(struct diag_msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->owner != NULL) {
		va_start(ap, fmt);
		m->label = arena_vformat(m->owner->arena, fmt, ap);
		va_end(ap);
	}
}

/* A note's place must not outlast its file's name either; but a file that only
 * notes mention takes no part in the order of files. */
static const char *diag_note_file(struct diag *d, const char *name)
{
	size_t known = name == NULL ? STRMAP_NONE : strmap_get(&d->file_index, name);

	if (known != STRMAP_NONE) {
		return d->files[known].name;
	}
	return name == NULL ? NULL : arena_copy(d->arena, name, strlen(name));
}

void diag_note(struct diag_msg *m, struct pos at, const char *fmt, ...)
{
	struct diag_line *line;
	va_list ap;

	if (m->owner != NULL) {
		line = arena_alloc(m->owner->arena, sizeof(*line));
		line->at = at;
		line->at.file = diag_note_file(m->owner, at.file);
		va_start(ap, fmt);
		line->text = arena_vformat(m->owner->arena, fmt, ap);
		va_end(ap);
		*m->notes_end = line;
		m->notes_end = &line->next;
	}
}

void diag_note_all(struct diag_msg *m, const char *fmt, ...)
{
	struct diag_line *line = m->notes;
	va_list ap;

	if (line == NULL) {
		return;
	}
	while (line->next != NULL) {
		line = line->next;
	}
	va_start(ap, fmt);
	line->all = arena_vformat(m->owner->arena, fmt, ap);
	va_end(ap);
}

void diag_show_all(struct diag *d)
{
	d->all = true;
}

void diag_help(struct diag_msg *m, const char *fmt, ...)
{
	struct diag_line *line;
	va_list ap;

	if (m->owner != NULL) {
		line = arena_alloc(m->owner->arena, sizeof(*line));
		va_start(ap, fmt);
		line->text = arena_vformat(m->owner->arena, fmt, ap);
		va_end(ap);
		*m->helps_end = line;
		m->helps_end = &line->next;
	}
}

size_t diag_errors(const struct diag *d)
{
	return d->errors;
}

size_t diag_warnings(const struct diag *d)
{
	return d->warnings;
}

#define COMPARE(a, b) \
	do { \
		if ((a) != (b)) { \
			return (a) < (b) ? -1 : 1; \
		} \
	} while (0)

static int diag_compare(const void *left, const void *right)
{
	const struct diag_msg *a = *(struct diag_msg *const *)left;
	const struct diag_msg *b = *(struct diag_msg *const *)right;

	COMPARE(a->file, b->file);
	COMPARE(a->at.line, b->at.line);
	COMPARE(a->at.col, b->at.col);
	COMPARE(a->order, b->order);
	return 0;
}

void diag_print(const struct diag *d, FILE *out, enum diag_format format)
{
	struct diag_msg **sorted = memory_resize(NULL, d->msg_count, sizeof(struct diag_msg *));

	if (d->msg_count > 0) {
		memcpy(sorted, d->msgs, d->msg_count * sizeof(struct diag_msg *));
		qsort(sorted, d->msg_count, sizeof(struct diag_msg *), diag_compare);
	}
	if (format == DIAG_JSON) {
		diag_print_json(d, sorted, out);
	} else {
		diag_print_text(d, sorted, out);
	}
	free(sorted);
}
