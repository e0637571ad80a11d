// SPDX-License-Identifier: Apache-2.0
#include "mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mem_chunk {
	struct mem_chunk *next;
	alignas(max_align_t) unsigned char bytes[];
};

void *mem_alloc(struct mem *m, size_t count, size_t size)
{
	size_t room = SIZE_MAX - sizeof(struct mem_chunk);
	struct mem_chunk *chunk = NULL;

	if (size == 0 || count <= room / size) {
		chunk = calloc(1, sizeof(*chunk) + count * size);
	}
	if (chunk == NULL) {
		fputs("bulkhead-verify: out of memory\n", stderr);
		exit(2);
	}
	chunk->next = m->first;
	m->first = chunk;
	return chunk->bytes;
}

char *mem_print(struct mem *m, const char *fmt, ...)
{
	va_list ap;
	va_list again;
	int length;
	char *text;

	va_start(ap, fmt);
	va_copy(again, ap);
	length = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (length < 0) {
		length = 0;
	}
	text = mem_alloc(m, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, fmt, again);
	va_end(again);
	return text;
}

void *mem_grow(struct mem *m, void *array, size_t count, size_t *cap, size_t size)
{
	void *moved;

	if (count < *cap) {
		return array;
	}
	*cap = *cap == 0 ? 8 : *cap * 2;
	moved = mem_alloc(m, *cap, size);
	if (count > 0) {
		memcpy(moved, array, count * size);
	}
	return moved;
}

void mem_free(struct mem *m)
{
	while (m->first != NULL) {
		struct mem_chunk *next = m->first->next;

		free(m->first);
		m->first = next;
	}
}
