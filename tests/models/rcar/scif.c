// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/scif.h"

#include <string.h>

enum {
	SCSCR = 0x08,
	SCFTDR = 0x0c,
	SCFSR = 0x10,
	SCFRDR = 0x14,
	SCFCR = 0x18,
	SCFDR = 0x1c,
	SCLSR = 0x24,
};

#define SCR_REIE 0x08u
#define SCR_RE 0x10u
#define SCR_TE 0x20u
#define SCR_RIE 0x40u
#define SCR_TIE 0x80u

#define FSR_DR 0x01u
#define FSR_RDF 0x02u
#define FSR_BRK 0x10u
#define FSR_TDFE 0x20u
#define FSR_TEND 0x40u
#define FSR_ER 0x80u
#define FSR_CLEARED 0xf3u /* by writing 0 */

#define FCR_RFRST 0x02u
#define LSR_ORER 1u

static uint32_t scif_trigger(const struct scif *s)
{
	static const uint8_t triggers[] = {1, 4, 8, 14};

	return triggers[s->words[SCFCR / 4] >> 6 & 3];
}

/* Flags whose cause is there. */
static void scif_update(struct scif *s)
{
	s->status |= FSR_TDFE | FSR_TEND;
	if (s->count >= scif_trigger(s)) {
		s->status |= FSR_RDF;
	} else if (s->count != 0) {
		s->status |= FSR_DR;
	}
}

void scif_init(struct scif *s)
{
	memset(s, 0, sizeof(*s));
	scif_update(s);
}

bool scif_has_room(const struct scif *s)
{
	return (s->words[SCSCR / 4] & SCR_RE) != 0 && (s->words[SCFCR / 4] & FCR_RFRST) == 0 &&
	       s->overrun == 0 && (s->status & (FSR_ER | FSR_BRK)) == 0 && s->count < SCIFM_FIFO;
}

void scif_receive(struct scif *s, uint8_t c)
{
	if (scif_has_room(s)) {
		s->fifo[(s->head + s->count++) % SCIFM_FIFO] = c;
		scif_update(s);
	} else if (s->count == SCIFM_FIFO) {
		s->overrun = LSR_ORER;
	}
}

bool scif_irq(const struct scif *s)
{
	uint32_t scr = s->words[SCSCR / 4];

	return ((scr & SCR_TIE) != 0 && (s->status & FSR_TDFE) != 0) ||
	       ((scr & SCR_RIE) != 0 && (s->status & (FSR_RDF | FSR_DR)) != 0) ||
	       ((scr & (SCR_RIE | SCR_REIE)) != 0 && ((s->status & (FSR_ER | FSR_BRK)) != 0 || s->overrun != 0));
}

static uint8_t scif_pop(struct scif *s)
{
	uint8_t c = s->fifo[s->head];

	if (s->count != 0) {
		s->head = (s->head + 1) % SCIFM_FIFO;
		s->count--;
	}
	return c;
}

uint64_t scif_read(struct scif *s, uint32_t offset, uint32_t size)
{
	(void)size;
	switch (offset) {
	case SCFSR:
		s->seen |= s->status;
		return s->status;
	case SCFRDR:
		return scif_pop(s);
	case SCFDR:
		return s->count;
	case SCLSR:
		return s->overrun;
	default:
		return s->words[offset / 4 % SCIFM_WORDS];
	}
}

static void scif_status_write(struct scif *s, uint64_t value)
{
	uint16_t cleared = (uint16_t)(s->seen & ~value & FSR_CLEARED);

	s->status = (uint16_t)(s->status & ~cleared);
	s->seen = (uint16_t)(s->seen & ~cleared);
	/* Of DR data is the cause, however little. */
	if ((cleared & FSR_DR) != 0 && s->count != 0) {
		s->status |= FSR_DR;
	}
}

void scif_write(struct scif *s, uint32_t offset, uint32_t size, uint64_t value)
{
	(void)size;
	switch (offset) {
	case SCFTDR:
		if ((s->words[SCSCR / 4] & SCR_TE) != 0) {
			scif_sent(s, (uint8_t)value);
		}
		break;
	case SCFSR:
		scif_status_write(s, value);
		break;
	case SCLSR:
		s->overrun = (uint16_t)(s->overrun & value);
		break;
	case SCFRDR:
	case SCFDR:
		break;
	default:
		s->words[offset / 4 % SCIFM_WORDS] = (uint16_t)value;
	}
	if ((s->words[SCFCR / 4] & FCR_RFRST) != 0) {
		s->count = 0;
	}
	scif_update(s);
}
