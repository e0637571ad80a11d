// SPDX-License-Identifier: Apache-2.0
/* SYS-DMAC model: registers. */
#include "models/rcar/dmac_priv.h"

enum {
	REG_ISTA = 0x20,
	REG_SEC = 0x30,
	REG_OR = 0x60,
	REG_CHCLR = 0x80,
	REG_DPSEC = 0xa0,
	CHANNELS = 0x8000,
	CHANNEL_SIZE = 0x80,
	/* of a channel */
	REG_SAR = 0x00,
	REG_DAR = 0x04,
	REG_TCR = 0x08,
	REG_CHCR = 0x0c,
	REG_FIXSAR = 0x10,
	REG_FIXDAR = 0x14,
	REG_TCRB = 0x18,
	REG_CHCRB = 0x1c,
	REG_RS = 0x40,
	REG_BUFCR = 0x48,
	REG_DPBASE = 0x50,
	REG_DPCR = 0x54,
	REG_FIXDPBASE = 0x60,
};

static void complain(struct dmac *d, const char *what)
{
	d->violations++;
	d->violation = what;
}

/* As boards/soc/r8a7795.yaml has it. */
static const struct dmac_place places[DMAC_COUNT] = {
	{RCAR_DS0, 0, {232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 231}},
	{RCAR_DS1, 0, {248, 249, 250, 251, 340, 341, 342, 343, 344, 345, 346, 347, 348, 349, 350, 351, 252}},
	{RCAR_DS1, 16, {449, 450, 451, 452, 453, 454, 455, 456, 457, 458, 459, 460, 461, 462, 463, 429, 448}},
};

void dmac_init(struct dmac *d, uint32_t index)
{
	*d = (struct dmac){.place = &places[index]};
}

static bool line_is_high(const struct dmac_channel *c)
{
	return (c->chcr & (CHCR_TE | CHCR_IE)) == (CHCR_TE | CHCR_IE) ||
	       (c->chcr & (CHCR_DSE | CHCR_DSIE)) == (CHCR_DSE | CHCR_DSIE) ||
	       (c->chcr & (CHCR_CAE | CHCR_CAIE)) == (CHCR_CAE | CHCR_CAIE);
}

void dmac_update_lines(struct dmac *d)
{
	uint32_t lines = 0;
	uint32_t changed;

	for (uint32_t i = 0; i < DMAC_CHANNELS; i++) {
		lines |= line_is_high(&d->channels[i]) ? BIT32(i) : 0;
		lines |= (d->channels[i].chcr & CHCR_CAE) != 0 ? BIT32(DMAC_ERROR) : 0;
	}
	changed = lines ^ d->lines;
	d->lines = lines;
	for (uint32_t i = 0; i < DMAC_LINES; i++) {
		if ((changed >> i & 1) != 0) {
			rcar_irq(d->place->intids[i], (lines >> i & 1) != 0);
		}
	}
}

bool dmac_can_run(const struct dmac *d, const struct dmac_channel *c)
{
	return (d->dmaor & DMAOR_DME) != 0 && (c->chcr & (CHCR_DE | CHCR_TE | CHCR_CAE)) == CHCR_DE &&
	       (c->chcr & CHCR_RS) == CHCR_RS_AUTO;
}

static void chcr_write(struct dmac_channel *c, uint32_t value)
{
	c->chcr = (value & ~CHCR_CLEARED) | (c->chcr & value & CHCR_CLEARED);
}

static void chcrb_write(struct dmac_channel *c, uint32_t value)
{
	uint32_t next = c->chcrb & CHCRB_DPTR;

	if ((value & CHCRB_DRST) != 0) {
		next = 0;
		c->begun = false;
		c->later = false;
	}
	c->chcrb = (value & ~(CHCRB_DRST | CHCRB_DPTR)) | next;
}

/* A register of a channel that is what was written to it, but for bits that there are not.
 * NULL: none. */
static uint32_t *register_at(struct dmac_channel *c, uint32_t reg, uint32_t *bits)
{
	*bits = UINT32_MAX;
	switch (reg) {
	case REG_SAR:
		return &c->sar;
	case REG_DAR:
		return &c->dar;
	case REG_TCR:
		*bits = TCR_BITS;
		return &c->tcr;
	case REG_TCRB:
		*bits = TCR_BITS;
		return &c->tcrb;
	case REG_CHCR:
		return &c->chcr;
	case REG_CHCRB:
		return &c->chcrb;
	case REG_FIXSAR:
		*bits = FIX_BITS;
		return &c->fixsar;
	case REG_FIXDAR:
		*bits = FIX_BITS;
		return &c->fixdar;
	case REG_FIXDPBASE:
		*bits = FIX_BITS;
		return &c->fixdpbase;
	case REG_RS:
		*bits = UINT16_MAX;
		return &c->rs;
	case REG_BUFCR:
		return &c->bufcr;
	case REG_DPBASE:
		return &c->dpbase;
	case REG_DPCR:
		*bits = DPCR_DIPT;
		return &c->dpcr;
	default:
		return NULL;
	}
}

/* The channel that an offset belongs to; NULL: none. *reg: which register of it. */
static struct dmac_channel *channel_at(struct dmac *d, uint32_t offset, uint32_t *reg)
{
	uint32_t index = (offset - CHANNELS) / CHANNEL_SIZE;

	*reg = (offset - CHANNELS) % CHANNEL_SIZE;
	return offset >= CHANNELS && index < DMAC_CHANNELS ? &d->channels[index] : NULL;
}

static bool size_is_right(struct dmac *d, uint32_t offset, uint32_t size)
{
	uint32_t reg;
	bool half = offset == REG_OR || (channel_at(d, offset, &reg) != NULL && reg == REG_RS);

	if (offset >= DMAC_REGISTERS || size != (half ? 2 : 4) || (offset & 3) != 0) {
		complain(d, "an access by another size than the register's");
		return false;
	}
	return true;
}

static uint32_t channel_read(struct dmac *d, struct dmac_channel *c, uint32_t reg)
{
	uint32_t bits;
	const uint32_t *word = register_at(c, reg, &bits);

	if (word == NULL) {
		complain(d, "a read of no register");
		return 0;
	}
	return *word;
}

static void channel_write(struct dmac *d, struct dmac_channel *c, uint32_t reg, uint32_t value)
{
	uint32_t bits;
	uint32_t *word = register_at(c, reg, &bits);

	if (word == NULL) {
		complain(d, "a write to no register");
	} else if (reg == REG_CHCR) {
		chcr_write(c, value);
	} else if (reg == REG_CHCRB) {
		chcrb_write(c, value);
	} else {
		c->begun &= reg != REG_TCR;
		*word = value & bits;
	}
}

uint64_t dmac_read(struct dmac *d, uint32_t offset, uint32_t size)
{
	uint32_t reg;
	struct dmac_channel *c = channel_at(d, offset, &reg);

	if (!size_is_right(d, offset, size)) {
		return 0;
	}
	if (c != NULL) {
		return channel_read(d, c, reg);
	}
	switch (offset) {
	case REG_ISTA:
		return d->lines & ~BIT32(DMAC_ERROR);
	case REG_OR:
		return d->dmaor | ((d->lines & BIT32(DMAC_ERROR)) != 0 ? DMAOR_AE : 0);
	case REG_SEC:
	case REG_DPSEC:
	case REG_CHCLR:
		return 0;
	default:
		complain(d, "a read of no register");
		return 0;
	}
}

static void channels_clear(struct dmac *d, uint32_t bits)
{
	for (uint32_t i = 0; i < DMAC_CHANNELS; i++) {
		if ((bits >> i & 1) != 0) {
			d->channels[i] = (struct dmac_channel){0};
		}
	}
}

void dmac_write(struct dmac *d, uint32_t offset, uint32_t size, uint64_t value)
{
	uint32_t reg;
	struct dmac_channel *c = channel_at(d, offset, &reg);

	if (!size_is_right(d, offset, size)) {
		return;
	}
	if (c != NULL) {
		channel_write(d, c, reg, (uint32_t)value);
	} else if (offset == REG_OR) {
		d->dmaor = (uint32_t)value & UINT16_MAX & ~DMAOR_AE;
	} else if (offset == REG_CHCLR) {
		channels_clear(d, (uint32_t)value);
	} else if (offset != REG_SEC && offset != REG_DPSEC) {
		complain(d, "a write to no register");
	}
	dmac_update_lines(d);
}
