// SPDX-License-Identifier: Apache-2.0
/* IPMMU model: what becomes of a master's access, and what the TLBs keep of it. */
#include "models/ipmmu_priv.h"

void ipmmum_utlb_empty(struct ipmmum_utlb *t)
{
	for (uint32_t i = 0; i < IPMMUM_WAYS; i++) {
		t->ways[i].valid = false;
	}
}

/* The unit's micro-TLBs forget what they have of the context. */
static void unit_forget(struct ipmmum *m, uint32_t unit, uint32_t context)
{
	struct ipmmum_unit *u = &m->units[unit];

	for (uint32_t i = 0; i < m->config.units[unit].utlbs; i++) {
		for (uint32_t k = 0; k < IPMMUM_WAYS; k++) {
			u->utlbs[i].ways[k].valid &= u->utlbs[i].ways[k].context != context;
		}
	}
	u->ctr[context] &= ~CTR_FLUSH;
}

static void flush_done(struct ipmmum *m, uint32_t context)
{
	m->counts.flushes++;
	for (uint32_t i = 0; i < IPMMUM_TLB; i++) {
		m->tlb[i].valid &= m->tlb[i].context != context;
	}
	for (uint32_t i = 0; i < m->config.unit_count; i++) {
		if (i == 0 || (m->units[i].ctr[context] & CTR_FLUSH) != 0) {
			unit_forget(m, i, context);
		}
	}
}

void ipmmum_flush(struct ipmmum *m, uint32_t unit, uint32_t context)
{
	m->units[unit].ctr[context] |= CTR_FLUSH;
	if (unit != 0) {
		if ((m->config.answers & IPMMUM_CACHE_ALONE) != 0) {
			unit_forget(m, unit, context);
		}
		return;
	}
	m->contexts[context].flush_left = m->config.flush_reads;
	if (m->config.flush_reads == 0) {
		flush_done(m, context);
	}
}

void ipmmum_flush_look(struct ipmmum *m, uint32_t context)
{
	uint32_t *left = &m->contexts[context].flush_left;

	if (*left != 0 && *left != IPMMUM_STUCK && --*left == 0) {
		flush_done(m, context);
	}
}

void ipmmum_set_flush_reads(struct ipmmum *m, uint32_t reads)
{
	m->config.flush_reads = reads;
	for (uint32_t i = 0; i < IPMMUM_CONTEXTS; i++) {
		if (m->contexts[i].flush_left != 0) {
			m->contexts[i].flush_left = reads;
			if (reads == 0) {
				flush_done(m, i);
			}
		}
	}
}

static const struct ipmmum_leaf *utlb_find(const struct ipmmum *m, const struct ipmmum_utlb *t,
					   uint64_t address)
{
	for (uint32_t i = 0; i < IPMMUM_WAYS; i++) {
		const struct ipmmum_leaf *e = &t->ways[i];

		if (e->valid && address - e->va < e->size &&
		    ((m->config.answers & IPMMUM_TAGGED) == 0 || e->context == (t->ctr >> 4 & 15))) {
			return e;
		}
	}
	return NULL;
}

/* The leaf of an address for a micro-TLB. */
static enum ipmmum_result dma_find(struct ipmmum *m, uint32_t unit, struct ipmmum_utlb *t, uint64_t address,
				   struct ipmmum_leaf *leaf)
{
	const struct ipmmum_leaf *kept = utlb_find(m, t, address);
	uint32_t context = (t->ctr >> 4 & 15) % IPMMUM_CONTEXTS;
	uint32_t str = 0;

	if (kept != NULL) {
		m->counts.utlb_hits++;
		*leaf = *kept;
		return IPMMUM_TRANSLATED;
	}
	if ((m->units[unit].ctr[context] & m->units[0].ctr[context] & CTR_MMUEN) == 0) {
		return (m->config.answers & IPMMUM_OFF_BLOCKS) != 0 ? IPMMUM_REFUSED : IPMMUM_UNTRANSLATED;
	}
	if (!ipmmum_find(m, context, address, leaf, &str)) {
		ipmmum_fault(m, context, str, address);
		return IPMMUM_REFUSED;
	}
	t->ways[t->next++ % IPMMUM_WAYS] = *leaf;
	return IPMMUM_TRANSLATED;
}

enum ipmmum_result ipmmum_translate(struct ipmmum *m, uint32_t unit, uint32_t utlb, uint64_t address,
				    bool write, uint64_t *pa)
{
	struct ipmmum_utlb *t = &m->units[unit].utlbs[utlb];
	struct ipmmum_leaf leaf;
	enum ipmmum_result result;

	*pa = address;
	/* Its masters are without power as well. */
	if (!ipmmum_is_on(m, unit)) {
		return IPMMUM_REFUSED;
	}
	if ((t->ctr & CTR_MMUEN) == 0 || (m->units[unit].sctlr & SCTLR_USE_SECGRP) != 0) {
		return IPMMUM_UNTRANSLATED;
	}
	result = dma_find(m, unit, t, address, &leaf);
	if (result != IPMMUM_TRANSLATED) {
		return result;
	}
	if (write ? !leaf.write : !leaf.read) {
		ipmmum_fault(m, leaf.context, IPMMUM_PF, address);
		return IPMMUM_REFUSED;
	}
	*pa = leaf.pa + (address - leaf.va);
	return IPMMUM_TRANSLATED;
}
