/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A UART at `base`. PL011 and SCIF implement the same names, one is linked in; what
 * waits is on top of both (uart.c).
 * No state but the device's own; the callers lock (drivers/console.c). Baud rate
 * and format are the boot loader's.
 */
#ifndef HV_DRIVERS_UART_H
#define HV_DRIVERS_UART_H

#include "types.h"

/* Transmitter and receiver on, interrupts off. Safe to repeat; touches no memory,
 * so it also runs before the image is known to be where it belongs. */
void uart_init(uint64_t base);

/* Sends one character if there is room in the FIFO. */
bool uart_try_put(uint64_t base, char c);

/* Sends one character; false: it is lost, there was no room for 10 ms. */
bool uart_put(uint64_t base, char c);

/* Whether all is on the wire. */
bool uart_is_idle(uint64_t base);

/* Waits until all is on the wire, 100 ms at the most. */
void uart_flush(uint64_t base);

/* The next character received, without flags; -1: none. Receive errors (parity,
 * framing, overrun) are cleared, the characters lost. */
int uart_get(uint64_t base);

/* Interrupt while there is something to read; while there is room to send. */
void uart_rx_irq(uint64_t base, bool on);
void uart_tx_irq(uint64_t base, bool on);

#endif
