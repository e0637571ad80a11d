// SPDX-License-Identifier: Apache-2.0
#include <string.h>

void *memset(void *to, int c, size_t n)
{
	unsigned char *p = to;

	while (n-- != 0) {
		*p++ = (unsigned char)c;
	}
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	unsigned char *p = to;
	const unsigned char *q = from;

	while (n-- != 0) {
		*p++ = *q++;
	}
	return to;
}
