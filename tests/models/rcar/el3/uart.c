// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/uart.h"

#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/machine.h"

enum {
	UARTDR = 0x00,
	UARTFR = 0x18,
	UARTLCR_H = 0x2c,
	UARTCR = 0x30,
	UARTIMSC = 0x38,
};

#define FR_RXFE 0x10u
#define FR_TXFF 0x20u
#define LCR_H_8N1_FIFO 0x70u
#define CR_ON 0x301u
#define IMSC_RX_RT 0x50u

#define UART_SPINS 1000000u

void uart_init(void)
{
	reg_write(QEMU_UART + UARTLCR_H, LCR_H_8N1_FIFO);
	reg_write(QEMU_UART + UARTCR, CR_ON);
	reg_write(QEMU_UART + UARTIMSC, 0);
}

void uart_put(char c)
{
	for (uint32_t i = 0; i < UART_SPINS && (reg_read(QEMU_UART + UARTFR) & FR_TXFF) != 0; i++) {
	}
	reg_write(QEMU_UART + UARTDR, (uint8_t)c);
}

void uart_pump(struct scif *s)
{
	while (scif_has_room(s) && (reg_read(QEMU_UART + UARTFR) & FR_RXFE) == 0) {
		scif_receive(s, (uint8_t)reg_read(QEMU_UART + UARTDR));
	}
	reg_write(QEMU_UART + UARTIMSC, scif_has_room(s) ? IMSC_RX_RT : 0);
}

static void uart_text(const char *text)
{
	while (*text != '\0') {
		uart_put(*text++);
	}
}

void uart_say(const char *text, uint64_t value)
{
	uint32_t shift = 60;

	uart_text("board: ");
	uart_text(text);
	uart_text(" 0x");
	while (shift != 0 && value >> shift == 0) {
		shift -= 4;
	}
	for (;; shift -= 4) {
		uart_put("0123456789abcdef"[value >> shift & 15]);
		if (shift == 0) {
			break;
		}
	}
	uart_text("\r\n");
}
