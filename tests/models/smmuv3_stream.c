// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: the stream table (IHI 0070 3.3, 5.1, 5.2) and the configuration caches. */
#include <string.h>

#include "models/smmuv3_priv.h"

static void stream_abort(struct stream *s, uint32_t event, uint64_t third)
{
	s->aborts = true;
	s->fault = (struct fault){.event = event, .third = third};
}

/* The level-1 descriptor of a stream ID; false: it cannot be read. */
static bool stream_l1(struct smmum *m, uint32_t index, uint64_t at, uint64_t *desc)
{
	for (uint32_t i = 0; i < L1_CACHE; i++) {
		if (m->l1[i].valid && m->l1[i].index == index) {
			*desc = m->l1[i].desc;
			return true;
		}
	}
	if (!smmum_ram_read(at, desc, sizeof(*desc))) {
		return false;
	}
	m->l1[m->next_l1++ % L1_CACHE] = (struct l1_entry){true, index, *desc};
	return true;
}

/* Where the STE lies. False: *s says how every access ends. */
static bool stream_locate(struct smmum *m, struct stream *s, uint64_t *at)
{
	uint32_t ids = m->strtab_cfg & 63;
	uint32_t split = (m->strtab_cfg >> 6) & 31;
	uint64_t base = m->strtab_base & GENMASK64(51, 6);
	uint64_t span;
	uint64_t desc;

	if (s->sid >> ids != 0 || ids > (m->config.idr1 & 63)) {
		stream_abort(s, EV_BAD_STREAMID, 0);
		return false;
	}
	if ((m->strtab_cfg >> 16 & 3) != 1) {
		/* Low bits of the base that the table's size does not leave are taken as 0. */
		*at = (m->config.qemu ? base : base & ~((UINT64_C(64) << ids) - 1)) + 64ull * s->sid;
		return true;
	}
	if (split != 6 && split != 8 && split != 10) {
		split = 6;
	}
	if (!m->config.qemu && ids > split + 3) {
		base &= ~((UINT64_C(8) << (ids - split)) - 1);
	}
	base += 8ull * (s->sid >> split);
	if (!stream_l1(m, s->sid >> split, base, &desc)) {
		stream_abort(s, EV_STE_FETCH, base);
		return false;
	}
	span = desc & 31;
	if (span == 0 || span > split + 1 ||
	    (s->sid & (BIT32(split) - 1)) >= BIT64(m->config.qemu ? span : span - 1)) {
		stream_abort(s, EV_BAD_STREAMID, 0);
		return false;
	}
	desc &= GENMASK64(51, 6);
	*at = (m->config.qemu ? desc : desc & ~((UINT64_C(64) << (span - 1)) - 1)) +
	      64ull * (s->sid & (BIT32(split) - 1));
	return true;
}

/* What of the STE says where contexts are, and whether faults stall (5.2.2). Reserved
 * values of S1Fmt and S1DSS behave as 0. */
static bool stream_stage1_is_legal(const struct smmum *m, const uint64_t ste[8])
{
	uint64_t format = bits(ste[0], 5, 4);
	uint64_t substreams = smmum_cdmax(m, ste);
	bool stalls = (ste[1] & BIT64(27)) != 0;

	if ((m->config.idr0 & BIT32(1)) == 0) {
		return false;
	}
	if (m->config.qemu) {
		return substreams == 0 && !stalls;
	}
	if (stalls && bits(m->config.idr0, 25, 24) != 0) {
		return false;
	}
	return substreams == 0 ||
	       (substreams <= bits(m->config.idr1, 10, 6) &&
		(format == 0 || format == 3 || (m->config.idr0 & BIT32(19)) != 0));
}

static void stream_config(struct smmum *m, struct stream *s)
{
	uint64_t config = bits(s->ste[0], 3, 1);

	/* 0 to 3: aborts, without an event */
	if (config < 4) {
		stream_abort(s, 0, 0);
		return;
	}
	s->stage1 = (config & 1) != 0;
	s->stage2 = (config & 2) != 0;
	s->bypass = config == 4;
	if ((s->stage1 && !stream_stage1_is_legal(m, s->ste)) ||
	    (s->stage2 && !smmum_stage2_is_legal(m, s->ste))) {
		stream_abort(s, EV_BAD_STE, 0);
	}
}

static void stream_decode(struct smmum *m, struct stream *s)
{
	uint64_t at;

	if (!stream_locate(m, s, &at)) {
		return;
	}
	if (!smmum_ram_read(at, s->ste, sizeof(s->ste))) {
		stream_abort(s, EV_STE_FETCH, at);
		return;
	}
	if ((s->ste[0] & 1) == 0) {
		stream_abort(s, EV_BAD_STE, 0);
		return;
	}
	if (m->config.seen_ste != NULL) {
		m->config.seen_ste(smmum_number(m), s->sid, s->ste);
	}
	stream_config(m, s);
}

const struct stream *smmum_stream(struct smmum *m, uint32_t sid)
{
	struct stream *s;

	for (uint32_t i = 0; i < CFG_CACHE; i++) {
		if (m->streams[i].valid && m->streams[i].sid == sid) {
			return &m->streams[i];
		}
	}
	s = &m->streams[m->next_stream++ % CFG_CACHE];
	memset(s, 0, sizeof(*s));
	s->valid = true;
	s->sid = sid;
	/* What is wrong is kept too: the architecture allows it. */
	stream_decode(m, s);
	return s;
}

void smmum_forget_streams(struct smmum *m, uint64_t first, uint64_t last, bool leaf)
{
	uint32_t split = (m->strtab_cfg >> 6) & 31;

	smmum_forget_contexts(m, first, last, ANY);
	for (uint32_t i = 0; i < CFG_CACHE; i++) {
		if (m->streams[i].sid >= first && m->streams[i].sid <= last) {
			m->streams[i].valid = false;
		}
	}
	for (uint32_t i = 0; i < L1_CACHE && !leaf; i++) {
		if (m->l1[i].index >= first >> split && m->l1[i].index <= last >> split) {
			m->l1[i].valid = false;
		}
	}
}
