/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest name by edit distance. */
#include <string.h>

#include "diag/diag.h"

#define WORD_MAX 64

/* Edits that still count as a slip of the fingers. */
static unsigned int suggest_limit(size_t len)
{
	return len <= 2 ? 1 : len <= 5 ? 2 : 3;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Insertions, deletions, replacements and swaps of neighbours; both words are
 * at most WORD_MAX long. From `limit` on any number as large will do. */
static unsigned int suggest_distance(const char *a, size_t a_len, const char *b, size_t b_len,
				     unsigned int limit)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int least_before = 0;

	for (unsigned int j = 0; j <= b_len; j++) {
		rows[0][j] = j;
	}
	for (unsigned int i = 1; i <= a_len; i++) {
		unsigned int *now = rows[i % 3];
		const unsigned int *last = rows[(i + 2) % 3];
		const unsigned int *before = rows[(i + 1) % 3];

		unsigned int least = i;

		now[0] = i;
		for (unsigned int j = 1; j <= b_len; j++) {
			unsigned int same = a[i - 1] == b[j - 1] ? 0 : 1;

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < now[j]) {
				now[j] = before[j - 2] + 1;
			}
			least = now[j] < least ? now[j] : least;
		}
		/* What follows is built on the last two rows. */
		if (least >= limit && least_before >= limit) {
			return limit;
		}
		least_before = least;
	}
	return rows[a_len % 3][b_len];
}

/* Which letters a word has: two words k edits apart differ in at most 2k bits. */
static uint64_t suggest_letters(const char *word)
{
	uint64_t set = 0;

	for (; *word != '\0'; word++) {
		set |= UINT64_C(1) << ((unsigned char)*word & 63);
	}
	return set;
}

const char *diag_suggest_among(const char *word, const char *const *candidates, size_t count)
{
	size_t len = strnlen(word, WORD_MAX + 1);
	unsigned int best = suggest_limit(len) + 1;
	uint64_t letters;
	const char *nearest = NULL;

	if (len == 0 || len > WORD_MAX) {
		return NULL;
	}
	letters = suggest_letters(word);
	for (size_t i = 0; i < count && best > 1; i++) {
		size_t other = candidates[i] == NULL ? 0 : strnlen(candidates[i], WORD_MAX + 1);
		size_t gap = other > len ? other - len : len - other;
		unsigned int d;

		if (other == 0 || other > WORD_MAX || gap >= best ||
		    (unsigned int)__builtin_popcountll(letters ^ suggest_letters(candidates[i])) > 2 * (best - 1)) {
			continue;
		}
		d = suggest_distance(word, len, candidates[i], other, best);
		/* Replacing every letter is no slip. */
		if (d < best && d < len && d < other) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

const char *diag_suggest(const char *word, const char *const *candidates)
{
	size_t count = 0;

	while (candidates[count] != NULL) {
		count++;
	}
	return diag_suggest_among(word, candidates, count);
}
