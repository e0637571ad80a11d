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
#define GROUPS_MIN 4u /* fewer groups take no more as runs */

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

/* How many words from words[at] on are in groups of `group` words, `*jump` apart. */
static size_t groups_length(const uint64_t *words, size_t count, size_t at, size_t group, uint64_t *jump)
{
	size_t length = group;

	if (at + group >= count || words[at + group] == 0) {
		return 0;
	}
	*jump = words[at + group] - words[at];
	while (at + length < count && words[at + length] != 0 &&
	       words[at + length] == words[at + length - group] + *jump) {
		length++;
	}
	return length;
}

/* The next run at or behind words[*at], which moves behind it, in one entry or two;
 * 0: no more. */
static size_t run_next(const uint64_t *words, size_t count, size_t *at, struct packed_run run[2])
{
	size_t from = *at, entries = 1;
	uint64_t jump = 0;

	while (*at < count && words[*at] == 0) {
		(*at)++;
	}
	if (*at == count) {
		return 0;
	}
	run[0] = run_at(words, count, *at);
	size_t length = run[0].count, copy = copy_length(words, count, *at);
	size_t groups = groups_length(words, count, *at, length, &jump);
	if (groups >= GROUPS_MIN * length && groups > copy) {
		run[1] = (struct packed_run){.skip = (uint32_t)length, .first = jump};
		run[0].count = PACKED_GROUPS | (uint32_t)groups;
		length = groups;
		entries = 2;
	} else if (copy >= COPY_MIN && copy > length) {
		run[0] = (struct packed_run){.count = PACKED_COPY | (uint32_t)copy, .first = PERIOD};
		length = copy;
	}
	run[0].skip = (uint32_t)(*at - from);
	*at += length;
	return entries;
}

size_t pack_count(const uint64_t *words, size_t count)
{
	struct packed_run run[2];
	size_t entries, all = 0;

	for (size_t at = 0; (entries = run_next(words, count, &at, run)) != 0;) {
		all += entries;
	}
	return all;
}

struct packed_run *pack_words(const uint64_t *words, size_t count, size_t *run_count)
{
	size_t room = pack_count(words, count), i = 0, entries;
	struct packed_run *list = memory_resize(NULL, room + 2, sizeof(list[0]));

	for (size_t at = 0; (entries = run_next(words, count, &at, &list[i])) != 0;) {
		i += entries;
	}
	list[i] = (struct packed_run){0};
	*run_count = i + 1;
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
		bool copy = (runs[r].count & PACKED_COPY) != 0, groups = (runs[r].count & PACKED_GROUPS) != 0;
		uint32_t length = runs[r].count & (uint32_t)PACKED_LENGTH, group = UINT32_MAX;
		uint64_t jump = 0;
		if (runs[r].skip > count - at || length > count - at - runs[r].skip) {
			return false;
		}
		at += runs[r].skip;
		if (copy && (groups || runs[r].first < 4 || runs[r].first > at)) {
			return false;
		}
		if (groups) {
			if (r + 1 == run_count || runs[r + 1].skip == 0) {
				return false;
			}
			group = runs[r + 1].skip;
			jump = runs[r + 1].first;
		}
		for (uint32_t i = 0; i < length; i++, at++) {
			uint64_t value = runs[r].first + i / group * jump + i % group * runs[r].step;
			dst[at] = copy ? dst[at - runs[r].first] : value;
		}
		r += groups ? 1 : 0;
	}
	return false;
}
