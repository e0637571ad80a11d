/* SPDX-License-Identifier: Apache-2.0 */
/* Hash map from strings to indices: names are looked up, never searched for. */
#ifndef GEN_UTIL_STRMAP_H
#define GEN_UTIL_STRMAP_H

#include <stddef.h>
#include <stdint.h>

#define STRMAP_NONE SIZE_MAX

struct strmap_slot {
	const char *key; /* NULL: free */
	uint64_t hash;
	size_t value;
};

/* All zero is an empty map. */
struct strmap {
	struct strmap_slot *slots;
	size_t size; /* power of two, or 0 */
	size_t count;
};

/* Adds key -> value unless the key is there; returns the value that is then
 * stored under it. The key is not copied and must outlive the map. */
size_t strmap_add(struct strmap *m, const char *key, size_t value);
/* The value of key, or STRMAP_NONE. */
size_t strmap_get(const struct strmap *m, const char *key);
void strmap_free(struct strmap *m);

#endif
