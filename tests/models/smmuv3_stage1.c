// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3 model: stage 1 (DDI 0487 D8.2, IHI 0070 3.4, 5.4), each address of it through
 * stage 2 if there is one, and the TLB of what both make together. A leaf of stage 1 that
 * is larger than stage 2's is cached in pieces: for the architecture an invalidation of
 * any address in the leaf takes all of them, for QEMU the one piece that was named.
 */
#include "models/smmuv3_priv.h"

struct walk {
	const struct stream *s;
	const struct context *c;
	const struct smmum_access *a;
	uint32_t n; /* which TTB */
	uint32_t granule;
	uint32_t va_bits;
	uint32_t pa_bits;
};

static bool stage1_fault(struct fault *f, uint32_t event, enum class class, uint64_t third)
{
	*f = (struct fault){.event = event, .has_access = true, .class = class, .third = third};
	return false;
}

/* Which of the two halves the address is in. False: in neither, or that has no tables. */
static bool stage1_choose(struct walk *w)
{
	static const uint8_t granules[2][4] = {{12, 16, 14, 0}, {0, 14, 12, 16}};
	uint64_t cd = w->c->cd[0];
	uint32_t high;
	uint64_t top;

	w->n = (w->a->address >> 55 & 1) != 0;
	w->granule = granules[w->n][bits(cd, 7 + 16 * w->n, 6 + 16 * w->n)];
	w->va_bits = 64 - (uint32_t)bits(cd, 5 + 16 * w->n, 16 * w->n);
	/* EPDn; the bits above are all equal, but for the top byte with TBIn. */
	if ((cd >> (14 + 16 * w->n) & 1) != 0) {
		return false;
	}
	high = (cd >> (38 + w->n) & 1) != 0 ? 55 : 63;
	top = bits(w->a->address, high, w->va_bits);
	return top == (w->n == 0 ? 0 : bits(UINT64_MAX, high, w->va_bits));
}

static uint32_t stage1_shift(const struct walk *w, uint32_t level)
{
	return w->granule + (w->granule - 3) * (3 - level);
}

/* Where the descriptor of a level is. QEMU looks up the table, and that of the first
 * level was looked up with the CD; so a table may not be larger than stage 2's pages. */
static bool stage1_locate(struct smmum *m, const struct walk *w, uint64_t table, uint64_t index, bool first,
			  uint64_t *at, struct fault *f)
{
	const struct want want = {.cached = true, .class = CLASS_TT};
	uint64_t look = m->config.qemu ? table : table + 8 * index;
	struct tlb_entry leaf;

	*at = table + 8 * index;
	if (!w->s->stage2) {
		return true;
	}
	if (m->config.qemu && first) {
		*at = w->c->root[w->n] + 8 * index;
		return true;
	}
	if (!smmum_stage2(m, w->s, look, &want, &leaf, f)) {
		if (m->config.qemu) {
			f->stage2 = false;
			f->reads = false;
		}
		return false;
	}
	*at = smmum_output(&leaf, look) + (m->config.qemu ? 8 * index : 0);
	return true;
}

/* APTable, XNTable and the like hold for all below; HADn turns that off. */
static void stage1_inherit(const struct walk *w, uint64_t desc, struct pair_entry *e)
{
	if ((w->c->cd[1 + w->n] & 2) == 0) {
		e->read_only |= (desc & BIT64(62)) != 0;
		e->privileged |= (desc & BIT64(61)) != 0;
		e->no_fetch |= (desc & BIT64(60)) != 0;
	}
}

static void stage1_leaf(const struct smmum *m, const struct walk *w, uint64_t desc, uint32_t level,
			struct pair_entry *e)
{
	uint64_t size = UINT64_C(1) << stage1_shift(w, level);

	e->level = level;
	e->asid = (uint32_t)bits(w->c->cd[0], 63, 48);
	e->global = (desc & BIT64(11)) == 0 && !m->config.qemu;
	e->read_only |= (desc & BIT64(7)) != 0;
	e->privileged |= (desc & BIT64(6)) == 0;
	e->no_fetch |= (desc & BIT64(54)) != 0;
	e->leaf_va = e->va = w->a->address & ~(size - 1);
	e->leaf_size = e->size = size;
	e->ipa = e->pa = desc & GENMASK64(47, 12) & ~(size - 1);
}

/* Finds the leaf of stage 1. */
static bool stage1_walk(struct smmum *m, const struct walk *w, struct pair_entry *e, struct fault *f)
{
	uint32_t level = 4 - (w->va_bits - w->granule + w->granule - 4) / (w->granule - 3);
	uint64_t table = w->c->cd[1 + w->n] & GENMASK64(51, 4);
	uint32_t top = w->va_bits;

	table &= ~((UINT64_C(8) << (top - stage1_shift(w, level))) - 1);
	for (bool first = true;; first = false, level++) {
		uint32_t shift = stage1_shift(w, level);
		uint64_t index = w->a->address >> shift & ((UINT64_C(1) << (top - shift)) - 1);
		uint64_t desc;
		uint64_t at;
		bool leaf;

		if (!stage1_locate(m, w, table, index, first, &at, f)) {
			return false;
		}
		if (!smmum_ram_read(at, &desc, sizeof(desc))) {
			return stage1_fault(f, EV_WALK_EABT, CLASS_TT, at);
		}
		leaf = level == 3 ? (desc & 3) == 3 : (desc & 3) == 1 && shift <= 30;
		if (!leaf && ((desc & 3) != 3 || level == 3)) {
			return stage1_fault(f, EV_TRANSLATION, CLASS_IN, 0);
		}
		table = desc & GENMASK64(47, 12) & ~((UINT64_C(1) << w->granule) - 1);
		if (table >> w->pa_bits != 0) {
			return stage1_fault(f, EV_ADDR_SIZE, leaf ? CLASS_IN : CLASS_TT, 0);
		}
		if (leaf) {
			if ((desc & BIT64(10)) == 0 && (w->c->cd[0] & BIT64(35)) == 0) {
				return stage1_fault(f, EV_ACCESS, CLASS_IN, 0);
			}
			stage1_leaf(m, w, desc, level, e);
			return true;
		}
		stage1_inherit(w, desc, e);
		top = shift;
	}
}

/* Devices are not privileged; QEMU does not ask. */
static bool stage1_allows(const struct smmum *m, const struct pair_entry *e, const struct smmum_access *a,
			  struct fault *f)
{
	if ((a->write && e->read_only) || (!m->config.qemu && e->privileged) || (a->fetch && e->no_fetch)) {
		return stage1_fault(f, EV_PERMISSION, CLASS_IN, 0);
	}
	return true;
}

static struct pair_entry *stage1_cached(struct smmum *m, uint32_t vmid, uint32_t asid, uint64_t va)
{
	for (uint32_t i = 0; i < PAIR_CACHE; i++) {
		struct pair_entry *e = &m->pairs[i];

		if (e->valid && e->vmid == vmid && (e->global || e->asid == asid) && va - e->va < e->size) {
			return e;
		}
	}
	return NULL;
}

/* Puts stage 2 below a leaf of stage 1. */
static bool stage1_nest(struct smmum *m, const struct walk *w, const struct want *want, struct pair_entry *e,
			struct fault *f)
{
	uint64_t ipa = e->ipa + (w->a->address - e->va);
	struct tlb_entry leaf;

	if (!smmum_stage2(m, w->s, ipa, want, &leaf, f)) {
		return false;
	}
	e->stage2 = leaf.desc;
	if (leaf.size < e->size) {
		e->size = leaf.size;
		e->va = w->a->address & ~(leaf.size - 1);
	}
	e->ipa = ipa & ~(e->size - 1);
	e->pa = smmum_output(&leaf, ipa) & ~(e->size - 1);
	return true;
}

static bool stage1_fill(struct smmum *m, struct walk *w, const struct want *want, struct pair_entry *e,
			struct fault *f)
{
	if (!stage1_choose(w)) {
		return stage1_fault(f, EV_TRANSLATION, CLASS_IN, 0);
	}
	return stage1_walk(m, w, e, f) && stage1_allows(m, e, w->a, f) &&
	       (!w->s->stage2 || stage1_nest(m, w, want, e, f));
}

bool smmum_stage1(struct smmum *m, const struct stream *s, const struct context *c,
		  const struct smmum_access *a, uint64_t *pa, struct fault *f)
{
	/* QEMU keeps no leaf of stage 2 by itself. */
	const struct want want = {a->write, a->fetch, !m->config.qemu, CLASS_IN};
	struct walk w = {.s = s, .c = c, .a = a, .pa_bits = smmum_pa_bits(m, bits(c->cd[0], 34, 32))};
	uint32_t vmid = (uint32_t)bits(s->ste[2], 15, 0);
	struct pair_entry *e;

	if (c->aborts) {
		*f = c->fault;
		return false;
	}
	e = stage1_cached(m, vmid, (uint32_t)bits(c->cd[0], 63, 48), a->address);
	if (e == NULL) {
		struct pair_entry fresh = {.valid = true, .vmid = vmid};

		if (!stage1_fill(m, &w, &want, &fresh, f)) {
			return false;
		}
		e = &m->pairs[m->next_pair++ % PAIR_CACHE];
		*e = fresh;
	} else {
		uint64_t page = (e->ipa + (a->address - e->va)) & GENMASK64(51, 12);

		if (!stage1_allows(m, e, a, f) ||
		    (s->stage2 && !smmum_leaf_allows(s, e->stage2, &want, m->config.qemu ? 0 : page, f))) {
			return false;
		}
	}
	*pa = e->pa + (a->address - e->va);
	return true;
}

void smmum_forget_space(struct smmum *m, uint32_t vmid, uint32_t asid)
{
	for (uint32_t i = 0; i < PAIR_CACHE; i++) {
		struct pair_entry *e = &m->pairs[i];

		if ((vmid == ANY || e->vmid == vmid) && (asid == ANY || (e->asid == asid && !e->global))) {
			e->valid = false;
		}
	}
}

void smmum_forget_range(struct smmum *m, uint32_t vmid, uint32_t asid, uint64_t va, uint64_t size,
			uint32_t level)
{
	uint64_t last = va + size - 1 < va ? UINT64_MAX : va + size - 1;

	for (uint32_t i = 0; i < PAIR_CACHE; i++) {
		struct pair_entry *e = &m->pairs[i];
		uint64_t from = m->config.qemu ? e->va : e->leaf_va;
		uint64_t extent = m->config.qemu ? e->size : e->leaf_size;

		if (e->vmid == vmid && (asid == ANY || e->asid == asid || e->global) && from <= last &&
		    from + extent - 1 >= va && (level == 0 || level == e->level || m->config.qemu)) {
			e->valid = false;
		}
	}
}
