// SPDX-License-Identifier: Apache-2.0
/* What waits, on top of what each UART's driver does at once. */
#include "drivers/uart.h"

#include "lib/time.h"

#define PUT_US 10000
#define FLUSH_US 100000

bool uart_put(uint64_t base, char c)
{
	uint64_t end;

	if (uart_try_put(base, c)) {
		return true;
	}
	end = time_after_us(PUT_US);
	while (!uart_try_put(base, c)) {
		if (time_over(end)) {
			return false;
		}
	}
	return true;
}

void uart_flush(uint64_t base)
{
	uint64_t end = time_after_us(FLUSH_US);

	while (!uart_is_idle(base) && !time_over(end)) {
	}
}
