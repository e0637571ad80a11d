// SPDX-License-Identifier: Apache-2.0
/* Where one domain has a console: what it writes goes out as it is. */
#include "drivers/console_priv.h"

#include "drivers/uart.h"

static uint32_t owed; /* of CR LF that end a line which was broken off */

bool console_settle(void)
{
	while (owed != 0 && uart_try_put(board.uart.reg.base, "\n\r"[owed - 1])) {
		owed--;
	}
	return owed == 0;
}

uint32_t console_send(const char *text, uint32_t n, bool *full)
{
	uint32_t i = 0;

	*full = !console_settle();
	while (i < n && !*full) {
		if (!uart_try_put(board.uart.reg.base, text[i])) {
			*full = true;
		} else if (text[i++] == '\n') {
			console.length = 0;
			break;
		} else {
			console.length++;
		}
	}
	return i;
}

void console_end_line(enum console_end why)
{
	(void)why;
	if (console.length != 0) {
		owed = 2;
		console.length = 0;
	}
}

void console_forget(uint32_t who)
{
	(void)who;
}
