/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is freed all at once. Running out of it ends the program with a
 * message, so no caller checks for NULL.
 */
#ifndef GEN_UTIL_ARENA_H
#define GEN_UTIL_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
/* The same for `count` elements; a product that overflows ends the program. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy of len bytes with a NUL behind them. */
char *arena_copy(struct arena *a, const char *text, size_t len);
char *arena_format(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vformat(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* realloc() that ends the program when there is no memory; count * size is
 * checked for overflow. */
void *memory_resize(void *old, size_t count, size_t size);

#endif
