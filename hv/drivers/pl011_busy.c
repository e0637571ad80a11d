// SPDX-License-Identifier: Apache-2.0
#include "arch/mmio.h"
#include "drivers/pl011_regs.h"
#include "drivers/uart.h"

bool uart_is_idle(uint64_t base)
{
	return (mmio_read32(base + PL011_FR) & PL011_FR_BUSY) == 0;
}
