/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one verification: everything is freed together. Running out of
 * memory ends the program with status 2, so that no caller has to check.
 */
#ifndef VERIFY_MEM_H
#define VERIFY_MEM_H

#include <stddef.h>

struct mem_chunk;

struct mem {
	struct mem_chunk *first;
};

/* Zeroed memory for `count` objects of `size` bytes; overflow counts as none left. */
void *mem_alloc(struct mem *m, size_t count, size_t size);
char *mem_print(struct mem *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for one more element in an array of `*cap` elements that holds `count`:
 * the array, moved when it was full. Old copies stay until mem_free. */
void *mem_grow(struct mem *m, void *array, size_t count, size_t *cap, size_t size);
void mem_free(struct mem *m);

#endif
