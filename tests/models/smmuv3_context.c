// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: context descriptors (IHI 0070 3.3.2, 5.3, 5.4) and their cache. */
#include <string.h>

#include "models/smmuv3_priv.h"

#define CD_SIZE 64u

static void context_abort(struct context *c, uint32_t event)
{
	c->aborts = true;
	c->fault = (struct fault){.event = event};
}

static void context_cannot_fetch(const struct smmum *m, struct context *c, uint64_t pa)
{
	context_abort(c, EV_CD_FETCH);
	if (m->config.qemu) {
		c->fault.second = pa;
	} else {
		c->fault.third = pa;
	}
}

/* Where the contexts' memory is: an IPA if there is a stage 2. False: c says how every
 * access ends. */
static bool context_place(struct smmum *m, const struct stream *s, struct context *c, uint64_t at,
			  enum class class, uint64_t *pa)
{
	const struct want w = {.cached = true, .class = class};
	struct tlb_entry leaf;

	*pa = at;
	if (!s->stage2) {
		return true;
	}
	if (!smmum_stage2(m, s, at, &w, &leaf, &c->fault)) {
		c->aborts = true;
		return false;
	}
	*pa = smmum_output(&leaf, at);
	return true;
}

/* Reads part of the context table. */
static bool context_read(struct smmum *m, const struct stream *s, struct context *c, uint64_t at, void *data,
			 uint32_t size)
{
	uint64_t pa;

	if (!context_place(m, s, c, at, CLASS_CD, &pa)) {
		return false;
	}
	if (!smmum_ram_read(pa, data, size)) {
		context_cannot_fetch(m, c, pa);
		return false;
	}
	return true;
}

/* By S1Fmt: a linear table, or a first level of 8-byte descriptors of tables of 4 KiB or
 * 64 KiB. */
static bool context_find(struct smmum *m, const struct stream *s, struct context *c, uint64_t *at)
{
	uint64_t format = smmum_cdmax(m, s->ste) == 0 ? 0 : bits(s->ste[0], 5, 4);
	uint32_t split = format == 1 ? 6 : 10;
	uint64_t desc;

	*at = s->ste[0] & GENMASK64(51, 6);
	if (format == 0 || format == 3) {
		*at += (uint64_t)CD_SIZE * c->ssid;
		return true;
	}
	if (!context_read(m, s, c, *at + 8 * (uint64_t)(c->ssid >> split), &desc, sizeof(desc))) {
		return false;
	}
	if ((desc & 1) == 0) {
		context_abort(c, EV_BAD_SUBSTREAMID);
		return false;
	}
	*at = (desc & GENMASK64(51, 12)) + (uint64_t)CD_SIZE * (c->ssid & (BIT32(split) - 1));
	return true;
}

/* Whether a TTB, with its size and granule, can be used; n: which of the two. */
static bool context_walk_is_legal(const struct smmum *m, const uint64_t cd[8], uint32_t n)
{
	uint32_t at = 16 * n;
	uint64_t size = bits(cd[0], 5 + at, at);
	uint64_t granule = bits(cd[0], 7 + at, 6 + at);
	/* 4, 64, 16 KiB for TTB0; 16, 4, 64 KiB for TTB1 */
	static const uint8_t idr5[2][4] = {{4, 6, 5, 31}, {31, 5, 4, 6}};

	if ((cd[0] >> (14 + at) & 1) != 0) {
		return true; /* EPDn */
	}
	return size >= 16 && size <= 39 && (m->config.idr5 & ~BIT32(31) & BIT32(idr5[n][granule])) != 0 &&
	       (cd[1 + n] & GENMASK64(51, 4)) >> smmum_pa_bits(m, bits(cd[0], 34, 32)) == 0;
}

static bool context_is_legal(const struct smmum *m, const uint64_t cd[8])
{
	/* V, AA64; A: faults abort, unless the SMMU can do otherwise */
	if ((cd[0] & BIT64(31)) == 0 || (cd[0] & BIT64(41)) == 0 ||
	    ((cd[0] & BIT64(46)) == 0 && (m->config.qemu || (m->config.idr0 & BIT32(26)) != 0))) {
		return false;
	}
	/* S: stalls; HA, HD: nobody has that; ENDI: big-endian */
	if (((cd[0] & BIT64(44)) != 0 && bits(m->config.idr0, 25, 24) != 0) ||
	    (cd[0] & (BIT64(42) | BIT64(43))) != 0 ||
	    ((cd[0] & BIT64(15)) != 0 && (m->config.qemu || bits(m->config.idr0, 22, 21) == 2))) {
		return false;
	}
	if (bits(cd[0], 63, 56) != 0 && (m->config.idr0 & BIT32(12)) == 0) {
		return false;
	}
	return context_walk_is_legal(m, cd, 0) && context_walk_is_legal(m, cd, 1);
}

/* QEMU looks up where the first tables are when it reads the CD, and keeps that; no TLBI
 * makes it look again. */
static bool context_roots(struct smmum *m, const struct stream *s, struct context *c)
{
	for (uint32_t n = 0; n < 2; n++) {
		if ((c->cd[0] >> (14 + 16 * n) & 1) == 0 &&
		    !context_place(m, s, c, c->cd[1 + n] & GENMASK64(51, 4), CLASS_TT, &c->root[n])) {
			return false;
		}
	}
	return true;
}

static void context_decode(struct smmum *m, const struct stream *s, struct context *c)
{
	uint64_t at;

	if (!context_find(m, s, c, &at) || !context_read(m, s, c, at, c->cd, sizeof(c->cd))) {
		return;
	}
	if (!context_is_legal(m, c->cd)) {
		context_abort(c, EV_BAD_CD);
	} else if (m->config.qemu) {
		context_roots(m, s, c);
	}
}

/* Whether the stream has that substream, by S1CDMax and S1DSS. */
static bool context_has_substream(const struct smmum *m, const struct stream *s, const struct smmum_access *a,
				  struct context *c)
{
	uint64_t log2 = smmum_cdmax(m, s->ste);

	if (!a->has_ssid) {
		if (log2 != 0 && (bits(s->ste[1], 1, 0) == 0 || bits(s->ste[1], 1, 0) == 3)) {
			context_abort(c, EV_STREAM_DISABLED);
			return false;
		}
		return true;
	}
	if (log2 == 0 || a->ssid >> log2 != 0 || (a->ssid == 0 && bits(s->ste[1], 1, 0) == 2)) {
		context_abort(c, EV_BAD_SUBSTREAMID);
		return false;
	}
	return true;
}

static const struct context *context_unkept(struct smmum *m, const struct context *c)
{
	m->unkept = *c;
	return &m->unkept;
}

const struct context *smmum_context(struct smmum *m, const struct stream *s, const struct smmum_access *a)
{
	struct context fresh = {.valid = true, .sid = s->sid, .ssid = a->has_ssid ? a->ssid : 0};

	if (!a->has_ssid && smmum_cdmax(m, s->ste) != 0 && bits(s->ste[1], 1, 0) == 1) {
		return NULL;
	}
	if (!context_has_substream(m, s, a, &fresh)) {
		return context_unkept(m, &fresh);
	}
	for (uint32_t i = 0; i < CONTEXT_CACHE; i++) {
		if (m->contexts[i].valid && m->contexts[i].sid == s->sid && m->contexts[i].ssid == fresh.ssid) {
			return &m->contexts[i];
		}
	}
	context_decode(m, s, &fresh);
	/* What is wrong is kept too, as the architecture allows; faults of stage 2 are not. */
	if (fresh.aborts && (fresh.fault.has_access || m->config.qemu)) {
		return context_unkept(m, &fresh);
	}
	m->contexts[m->next_context % CONTEXT_CACHE] = fresh;
	return &m->contexts[m->next_context++ % CONTEXT_CACHE];
}

void smmum_forget_contexts(struct smmum *m, uint64_t first, uint64_t last, uint32_t ssid)
{
	for (uint32_t i = 0; i < CONTEXT_CACHE; i++) {
		struct context *c = &m->contexts[i];

		if (c->sid >= first && c->sid <= last && (ssid == ANY || c->ssid == ssid)) {
			c->valid = false;
		}
	}
}
