/* SPDX-License-Identifier: Apache-2.0 */
#include "util/strmap.h"

#include <stdlib.h>
#include <string.h>

#include "util/arena.h"

#define SLOTS_MIN 16

/* FNV-1a, then mixed so that the low bits depend on all of it. */
static uint64_t strmap_hash(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key != '\0'; key++) {
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	}
	return h ^ (h >> 29);
}

static struct strmap_slot *strmap_find(const struct strmap *m, const char *key, uint64_t hash)
{
	size_t i = (size_t)hash & (m->size - 1);

	while (m->slots[i].key != NULL && (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0)) {
		i = (i + 1) & (m->size - 1);
	}
	return &m->slots[i];
}

static void strmap_grow(struct strmap *m)
{
	struct strmap old = *m;

	m->size = old.size == 0 ? SLOTS_MIN : old.size * 2;
	m->slots = memory_resize(NULL, m->size, sizeof(*m->slots));
	memset(m->slots, 0, m->size * sizeof(*m->slots));
	for (size_t i = 0; i < old.size; i++) {
		if (old.slots[i].key != NULL) {
			*strmap_find(m, old.slots[i].key, old.slots[i].hash) = old.slots[i];
		}
	}
	free(old.slots);
}

size_t strmap_add(struct strmap *m, const char *key, size_t value)
{
	uint64_t hash = strmap_hash(key);
	struct strmap_slot *slot;

	if (m->count * 2 >= m->size) {
		strmap_grow(m);
	}
	slot = strmap_find(m, key, hash);
	if (slot->key == NULL) {
		*slot = (struct strmap_slot){.key = key, .hash = hash, .value = value};
		m->count++;
	}
	return slot->value;
}

size_t strmap_get(const struct strmap *m, const char *key)
{
	const struct strmap_slot *slot;

	if (m->size == 0) {
		return STRMAP_NONE;
	}
	slot = strmap_find(m, key, strmap_hash(key));
	return slot->key == NULL ? STRMAP_NONE : slot->value;
}

void strmap_free(struct strmap *m)
{
	free(m->slots);
	*m = (struct strmap){0};
}
