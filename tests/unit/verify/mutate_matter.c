// SPDX-License-Identifier: Apache-2.0
/* Whether a change to an image's tables changes what anybody reaches. */
#include <string.h>

#include "mutate_priv.h"

static bool mutate_differs(struct mutator *m, const struct oracle_map *before,
			   const struct oracle_tables *old, const struct oracle_map *after, uint64_t in)
{
	struct oracle_result x = oracle_translate(old, before, in);
	struct oracle_result y = oracle_translate(&m->tables, after, in);

	return !oracle_same(&x, &y);
}

static bool mutate_stream_alike(const struct oracle_stream *x, const struct oracle_stream *y)
{
	return x->kind == y->kind && x->vmid == y->vmid && memcmp(&x->map, &y->map, sizeof(x->map)) == 0;
}

static bool mutate_stream_same(struct mutator *m, const struct oracle_stream *x,
			       const struct oracle_tables *t, const struct oracle_stream *y)
{
	if (x->kind != y->kind || x->kind < ORACLE_HELD || x->vmid != y->vmid) {
		return x->kind == y->kind && x->kind < ORACLE_HELD;
	}
	if (memcmp(&x->map, &y->map, sizeof(x->map)) == 0) {
		return true;
	}
	for (size_t i = 0; i < m->leaf_count; i++) {
		if (mutate_differs(m, &x->map, t, &y->map, m->leaves[i].in)) {
			return false;
		}
	}
	return true;
}

bool mutate_streams_matter(struct mutator *m, int smmu, const struct smmu_desc *before,
			   const struct oracle_tables *old)
{
	const struct smmu_desc *after = &m->fields.smmus[smmu];
	unsigned int pa_bits = (unsigned int)m->board->pa_bits;
	struct oracle_stream seen_x = {.kind = ORACLE_ABORT};
	struct oracle_stream seen_y = {.kind = ORACLE_ABORT};

	for (uint64_t id = 0; id < m->board->smmus[smmu].ids; id++) {
		struct oracle_stream x =
			oracle_stream(old, before->strtab_base, before->strtab_cfg, id, pa_bits);
		struct oracle_stream y =
			oracle_stream(&m->tables, after->strtab_base, after->strtab_cfg, id, pa_bits);

		/* Most streams are translated as the one before. */
		if (mutate_stream_alike(&x, &seen_x) && mutate_stream_alike(&y, &seen_y)) {
			continue;
		}
		if (!mutate_stream_same(m, &x, old, &y)) {
			return true;
		}
		seen_x = x;
		seen_y = y;
	}
	return false;
}

static const struct page *mutate_page(const struct mutator *m, const struct change *c)
{
	return &m->pages[(uint64_t)((const uint8_t *)c->word - m->tables.bytes) / PAGE_SIZE];
}

/* Which of its pages a domain with cache colours sees where is the generator's choice: it
 * is no worse with two of them exchanged. */
static bool mutate_exchanged(const struct mutator *m, const struct change *c, size_t count)
{
	const struct page *p = mutate_page(m, c);

	return count == 2 && p->map >= 0 && p->map < (int)m->fields.board->domain_count &&
	       m->fields.domains[p->map].colors.of != 0 && p->map == mutate_page(m, c + 1)->map && p->level == 3 &&
	       mutate_page(m, c + 1)->level == 3 && (c[0].old & 1) != 0 &&
	       ((c[0].old ^ c[1].old) & ~GENMASK64(47, 12)) == 0;
}

bool mutate_matters(struct mutator *m, const struct change *c, size_t count, const uint8_t *good)
{
	struct oracle_tables old = m->tables;

	old.bytes = good;
	if (mutate_exchanged(m, c, count)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t offset = (uint64_t)((const uint8_t *)c[i].word - m->tables.bytes);
		const struct page *p = &m->pages[offset / PAGE_SIZE];
		unsigned int shift = 12 + 9 * (unsigned int)(3 - p->level);
		uint64_t index = offset % PAGE_SIZE / 8;
		struct oracle_map map;

		if (p->smmu >= 0 && mutate_streams_matter(m, p->smmu, &m->fields.smmus[p->smmu], &old)) {
			return true;
		}
		if (p->map < 0 || index >= p->entries) {
			continue;
		}
		map = fields_map(&m->fields, p->map, (unsigned int)m->board->pa_bits);
		for (uint64_t s = 0; s < SAMPLES + WORDS; s++) {
			uint64_t at = s < SAMPLES ? mutate_random(m) : (s - SAMPLES) << (shift - 9);

			at = p->in + (index << shift) + (at & (BIT64(shift) - 1) & ~UINT64_C(0xfff));
			if (mutate_differs(m, &map, &old, &map, at)) {
				return true;
			}
			if (shift == 12) {
				break;
			}
		}
	}
	return false;
}

bool mutate_register_matters(struct mutator *m, const struct oracle_map *before, int map)
{
	struct oracle_map after = fields_map(&m->fields, map, (unsigned int)m->board->pa_bits);

	for (size_t i = 0; i < m->leaf_count; i++) {
		if (m->leaves[i].map == map &&
		    mutate_differs(m, before, &m->tables, &after, m->leaves[i].in)) {
			return true;
		}
	}
	return false;
}
