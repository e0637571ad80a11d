/* SPDX-License-Identifier: Apache-2.0 */
/*
 * R-Car H3 board model: a SCIF, as drivers know it ("renesas,rcar-gen3-scif"); its manual is not
 * public. Assumptions, each to be checked on hardware:
 *
 *   NO_TIME    a character written is sent at once, and silence follows each that is received:
 *              SCFSR.DR is set without its 15 bit times
 *   STAYS      a flag written 0 after it was read as 1 is 0, unless its cause is still there: of DR,
 *              data in the FIFO; of RDF, as much as SCFCR.RTRG; of TDFE and TEND, a FIFO that is
 *              not full and one that is empty, which is always
 *   TE_OFF     characters written while SCSCR.TE is 0 are lost
 *   NO_LINE    speed, parity, modem lines and breaks: the registers keep what is written
 */
#ifndef TESTS_MODELS_RCAR_SCIF_H
#define TESTS_MODELS_RCAR_SCIF_H

#include "types.h"

#define SCIFM_FIFO 16u
#define SCIFM_WORDS 16u

struct scif {
	uint16_t words[SCIFM_WORDS]; /* registers that are no more than what was written, by offset / 4 */
	uint16_t status;
	uint16_t seen;               /* bits of it that were read as 1 */
	uint16_t overrun;
	uint8_t fifo[SCIFM_FIFO];
	uint32_t head;
	uint32_t count;
};

/* Out of reset. */
void scif_init(struct scif *s);

uint64_t scif_read(struct scif *s, uint32_t offset, uint32_t size);
/* What is sent goes to scif_sent(). */
void scif_write(struct scif *s, uint32_t offset, uint32_t size, uint64_t value);

/* Whether a character that comes now is received and not lost. */
bool scif_has_room(const struct scif *s);
void scif_receive(struct scif *s, uint8_t c);
/* The level of its interrupt. */
bool scif_irq(const struct scif *s);

/* Whoever has the model has this: the line's other end. */
void scif_sent(struct scif *s, uint8_t c);

#endif
