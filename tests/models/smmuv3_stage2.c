// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: stage 2 (DDI 0487 D8.2, IHI 0070 3.4, 5.2) and its TLB. */
#include "models/smmuv3_priv.h"

/* Stage-2 geometry of an STE. */
struct geometry {
	uint32_t granule; /* bits */
	uint32_t ipa_bits;
	uint32_t level;
	uint32_t pa_bits;
	uint64_t root;
};

uint32_t smmum_pa_bits(const struct smmum *m, uint64_t code)
{
	static const uint8_t size[] = {32, 36, 40, 42, 44, 48, 52, 52};

	return size[code & 7] < smmum_oas(m) ? size[code & 7] : smmum_oas(m);
}

static bool stage2_geometry(const struct smmum *m, const uint64_t ste[8], struct geometry *g)
{
	static const uint8_t granules[] = {12, 16, 14, 0};
	static const uint8_t granule_idr5[] = {4, 6, 5};
	uint32_t tg = (uint32_t)bits(ste[2], 47, 46);
	uint32_t sl0 = (uint32_t)bits(ste[2], 39, 38);

	if (tg == 3 || (m->config.idr5 & BIT32(granule_idr5[tg])) == 0 || sl0 == 3) {
		return false;
	}
	g->granule = granules[tg];
	g->ipa_bits = 64 - (uint32_t)bits(ste[2], 37, 32);
	g->level = (tg == 0 ? 2 : 3) - sl0;
	g->pa_bits = smmum_pa_bits(m, bits(ste[2], 50, 48));
	g->root = ste[3] & GENMASK64(51, 4);
	return true;
}

/* Bits below those that `level` resolves. */
static uint32_t stage2_shift(const struct geometry *g, uint32_t level)
{
	return g->granule + (g->granule - 3) * (3 - level);
}

bool smmum_stage2_is_legal(const struct smmum *m, const uint64_t ste[8])
{
	struct geometry g;
	uint32_t shift;

	if ((m->config.idr0 & 1) == 0 || !stage2_geometry(m, ste, &g)) {
		return false;
	}
	shift = stage2_shift(&g, g.level);
	/* AArch64 tables, little-endian; no stall, no hardware update, no secure IPA. */
	if ((ste[2] & BIT64(51)) == 0 || (ste[2] & BIT64(52)) != 0 ||
	    ((ste[2] & BIT64(57)) != 0 && bits(m->config.idr0, 25, 24) == 1) ||
	    ((ste[2] & BIT64(57)) == 0 && bits(m->config.idr0, 25, 24) == 2) || bits(ste[2], 56, 55) != 0) {
		return false;
	}
	if (bits(ste[2], 15, 8) != 0 && (m->config.idr0 & BIT32(18)) == 0) {
		return false;
	}
	/* S2T0SZ within what the SMMU has, and within what S2SL0 can begin at. */
	if (g.ipa_bits < 25 || g.ipa_bits > smmum_oas(m) || g.ipa_bits <= shift ||
	    g.ipa_bits > shift + (g.granule - 3) + 4) {
		return false;
	}
	return g.root >> g.pa_bits == 0;
}

static bool stage2_fault(struct fault *f, uint32_t event, const struct want *w, uint64_t third)
{
	*f = (struct fault){.event = event, .has_access = true, .stage2 = true, .class = w->class, .third = third};
	f->reads = w->class != CLASS_IN;
	return false;
}

/* Finds the leaf for an IPA. False: *f says why there is none. */
static bool stage2_walk(const struct geometry *g, uint64_t ipa, const struct want *w, uint64_t third,
			struct tlb_entry *leaf, struct fault *f)
{
	uint64_t table;
	uint32_t top = g->ipa_bits;

	if (ipa >> g->ipa_bits != 0) {
		return stage2_fault(f, EV_TRANSLATION, w, third);
	}
	table = g->root & ~((UINT64_C(8) << (top - stage2_shift(g, g->level))) - 1);
	for (uint32_t level = g->level;; level++) {
		uint32_t shift = stage2_shift(g, level);
		uint64_t at = table + 8 * (ipa >> shift & ((UINT64_C(1) << (top - shift)) - 1));
		uint64_t size = UINT64_C(1) << shift;
		uint64_t desc;
		bool block;

		if (!smmum_ram_read(at, &desc, sizeof(desc))) {
			return stage2_fault(f, EV_WALK_EABT, w, at);
		}
		block = level == 3 ? (desc & 3) == 3 : (desc & 3) == 1 && shift <= 30 && level != 0;
		if (!block && ((desc & 3) != 3 || level == 3)) {
			return stage2_fault(f, EV_TRANSLATION, w, third);
		}
		table = desc & GENMASK64(47, 12) & ~((UINT64_C(1) << g->granule) - 1);
		if (table >> g->pa_bits != 0) {
			return stage2_fault(f, EV_ADDR_SIZE, w, third);
		}
		if (block) {
			*leaf = (struct tlb_entry){true, 0, ipa & ~(size - 1), size, desc};
			return true;
		}
		top = shift;
	}
}

static const struct tlb_entry *stage2_cached(const struct smmum *m, uint32_t vmid, uint64_t ipa)
{
	for (uint32_t i = 0; i < TLB_CACHE; i++) {
		const struct tlb_entry *e = &m->tlb[i];

		if (e->valid && e->vmid == vmid && ipa - e->ipa < e->size) {
			return e;
		}
	}
	return NULL;
}

uint64_t smmum_output(const struct tlb_entry *leaf, uint64_t ipa)
{
	return (leaf->desc & GENMASK64(47, 12) & ~(leaf->size - 1)) | (ipa & (leaf->size - 1));
}

bool smmum_leaf_allows(const struct stream *s, uint64_t desc, const struct want *w, uint64_t third,
		       struct fault *f)
{
	/* S2AFFD */
	if ((desc & BIT64(10)) == 0 && (s->ste[2] & BIT64(53)) == 0) {
		return stage2_fault(f, EV_ACCESS, w, third);
	}
	if ((desc & BIT64(w->write ? 7 : 6)) == 0 || (w->fetch && (desc & BIT64(54)) != 0)) {
		return stage2_fault(f, EV_PERMISSION, w, third);
	}
	/* S2PTW: tables and CDs are not in Device memory. */
	if (w->class != CLASS_IN && (s->ste[2] & BIT64(54)) != 0 && bits(desc, 5, 4) == 0) {
		return stage2_fault(f, EV_PERMISSION, w, third);
	}
	return true;
}

bool smmum_stage2(struct smmum *m, const struct stream *s, uint64_t ipa, const struct want *w,
		  struct tlb_entry *leaf, struct fault *f)
{
	uint32_t vmid = (uint32_t)bits(s->ste[2], 15, 0);
	const struct tlb_entry *e = w->cached ? stage2_cached(m, vmid, ipa) : NULL;
	/* Word 3 of a fault: QEMU leaves the low bits there, behind stage 1. */
	uint64_t third = ipa & (m->config.qemu && s->stage1 ? GENMASK64(51, 0) : GENMASK64(51, 12));
	struct geometry g;

	if (e != NULL) {
		*leaf = *e;
	} else {
		stage2_geometry(m, s->ste, &g);
		if (!stage2_walk(&g, ipa, w, third, leaf, f)) {
			return false;
		}
		leaf->vmid = vmid;
		if (w->cached) {
			m->tlb[m->next_tlb++ % TLB_CACHE] = *leaf;
		}
	}
	return smmum_leaf_allows(s, leaf->desc, w, third, f);
}

void smmum_forget_leaves(struct smmum *m, uint32_t vmid, uint64_t ipa, uint64_t size)
{
	uint64_t last = ipa + size - 1 < ipa ? UINT64_MAX : ipa + size - 1;

	for (uint32_t i = 0; i < TLB_CACHE; i++) {
		struct tlb_entry *e = &m->tlb[i];

		if ((vmid == ANY || e->vmid == vmid) && e->ipa <= last &&
		    e->ipa + e->size - 1 >= ipa) {
			e->valid = false;
		}
	}
}
