// SPDX-License-Identifier: Apache-2.0
/* SYS-DMAC model: what a channel moves. */
#include "models/rcar/dmac_priv.h"

#define DESCRIPTOR_SIZE 16u
#define UNIT_MAX 64u
#define GET(mask, reg) ((uint32_t)FIELD_GET(mask, reg))

/* What one look at a page's translation is good for. */
struct run {
	uint32_t unit;  /* bytes */
	uint32_t units; /* that stay in their page, on both sides */
	uint8_t *from;
	uint8_t *to;
};

static uint32_t chcr_unit(uint32_t chcr)
{
	static const uint8_t sizes[2][4] = {{1, 2, 4, 16}, {32, 64, 0, 8}};
	uint32_t high = GET(CHCR_TS_HIGH, chcr);

	return high < 2 ? sizes[high][GET(CHCR_TS_LOW, chcr)] : 0;
}

/* By how much an address changes from unit to unit: 0 fixed, 1 up, 2 down. */
static uint32_t step_of(uint32_t mode, uint32_t unit)
{
	return mode == 1 ? unit : mode == 2 ? 0u - unit : 0;
}

/* Memory as the channel sees it. NULL: refused. */
static uint8_t *reach(struct dmac *d, uint32_t channel, uint32_t fix, uint32_t address, bool write)
{
	uint64_t address40 = (uint64_t)fix << 32 | address;
	uint8_t *page;
	uint64_t pa;

	if (!rcar_dma(d->place->unit, d->place->utlb + channel, address40, write, &pa)) {
		return NULL;
	}
	page = rcar_ram(pa & ~(uint64_t)(PAGE_SIZE - 1), PAGE_SIZE);
	return page == NULL ? NULL : page + pa % PAGE_SIZE;
}

static void fail(struct dmac *d, struct dmac_channel *c)
{
	c->chcr |= CHCR_CAE;
	c->begun = false;
	c->later = false;
	d->counts.errors++;
}

/* How many units from an address on are in its page. */
static uint32_t units_in_page(uint32_t address, uint32_t mode, uint32_t unit)
{
	uint32_t offset = address % (uint32_t)PAGE_SIZE;

	if (mode == 0) {
		return (uint32_t)PAGE_SIZE;
	}
	return mode == 1 ? ((uint32_t)PAGE_SIZE - offset) / unit : offset / unit + 1;
}

/* What can move next: at most `units`. False: nothing, it is an error. */
static bool run_find(struct dmac *d, uint32_t channel, uint32_t units, struct run *run)
{
	struct dmac_channel *c = &d->channels[channel];
	uint32_t sm = GET(CHCR_SM, c->chcr);
	uint32_t dm = GET(CHCR_DM, c->chcr);
	uint32_t unit = chcr_unit(c->chcr);

	if (unit == 0 || sm == 3 || dm == 3 || c->tcr == 0 || ((c->sar | c->dar) & (unit - 1)) != 0) {
		return false;
	}
	run->unit = unit;
	run->units = units < c->tcr ? units : c->tcr;
	if (run->units > units_in_page(c->sar, sm, unit)) {
		run->units = units_in_page(c->sar, sm, unit);
	}
	if (run->units > units_in_page(c->dar, dm, unit)) {
		run->units = units_in_page(c->dar, dm, unit);
	}
	run->from = reach(d, channel, c->fixsar, c->sar, false);
	if (run->from == NULL) {
		return false;
	}
	run->to = reach(d, channel, c->fixdar, c->dar, true);
	return run->to != NULL;
}

/* One unit, read whole before it is written. */
static void unit_move(uint8_t *to, const uint8_t *from, uint32_t size)
{
	uint64_t words[UNIT_MAX / 8];
	uint8_t *bytes = (uint8_t *)words;

	if (size >= 8) {
		for (uint32_t i = 0; i < size / 8; i++) {
			words[i] = ((const volatile uint64_t *)(const void *)from)[i];
		}
		for (uint32_t i = 0; i < size / 8; i++) {
			((volatile uint64_t *)(void *)to)[i] = words[i];
		}
		return;
	}
	for (uint32_t i = 0; i < size; i++) {
		bytes[i] = ((const volatile uint8_t *)from)[i];
	}
	for (uint32_t i = 0; i < size; i++) {
		((volatile uint8_t *)to)[i] = bytes[i];
	}
}

static void run_move(struct dmac *d, struct dmac_channel *c, const struct run *run)
{
	uint32_t from_step = step_of(GET(CHCR_SM, c->chcr), run->unit);
	uint32_t to_step = step_of(GET(CHCR_DM, c->chcr), run->unit);
	uint8_t *from = run->from;
	uint8_t *to = run->to;

	for (uint32_t i = 0; i < run->units; i++) {
		unit_move(to, from, run->unit);
		from += (int32_t)from_step;
		to += (int32_t)to_step;
	}
	c->sar += from_step * run->units;
	c->dar += to_step * run->units;
	c->tcr -= run->units;
	d->counts.bytes += (uint64_t)run->unit * run->units;
}

/* Reads the descriptor that DPTR names into the registers. False: it is an error. */
static bool descriptor_load(struct dmac *d, uint32_t channel)
{
	struct dmac_channel *c = &d->channels[channel];
	uint32_t index = GET(CHCRB_DPTR, c->chcrb);
	uint32_t count = GET(CHCRB_DCNT, c->chcrb) + 1;
	uint32_t address = (c->dpbase & ~(DESCRIPTOR_SIZE - 1)) + DESCRIPTOR_SIZE * index;
	const volatile uint32_t *words;

	if ((c->dpbase & DPBASE_SEL) == 0) {
		return false;
	}
	words = (const volatile uint32_t *)(const void *)reach(d, channel, c->fixdpbase, address, false);
	if (words == NULL) {
		return false;
	}
	if ((c->chcr & CHCR_RPT_SAR) != 0) {
		c->sar = words[0];
	}
	if ((c->chcr & CHCR_RPT_DAR) != 0 && (c->later || (d->answers & DMAC_LOADS_DAR) != 0)) {
		c->dar = words[1];
	}
	if ((c->chcr & CHCR_RPT_TCR) != 0) {
		c->tcr = words[2] & TCR_BITS;
	}
	c->chcrb = (c->chcrb & ~CHCRB_DPTR) | (uint32_t)FIELD_PREP(CHCRB_DPTR, (index + 1) % count);
	return true;
}

/* A stage begins: of what the registers have, or of the next descriptor. False: it is an error. */
static bool stage_begin(struct dmac *d, uint32_t channel)
{
	struct dmac_channel *c = &d->channels[channel];
	uint32_t mode = c->chcr & CHCR_DPM;

	if (mode != 0) {
		bool known = (mode == CHCR_DPM_ONCE || mode == CHCR_DPM_FOREVER) && (c->chcr & CHCR_DPB) != 0;

		if (!known || !descriptor_load(d, channel)) {
			return false;
		}
	}
	c->tcrb = c->tcr;
	c->begun = true;
	return true;
}

static void stage_end(struct dmac *d, struct dmac_channel *c)
{
	uint32_t next = GET(CHCRB_DPTR, c->chcrb);
	uint32_t mode = c->chcr & CHCR_DPM;

	c->begun = false;
	c->later = true;
	if (mode != 0 && next == GET(DPCR_DIPT, c->dpcr)) {
		c->chcr |= CHCR_DSE;
	}
	if (mode == 0 || (mode == CHCR_DPM_ONCE && next == 0)) {
		c->chcr |= CHCR_TE;
		c->later = false;
		d->counts.ends++;
	}
}

/* Moves what stays in one page on either side. Returns the bytes that have moved. */
static uint64_t channel_run(struct dmac *d, uint32_t channel, uint64_t bytes)
{
	struct dmac_channel *c = &d->channels[channel];
	uint32_t unit = chcr_unit(c->chcr);
	uint32_t limit = bytes < PAGE_SIZE ? (uint32_t)bytes : (uint32_t)PAGE_SIZE;
	uint32_t units = unit == 0 || limit < unit ? 1 : limit / unit;
	struct run run;

	if ((!c->begun && !stage_begin(d, channel)) || !run_find(d, channel, units, &run)) {
		fail(d, c);
		return 0;
	}
	run_move(d, c, &run);
	if (c->tcr == 0) {
		stage_end(d, c);
	}
	return (uint64_t)run.unit * run.units;
}

bool dmac_run(struct dmac *d, uint64_t bytes)
{
	uint32_t idle = 0;

	while (bytes != 0 && idle < DMAC_CHANNELS) {
		uint32_t channel = d->turn;
		uint64_t moved = 0;

		d->turn = (channel + 1) % DMAC_CHANNELS;
		if (dmac_can_run(d, &d->channels[channel])) {
			moved = channel_run(d, channel, bytes);
			idle = 0;
		} else {
			idle++;
		}
		bytes -= moved < bytes ? moved : bytes;
	}
	dmac_update_lines(d);
	for (idle = 0; idle < DMAC_CHANNELS; idle++) {
		if (dmac_can_run(d, &d->channels[idle])) {
			return true;
		}
	}
	return false;
}

bool dmac_step(struct dmac *d)
{
	return dmac_run(d, RCAR_STEP);
}
