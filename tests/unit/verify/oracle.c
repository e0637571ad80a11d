// SPDX-License-Identifier: Apache-2.0
#include "oracle.h"

#include <string.h>

#include "types.h"

bool oracle_start(const struct oracle_map *m, int *level, uint64_t *entries)
{
	unsigned int bits = 64 - (unsigned int)(m->control & 63);
	unsigned int shift;

	if ((m->control & 0xc000) != 0 || bits < 25 || bits > 48) {
		return false; /* another granule, or T0SZ out of range */
	}
	if (m->stage2) {
		*level = 2 - (int)(m->control >> 6 & 3);
	} else {
		*level = bits > 39 ? 0 : bits > 30 ? 1 : 2;
	}
	if (*level < 0) {
		return false;
	}
	shift = 12 + 9 * (3 - (unsigned int)*level);
	if (bits <= shift || bits > shift + 13 || (bits > shift + 9 && (*level == 0 || !m->stage2))) {
		return false;
	}
	*entries = BIT64(bits - shift);
	return true;
}

uint64_t oracle_offset(const struct oracle_tables *t, uint64_t pa)
{
	uint64_t linked = pa;

	if (t->colors != 0) {
		uint64_t color = (pa / 4096) % t->colors;
		uint64_t round = (pa - t->home) / (4096 * t->colors);

		if (pa < t->home || color < t->first || color - t->first >= t->count) {
			return UINT64_MAX;
		}
		linked = t->load + (round * t->count + (color - t->first)) * 4096 + pa % 4096;
	}
	return linked >= t->base && linked - t->base < t->size ? linked - t->base : UINT64_MAX;
}

static bool oracle_read(const struct oracle_tables *t, uint64_t pa, uint64_t *word)
{
	uint64_t offset = oracle_offset(t, pa);

	if (offset == UINT64_MAX) {
		return false;
	}
	memcpy(word, t->bytes + offset, 8);
	return true;
}

static uint32_t oracle_access(const struct oracle_map *m, uint64_t word)
{
	uint32_t type = (uint32_t)(m->stage2 ? word >> 2 & 15 : m->mair >> 8 * (word >> 2 & 7) & 0xff);
	bool cached = m->stage2 ? (type & 0xc) > 4 : (type & 0xf0) > 0x40;
	uint32_t access = type << 8;

	access |= (uint32_t)(word >> 54 & 1) << 4;
	access |= m->stage2 ? (uint32_t)(word >> 53 & 1) << 5 | (uint32_t)(word >> 6 & 3)
			    : (uint32_t)(word >> 7 & 1);
	return access | (cached ? (uint32_t)(word >> 8 & 3) << 2 : 0);
}

bool oracle_is_later(uint64_t word, int level)
{
	return word != 0 && (word & 1) == 0 && level > 0 && ((word & 2) != 0) == (level == 3);
}

struct oracle_result oracle_translate(const struct oracle_tables *t, const struct oracle_map *m, uint64_t in)
{
	static const unsigned int sizes[8] = {32, 36, 40, 42, 44, 48, 48, 48};
	const struct oracle_result none = {false, 0, 0};
	unsigned int out_bits = sizes[m->control >> 16 & 7];
	uint64_t root = m->ttbr & 0xfffffffffffe;
	uint64_t entries;
	uint64_t index;
	uint64_t word;
	int level;

	out_bits = out_bits < m->pa_bits ? out_bits : m->pa_bits;
	if (!oracle_start(m, &level, &entries)) {
		return none;
	}
	index = in >> (12 + 9 * (3 - level));
	if (index >= entries) {
		return none;
	}
	/* The root is aligned to its size: lower bits are taken as zero. */
	root &= ~(entries * 8 - 1);
	for (;; level++) {
		unsigned int shift = 12 + 9 * (unsigned int)(3 - level);
		struct oracle_result r;
		bool later;

		if (!oracle_read(t, root + index * 8, &word)) {
			return none;
		}
		later = m->on_demand && oracle_is_later(word, level);
		if ((word & 1) == 0 && !later) {
			return none;
		}
		root = word & 0xfffffffff000;
		if (root >> out_bits != 0) {
			return none;
		}
		if (level < 3 && (word & 2) != 0) {
			index = in >> (shift - 9) & 511;
			continue;
		}
		if (level == 0 || (level == 3 && (word & 2) == 0) || (word & BIT64(10)) == 0) {
			return none;
		}
		r.mapped = true;
		r.pa = (root & ~(BIT64(shift) - 1)) | (in & (BIT64(shift) - 1) & ~UINT64_C(0xfff));
		r.access = oracle_access(m, word) | (later ? (uint32_t)BIT64(31) : 0);
		return r;
	}
}

bool oracle_same(const struct oracle_result *a, const struct oracle_result *b)
{
	return a->mapped == b->mapped && (!a->mapped || (a->pa == b->pa && a->access == b->access));
}
