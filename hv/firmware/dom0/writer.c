// SPDX-License-Identifier: Apache-2.0
#include "firmware/dom0/dom0.h"
#include "lib/string.h"

#define TABLE_CHECKSUM 9u

static bool writer_has(const struct dom0_writer *w, uint64_t at, uint64_t size)
{
	return at <= w->size && size <= w->size - at;
}

uint64_t writer_take(struct dom0_writer *w, uint64_t size, uint64_t align)
{
	uint64_t at = ALIGN_UP(w->used, align);

	w->used = at + size;
	return at;
}

void writer_put(const struct dom0_writer *w, uint64_t at, const void *from, uint64_t size)
{
	if (writer_has(w, at, size)) {
		memcpy(w->bytes + at, from, size);
	}
}

void writer_le(const struct dom0_writer *w, uint64_t at, uint64_t value, uint32_t size)
{
	writer_put(w, at, &value, size);
}

void writer_be(const struct dom0_writer *w, uint64_t at, uint64_t value, uint32_t size)
{
	uint64_t swapped = __builtin_bswap64(value) >> (64 - 8 * size);

	writer_put(w, at, &swapped, size);
}

void writer_sum(const struct dom0_writer *w, uint64_t at, uint64_t size, uint64_t sum)
{
	uint8_t total = 0;

	if (!writer_has(w, at, size)) {
		return;
	}
	w->bytes[sum] = 0;
	for (uint64_t i = 0; i < size; i++) {
		total = (uint8_t)(total + w->bytes[at + i]);
	}
	w->bytes[sum] = (uint8_t)-total;
}

uint64_t writer_table(struct dom0_writer *w, const struct acpi_table *t, uint32_t size)
{
	uint64_t at = writer_take(w, size, sizeof(uint64_t));

	writer_put(w, at, t->bytes, size);
	return at;
}

void writer_close(const struct dom0_writer *w, uint64_t at)
{
	writer_le(w, at + TABLE_LENGTH, w->used - at, sizeof(uint32_t));
	writer_sum(w, at, w->used - at, at + TABLE_CHECKSUM);
}
