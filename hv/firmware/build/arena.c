// SPDX-License-Identifier: Apache-2.0
#include "firmware/build/build.h"
#include "lib/string.h"

bool build_refuse(struct build *b, const char *why, uint64_t value)
{
	if (b->why == NULL) {
		b->why = why;
		b->value = value;
	}
	return false;
}

void *build_take(struct build *b, uint64_t size, uint64_t align)
{
	uint64_t at = ALIGN_UP(b->home.base + b->used, align) - b->home.base;
	uint8_t *p;

	if (at > b->size || size > b->size - at) {
		(void)build_refuse(b, "needs more memory for its tables ('hypervisor: size' of the system file), in bytes",
				   at + size);
		return NULL;
	}
	p = b->bytes + at;
	memset(p, 0, size);
	b->used = at + size;
	return p;
}

void *build_take_written(struct build *b, uint64_t size, uint64_t align)
{
	uint64_t pages = ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE;
	uint8_t *p = build_take(b, pages * PAGE_SIZE, align);

	if (p != NULL) {
		memset(&b->written[(uint64_t)(p - b->bytes) / PAGE_SIZE], 1, pages);
	}
	return p;
}

uint64_t build_va(const struct build *b, const void *p)
{
	return b->home.load + (uint64_t)((const uint8_t *)p - b->bytes);
}

uint64_t build_pa(const struct build *b, const void *p)
{
	return b->home.base + (uint64_t)((const uint8_t *)p - b->bytes);
}

uint64_t *build_at(const struct build *b, uint64_t pa)
{
	return pa - b->home.base < b->size ? (uint64_t *)(void *)(b->bytes + (pa - b->home.base)) : NULL;
}
