// SPDX-License-Identifier: Apache-2.0
#include "mm/unpack.h"

#include "lib/string.h"

#define COPY_AT_ONCE 4u

/* words[0..count) = first, first + step, ...; four at a time: this is most of the
 * hypervisor's boot. */
static void unpack_fill(uint64_t *words, uint64_t count, uint64_t first, uint64_t step)
{
	uint64_t i = 0;

	for (; i + 4 <= count; i += 4) {
		words[i] = first;
		words[i + 1] = first + step;
		words[i + 2] = first + 2 * step;
		words[i + 3] = first + 3 * step;
		first += 4 * step;
	}
	for (; i < count; i++) {
		words[i] = first;
		first += step;
	}
}

/* Each word is the one `distance` words before it, which may be one of these. Four at
 * a time are read before they are written. */
static void unpack_copy(uint64_t *words, uint64_t count, uint64_t distance)
{
	const uint64_t *from = words - distance;
	uint64_t i = 0;

	for (; i + COPY_AT_ONCE <= count; i += COPY_AT_ONCE) {
		uint64_t a = from[i], b = from[i + 1], c = from[i + 2], d = from[i + 3];
		words[i] = a;
		words[i + 1] = b;
		words[i + 2] = c;
		words[i + 3] = d;
	}
	for (; i < count; i++) {
		words[i] = from[i];
	}
}

/* Groups of group->skip words: each begins group->first above the one before. */
static void unpack_groups(uint64_t *words, uint64_t count, const struct packed_run *run,
			  const struct packed_run *group)
{
	uint64_t first = run->first;

	while (count > group->skip) {
		unpack_fill(words, group->skip, first, run->step);
		words += group->skip;
		count -= group->skip;
		first += group->first;
	}
	unpack_fill(words, count, first, run->step);
}

bool unpack_runs(const struct packed_run *run, uint64_t run_max, uint64_t *words, uint64_t count)
{
	const struct packed_run *end = run + run_max;
	uint64_t at = 0;

	for (; run != end; run++) {
		uint64_t length = run->count & PACKED_LENGTH;
		if (run->count == 0) {
			memset(&words[at], 0, (count - at) * sizeof(words[0]));
			return true;
		}
		if (run->skip > count - at || length > count - at - run->skip) {
			return false;
		}
		memset(&words[at], 0, run->skip * sizeof(words[0]));
		at += run->skip;
		if (length == run->count) {
			unpack_fill(&words[at], length, run->first, run->step);
		} else if (run->count == (length | PACKED_COPY) && run->first >= COPY_AT_ONCE &&
			   run->first <= at) {
			unpack_copy(&words[at], length, run->first);
		} else if (run->count == (length | PACKED_GROUPS) && run + 1 != end && run[1].skip != 0) {
			unpack_groups(&words[at], length, run, run + 1);
			run++;
		} else {
			return false;
		}
		at += length;
	}
	return false;
}
