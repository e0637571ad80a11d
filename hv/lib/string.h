/* SPDX-License-Identifier: Apache-2.0 */
/* As in C's <string.h>; the hypervisor's own are arch/string.S. */
#ifndef HV_LIB_STRING_H
#define HV_LIB_STRING_H

#include "types.h"

void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* Whether two strings are the same. */
static inline bool string_same(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

#endif
