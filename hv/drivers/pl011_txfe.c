// SPDX-License-Identifier: Apache-2.0
/*
 * In place of pl011_busy.c on a PL011 with QDF2400's erratum E44: BUSY may stay 1 for ever,
 * and each wait for it would end by its time alone. That the FIFO is empty is as near as
 * one comes; the last character may still be on its way.
 */
#include "arch/mmio.h"
#include "drivers/pl011_regs.h"
#include "drivers/uart.h"

bool uart_is_idle(uint64_t base)
{
	return (mmio_read32(base + PL011_FR) & PL011_FR_TXFE) != 0;
}
