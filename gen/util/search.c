// SPDX-License-Identifier: Apache-2.0
#include "util/search.h"

#include <string.h>

size_t search_from(const void *list, size_t count, size_t size, size_t field, uint64_t at)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t value;

		memcpy(&value, (const char *)list + middle * size + field, sizeof(value));
		if (value < at) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}
