/* SPDX-License-Identifier: Apache-2.0 */
#include "util/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 << 10)
#define ALIGNMENT _Alignof(max_align_t)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks; /* allocations come from the first */
};

static void memory_none(void)
{
	fputs("bulkhead: out of memory\n", stderr);
	exit(1);
}

void *memory_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		memory_none();
	}
	p = realloc(old, bytes == 0 ? 1 : bytes);
	if (p == NULL) {
		memory_none();
	}
	return p;
}

struct arena *arena_new(void)
{
	struct arena *a = memory_resize(NULL, 1, sizeof(*a));

	a->blocks = NULL;
	return a;
}

void arena_free(struct arena *a)
{
	struct block *b = a == NULL ? NULL : a->blocks;

	while (b != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	free(a);
}

static struct block *arena_grow(struct arena *a, size_t size)
{
	size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
	struct block *b;

	if (room > SIZE_MAX - sizeof(*b)) {
		memory_none();
	}
	b = memory_resize(NULL, 1, sizeof(*b) + room);
	b->used = 0;
	b->size = room;
	/* A big allocation goes behind the block that still has room. */
	if (room != BLOCK_SIZE && a->blocks != NULL) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->blocks;
	void *p;

	if (size > SIZE_MAX - ALIGNMENT) {
		memory_none();
	}
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (b == NULL || b->size - b->used < size) {
		b = arena_grow(a, size);
	}
	p = b->bytes + b->used;
	b->used += size;
	memset(p, 0, size);
	return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		memory_none();
	}
	return arena_alloc(a, bytes);
}

char *arena_copy(struct arena *a, const char *text, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, text, len);
	return p;
}

char *arena_vformat(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0) {
		va_end(again);
		return arena_copy(a, "", 0);
	}
	p = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_format(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vformat(a, fmt, ap);
	va_end(ap);
	return p;
}
