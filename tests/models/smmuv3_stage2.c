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

static bool stage2_geometry(const struct smmum *m, const uint64_t ste[8], struct geometry *g)
{
	static const uint8_t granules[] = {12, 16, 14, 0};
	static const uint8_t granule_idr5[] = {4, 6, 5};
	static const uint8_t ps_bits[] = {32, 36, 40, 42, 44, 48, 52, 52};
	uint32_t tg = (uint32_t)bits(ste[2], 47, 46);
	uint32_t sl0 = (uint32_t)bits(ste[2], 39, 38);

	if (tg == 3 || (m->config.idr5 & BIT32(granule_idr5[tg])) == 0 || sl0 == 3) {
		return false;
	}
	g->granule = granules[tg];
	g->ipa_bits = 64 - (uint32_t)bits(ste[2], 37, 32);
	g->level = (tg == 0 ? 2 : 3) - sl0;
	g->pa_bits = ps_bits[bits(ste[2], 50, 48)];
	if (g->pa_bits > smmum_oas(m)) {
		g->pa_bits = smmum_oas(m);
	}
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

static bool stage2_fault(struct fault *f, uint32_t event, uint64_t third)
{
	*f = (struct fault){.event = event, .has_access = true, .stage2 = true, .third = third};
	return false;
}

/* Finds the leaf for an IPA. False: *f says why there is none. */
static bool stage2_walk(const struct geometry *g, uint64_t ipa, struct tlb_entry *leaf, struct fault *f)
{
	uint64_t table;
	uint32_t top = g->ipa_bits;
	uint64_t page = ipa & GENMASK64(51, 12);

	if (ipa >> g->ipa_bits != 0) {
		return stage2_fault(f, EV_TRANSLATION, page);
	}
	table = g->root & ~((UINT64_C(8) << (top - stage2_shift(g, g->level))) - 1);
	for (uint32_t level = g->level;; level++) {
		uint32_t shift = stage2_shift(g, level);
		uint64_t at = table + 8 * (ipa >> shift & ((UINT64_C(1) << (top - shift)) - 1));
		uint64_t size = UINT64_C(1) << shift;
		uint64_t desc;
		bool block;

		if (!smmum_ram_read(at, &desc, sizeof(desc))) {
			return stage2_fault(f, EV_WALK_EABT, at);
		}
		block = level == 3 ? (desc & 3) == 3 : (desc & 3) == 1 && shift <= 30 && level != 0;
		if (!block && ((desc & 3) != 3 || level == 3)) {
			return stage2_fault(f, EV_TRANSLATION, page);
		}
		table = desc & GENMASK64(47, 12) & ~((UINT64_C(1) << g->granule) - 1);
		if (table >> g->pa_bits != 0) {
			return stage2_fault(f, EV_ADDR_SIZE, page);
		}
		if (block) {
			*leaf = (struct tlb_entry){true, 0, ipa & ~(size - 1), size, desc};
			return true;
		}
		top = shift;
	}
}

static struct tlb_entry *stage2_cached(struct smmum *m, uint32_t vmid, uint64_t ipa)
{
	for (uint32_t i = 0; i < TLB_CACHE; i++) {
		struct tlb_entry *e = &m->tlb[i];

		if (e->valid && e->vmid == vmid && ipa - e->ipa < e->size) {
			return e;
		}
	}
	return NULL;
}

bool smmum_stage2(struct smmum *m, const struct stream *s, uint64_t ipa, const struct smmum_access *a,
		  uint64_t *pa, struct fault *f)
{
	uint32_t vmid = (uint32_t)bits(s->ste[2], 15, 0);
	struct tlb_entry *e = stage2_cached(m, vmid, ipa);
	struct geometry g;

	if (e == NULL) {
		struct tlb_entry leaf;

		stage2_geometry(m, s->ste, &g);
		if (!stage2_walk(&g, ipa, &leaf, f)) {
			return false;
		}
		leaf.vmid = vmid;
		e = &m->tlb[m->next_tlb++ % TLB_CACHE];
		*e = leaf;
	}
	if ((e->desc & BIT64(10)) == 0 && (s->ste[2] & BIT64(53)) == 0) {
		return stage2_fault(f, EV_ACCESS, ipa & GENMASK64(51, 12));
	}
	if ((e->desc & BIT64(a->write ? 7 : 6)) == 0 || (a->fetch && (e->desc & BIT64(54)) != 0)) {
		return stage2_fault(f, EV_PERMISSION, ipa & GENMASK64(51, 12));
	}
	*pa = (e->desc & GENMASK64(47, 12) & ~(e->size - 1)) | (ipa & (e->size - 1));
	return true;
}

void smmum_forget_leaves(struct smmum *m, uint32_t vmid, uint64_t ipa, uint64_t size)
{
	uint64_t last = ipa + size - 1 < ipa ? UINT64_MAX : ipa + size - 1;

	for (uint32_t i = 0; i < TLB_CACHE; i++) {
		struct tlb_entry *e = &m->tlb[i];

		if ((vmid == UINT32_MAX || e->vmid == vmid) && e->ipa <= last &&
		    e->ipa + e->size - 1 >= ipa) {
			e->valid = false;
		}
	}
}
