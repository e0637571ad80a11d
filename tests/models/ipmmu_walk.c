// SPDX-License-Identifier: Apache-2.0
/* IPMMU model: the root's walk of VMSAv8-64 tables, 4 KiB granule, from level 1. */
#include "models/ipmmu_priv.h"

#define TTBCR_EAE 0x80000000u
#define TTBCR_PMB 0x40000000u
#define TTBCR_SL0 0xc0u
#define TTBCR_LEVEL1 0x40u
#define TTBCR_TSZ0 0x1fu
#define OUTPUT_BITS 40u
#define ADDRESS GENMASK64(47, 12)

/* Revisions from which on it walks stage-2 tables: R-Car H3 and M3-W 3.0, M3-N all. */
static bool walk_has_stage2(const struct ipmmum *m)
{
	uint32_t product = m->config.prr & 0x7f00;
	uint32_t cut = m->config.prr & 0xff;

	return product == 0x5500 || ((product == 0x4f00 || product == 0x5200) && cut >= 0x20);
}

static uint64_t walk_root(const struct ipmmum_context *c)
{
	return (uint64_t)c->ttbur << 32 | c->ttblr;
}

static uint32_t walk_bits(const struct ipmmum_context *c)
{
	return 64 - (c->ttbcr & TTBCR_TSZ0);
}

const char *ipmmum_check_tables(const struct ipmmum_context *c)
{
	uint64_t entries;
	uint64_t size;

	if ((c->ttbcr & ~(TTBCR_TSZ0 | TTBCR_SL0)) != (TTBCR_EAE | TTBCR_PMB)) {
		return "a context that is on without EAE and PMB, or with more";
	}
	/* Level 1 has 512 entries in a page, of 1 GiB each, and up to 16 pages. */
	if ((c->ttbcr & TTBCR_SL0) != TTBCR_LEVEL1 || walk_bits(c) > 43) {
		return "a context that is on with another geometry than from level 1";
	}
	entries = UINT64_C(1) << (walk_bits(c) - 30);
	size = entries * 8 > 4096 ? entries * 8 : 4096;
	if ((walk_root(c) & (size - 1)) != 0 || walk_root(c) >> OUTPUT_BITS != 0) {
		return "a context that is on with tables that are not aligned to their root's size";
	}
	return NULL;
}

static bool walk_fault(uint32_t bit, uint32_t level, uint32_t *str)
{
	*str = bit | level << 12;
	return false;
}

static void walk_rights(const struct ipmmum *m, uint64_t desc, struct ipmmum_leaf *leaf)
{
	bool stage2 = (m->units[0].sauxctlr & SAUXCTLR_S2PTE) != 0 && walk_has_stage2(m);

	leaf->read = stage2 ? (desc & BIT64(6)) != 0 : true;
	leaf->write = stage2 ? (desc & BIT64(7)) != 0 : (desc & BIT64(7)) == 0;
}

static bool walk(struct ipmmum *m, uint32_t context, uint64_t address, struct ipmmum_leaf *leaf,
		 uint32_t *str)
{
	const struct ipmmum_context *c = &m->contexts[context];
	uint64_t table = walk_root(c);

	m->counts.walks++;
	if (ipmmum_check_tables(c) != NULL || address >> walk_bits(c) != 0) {
		return walk_fault(IPMMUM_TF, 1, str);
	}
	for (uint32_t level = 1;; level++) {
		uint32_t shift = 12 + 9 * (3 - level);
		uint64_t index = address >> shift & (level == 1 ? UINT64_MAX : 511);
		uint64_t size = UINT64_C(1) << shift;
		uint64_t desc = 0;
		bool last;

		if (!m->config.fetch(m->config.context, table + 8 * index, &desc)) {
			return walk_fault(IPMMUM_ABORT, level, str);
		}
		last = level == 3 ? (desc & 3) == 3 : (desc & 3) == 1;
		if (!last && ((desc & 3) != 3 || level == 3)) {
			return walk_fault(IPMMUM_TF, level, str);
		}
		table = desc & ADDRESS;
		if (table >> OUTPUT_BITS != 0 || (last && (desc & BIT64(10)) == 0)) {
			return walk_fault(IPMMUM_TF, level, str);
		}
		if (last) {
			*leaf = (struct ipmmum_leaf){.valid = true, .context = context, .size = size};
			leaf->va = address & ~(size - 1);
			leaf->pa = table & ~(size - 1);
			walk_rights(m, desc, leaf);
			return true;
		}
	}
}

bool ipmmum_find(struct ipmmum *m, uint32_t context, uint64_t address, struct ipmmum_leaf *leaf,
		 uint32_t *str)
{
	for (uint32_t i = 0; i < IPMMUM_TLB; i++) {
		const struct ipmmum_leaf *e = &m->tlb[i];

		if (e->valid && e->context == context && address - e->va < e->size) {
			m->counts.tlb_hits++;
			*leaf = *e;
			return true;
		}
	}
	if (!walk(m, context, address, leaf, str)) {
		return false;
	}
	m->tlb[m->next_tlb++ % IPMMUM_TLB] = *leaf;
	return true;
}
