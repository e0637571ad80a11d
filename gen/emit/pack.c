// SPDX-License-Identifier: Apache-2.0
#include "emit/pack.h"

#include "util/arena.h"

/* The run that begins at words[at], which is not zero: as long as the words differ
 * by the same step. Zeros are free between runs, so a run ends at one. */
static struct packed_run run_at(const uint64_t *words, size_t count, size_t at)
{
	struct packed_run run = {.count = 1, .first = words[at]};

	if (at + 1 == count || words[at + 1] == 0) {
		return run;
	}
	run.step = words[at + 1] - words[at];
	for (size_t i = at + 1; i < count && words[i] != 0 && words[i] - words[i - 1] == run.step; i++) {
		run.count++;
	}
	return run;
}

/* A stream table entry (IHI 0070, 5.2) in words: what repeats in equal pieces. */
#define PERIOD 8u
#define COPY_MIN (2 * PERIOD)

/* How many words from words[at] on are what lies PERIOD words before them; zeros at
 * the end do not count, as they need no run. */
static size_t copy_length(const uint64_t *words, size_t count, size_t at)
{
	size_t length = 0;

	if (at < PERIOD) {
		return 0;
	}
	for (size_t i = at; i < count && words[i] == words[i - PERIOD]; i++) {
		length = words[i] != 0 ? i + 1 - at : length;
	}
	return length;
}

/* The next run at or behind words[*at], which moves behind it; false: no more. */
static bool run_next(const uint64_t *words, size_t count, size_t *at, struct packed_run *run)
{
	size_t from = *at;

	while (*at < count && words[*at] == 0) {
		(*at)++;
	}
	if (*at == count) {
		return false;
	}
	*run = run_at(words, count, *at);
	size_t length = run->count, copy = copy_length(words, count, *at);
	if (copy >= COPY_MIN && copy > length) {
		*run = (struct packed_run){.count = PACKED_COPY | (uint32_t)copy, .first = PERIOD};
		length = copy;
	}
	run->skip = (uint32_t)(*at - from);
	*at += length;
	return true;
}

size_t pack_count(const uint64_t *words, size_t count)
{
	struct packed_run run;
	size_t runs = 0;

	for (size_t at = 0; run_next(words, count, &at, &run);) {
		runs++;
	}
	return runs;
}

struct packed_run *pack_words(const uint64_t *words, size_t count, size_t *run_count)
{
	size_t runs = pack_count(words, count), i = 0;
	struct packed_run *list = memory_resize(NULL, runs + 1, sizeof(list[0]));

	for (size_t at = 0; run_next(words, count, &at, &list[i]);) {
		i++;
	}
	list[i] = (struct packed_run){0};
	*run_count = runs + 1;
	return list;
}

bool pack_unpack(const struct packed_run *runs, size_t run_count, uint64_t *dst, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		dst[i] = 0;
	}
	for (size_t r = 0; r < run_count; r++) {
		if (runs[r].count == 0) {
			return true;
		}
		bool copy = (runs[r].count & PACKED_COPY) != 0;
		uint32_t length = runs[r].count & ~PACKED_COPY;
		if (runs[r].skip > count - at || length > count - at - runs[r].skip) {
			return false;
		}
		at += runs[r].skip;
		if (copy && (runs[r].first < 4 || runs[r].first > at)) {
			return false;
		}
		for (uint32_t i = 0; i < length; i++, at++) {
			dst[at] = copy ? dst[at - runs[r].first] : runs[r].first + i * runs[r].step;
		}
	}
	return false;
}
