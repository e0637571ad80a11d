// SPDX-License-Identifier: Apache-2.0
/* Arm PrimeCell UART PL011 (DDI 0183). */
#include "arch/mmio.h"
#include "drivers/pl011_regs.h"
#include "drivers/uart.h"

void uart_init(uint64_t base)
{
	mmio_write32(base + PL011_IMSC, 0);
	/* The line control register may only change while the UART is off: leave one
	 * that a boot loader set up alone. */
	if ((mmio_read32(base + PL011_CR) & PL011_CR_UARTEN) == 0) {
		mmio_write32(base + PL011_LCRH, PL011_LCRH_WLEN8 | PL011_LCRH_FEN);
	}
	mmio_write32(base + PL011_CR, PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE);
}

bool uart_try_put(uint64_t base, char c)
{
	if ((mmio_read32(base + PL011_FR) & PL011_FR_TXFF) != 0) {
		return false;
	}
	mmio_write32(base + PL011_DR, (uint8_t)c);
	return true;
}

int uart_get(uint64_t base)
{
	while ((mmio_read32(base + PL011_FR) & PL011_FR_RXFE) == 0) {
		uint32_t data = mmio_read32(base + PL011_DR);

		if ((data & PL011_DR_ERRORS) == 0) {
			return (int)(data & PL011_DR_DATA);
		}
		mmio_write32(base + PL011_RSR, 0);
	}
	return -1;
}

static void pl011_mask(uint64_t base, uint32_t bits, bool on)
{
	uint32_t imsc = mmio_read32(base + PL011_IMSC);

	mmio_write32(base + PL011_IMSC, on ? imsc | bits : imsc & ~bits);
}

void uart_rx_irq(uint64_t base, bool on)
{
	pl011_mask(base, PL011_INT_RX | PL011_INT_RT, on);
}

void uart_tx_irq(uint64_t base, bool on)
{
	pl011_mask(base, PL011_INT_TX, on);
}
