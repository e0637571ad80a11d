// SPDX-License-Identifier: Apache-2.0
#include "mm/unpack.h"

#include "lib/string.h"

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

bool unpack_runs(const struct packed_run *run, uint64_t run_max, uint64_t *words, uint64_t count)
{
	uint64_t at = 0;

	for (uint64_t i = 0; i < run_max; i++, run++) {
		if (run->count == 0) {
			memset(&words[at], 0, (count - at) * sizeof(words[0]));
			return true;
		}
		if (run->skip > count - at || run->count > count - at - run->skip) {
			return false;
		}
		memset(&words[at], 0, run->skip * sizeof(words[0]));
		unpack_fill(&words[at + run->skip], run->count, run->first, run->step);
		at += (uint64_t)run->skip + run->count;
	}
	return false;
}
