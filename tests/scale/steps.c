// SPDX-License-Identifier: Apache-2.0
/*
 * Counts the steps of a program: the basic blocks that it runs (-fsanitize-coverage=trace-pc)
 * and, 16 bytes a step, what it copies, compares, clears and allocates. The count is the same
 * on every machine and every day, as time is not. At its end it is written to the file that
 * STEPS names.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_BYTES 16u

void __sanitizer_cov_trace_pc(void);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memset(void *to, int c, size_t size);
int __real_memcmp(const void *a, const void *b, size_t size);
int __real_strcmp(const char *a, const char *b);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memset(void *to, int c, size_t size);
int __wrap_memcmp(const void *a, const void *b, size_t size);
int __wrap_strcmp(const char *a, const char *b);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static uint64_t steps;

void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
	steps += size / STEP_BYTES;
	return __real_memmove(to, from, size);
}

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	steps += size / STEP_BYTES;
	return __real_memcpy(to, from, size);
}

void *__wrap_memset(void *to, int c, size_t size)
{
	steps += size / STEP_BYTES;
	return __real_memset(to, c, size);
}

int __wrap_memcmp(const void *a, const void *b, size_t size)
{
	steps += size / STEP_BYTES;
	return __real_memcmp(a, b, size);
}

int __wrap_strcmp(const char *a, const char *b)
{
	steps++;
	return __real_strcmp(a, b);
}

void *__wrap_calloc(size_t count, size_t size)
{
	steps += count * size / STEP_BYTES;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	steps += size / STEP_BYTES;
	return __real_realloc(old, size);
}

__attribute__((destructor)) static void steps_write(void)
{
	const char *path = getenv("STEPS");
	FILE *out = path != NULL ? fopen(path, "w") : NULL;

	if (out != NULL) {
		fprintf(out, "%llu\n", (unsigned long long)steps);
		fclose(out);
	}
}
