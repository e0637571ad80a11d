// SPDX-License-Identifier: Apache-2.0
/* Renesas SCIF, serial interface with 16-byte FIFOs; as Linux drives it on R-Car Gen3
 * (drivers/tty/serial/sh-sci.c, sh-sci.h; "renesas,rcar-gen3-scif"). */
#include "arch/mmio.h"
#include "drivers/scif_regs.h"
#include "drivers/uart.h"

void uart_init(uint64_t base)
{
	uint16_t scr = mmio_read16(base + SCIF_SCSCR);

	mmio_write16(base + SCIF_SCSCR, (uint16_t)((scr & SCIF_SCSCR_CKE) | SCIF_SCSCR_TE | SCIF_SCSCR_RE));
}

/* Status bits are cleared by writing 0 after they were read as 1. */
static void scif_clear_status(uint64_t base, uint16_t bits)
{
	uint16_t status = mmio_read16(base + SCIF_SCFSR);

	mmio_write16(base + SCIF_SCFSR, (uint16_t)(status & ~bits));
}

bool uart_try_put(uint64_t base, char c)
{
	if (FIELD_GET(SCIF_SCFDR_T, mmio_read16(base + SCIF_SCFDR)) >= SCIF_FIFO) {
		return false;
	}
	mmio_write8(base + SCIF_SCFTDR, (uint8_t)c);
	scif_clear_status(base, SCIF_SCFSR_TDFE | SCIF_SCFSR_TEND);
	return true;
}

bool uart_is_idle(uint64_t base)
{
	return (mmio_read16(base + SCIF_SCFSR) & SCIF_SCFSR_TEND) != 0;
}

/* Reception stops at an error until its flags are cleared. */
static void scif_clear_errors(uint64_t base, uint16_t status)
{
	if ((status & SCIF_SCFSR_ERRORS) != 0) {
		scif_clear_status(base, SCIF_SCFSR_ERRORS);
	}
	if ((mmio_read16(base + SCIF_SCLSR) & SCIF_SCLSR_ORER) != 0) {
		mmio_write16(base + SCIF_SCLSR, 0);
	}
}

int uart_get(uint64_t base)
{
	for (uint32_t i = 0; i < SCIF_FIFO; i++) {
		uint16_t status = mmio_read16(base + SCIF_SCFSR);
		uint8_t data;

		if (FIELD_GET(SCIF_SCFDR_R, mmio_read16(base + SCIF_SCFDR)) == 0) {
			scif_clear_errors(base, status);
			scif_clear_status(base, SCIF_SCFSR_RDF | SCIF_SCFSR_DR);
			return -1;
		}
		data = mmio_read8(base + SCIF_SCFRDR);
		scif_clear_errors(base, status);
		scif_clear_status(base, SCIF_SCFSR_RDF | SCIF_SCFSR_DR);
		if ((status & (SCIF_SCFSR_FER | SCIF_SCFSR_PER | SCIF_SCFSR_BRK)) == 0) {
			return data;
		}
	}
	return -1;
}

static void scif_control(uint64_t base, uint16_t bits, bool on)
{
	uint16_t scr = mmio_read16(base + SCIF_SCSCR);

	mmio_write16(base + SCIF_SCSCR, (uint16_t)(on ? scr | bits : scr & ~bits));
}

void uart_rx_irq(uint64_t base, bool on)
{
	scif_control(base, SCIF_SCSCR_RIE | SCIF_SCSCR_REIE, on);
}

void uart_tx_irq(uint64_t base, bool on)
{
	scif_control(base, SCIF_SCSCR_TIE, on);
}
