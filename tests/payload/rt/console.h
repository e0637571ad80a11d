/* SPDX-License-Identifier: Apache-2.0 */
/* Console output by PL011 polling, or by Xen's console hypercall. */
#ifndef PAYLOAD_RT_CONSOLE_H
#define PAYLOAD_RT_CONSOLE_H

#include <stdarg.h>

#include "arch.h"

/* PL011 registers (ARM DDI 0183G, chapter 3). */
#define PL011_DR 0x00
#define PL011_FR 0x18
#define PL011_FR_RXFE BIT(4)
#define PL011_FR_TXFF BIT(5)
#define PL011_IBRD 0x24
#define PL011_FBRD 0x28
#define PL011_LCR_H 0x2c
#define PL011_LCR_H_FEN BIT(4)
#define PL011_CR 0x30
#define PL011_CR_UARTEN BIT(0)
#define PL011_CR_TXE BIT(8)
#define PL011_CR_RXE BIT(9)
#define PL011_IFLS 0x34
#define PL011_IMSC 0x38
#define PL011_RIS 0x3c
#define PL011_MIS 0x40
#define PL011_ICR 0x44
#define PL011_INT_RX BIT(4)
#define PL011_INT_TX BIT(5)
#define PL011_INT_RT BIT(6)
#define PL011_PERIPH_ID0 0xfe0
#define PL011_PCELL_ID0 0xff0

void console_init(void);
void console_putc(char c);

/* %s %c %d %u %x %lu %lx %% with an optional width for numbers, as printf has them. */
void console_vprintf(const char *format, va_list args);
void console_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
