// SPDX-License-Identifier: Apache-2.0
#include "drivers/console.h"

#include <stdarg.h>

#include "drivers/uart.h"
#include "lib/format.h"
#include "lib/spinlock.h"
#include "tables.h"

static struct spinlock console_lock;

static bool console_exists(void)
{
	return board.uart.kind != UART_NONE;
}

void console_init(void)
{
	if (console_exists()) {
		uart_init(board.uart.reg.base);
	}
}

static void console_puts(const char *s)
{
	for (; *s != '\0'; s++) {
		uart_put(board.uart.reg.base, *s);
	}
}

static void console_line(const char *line)
{
	console_puts("bulkhead: ");
	console_puts(line);
	console_puts("\r\n");
}

void log_print(const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	if (!console_exists()) {
		return;
	}
	va_start(ap, fmt);
	format_text(line, sizeof(line), fmt, ap);
	va_end(ap);
	spin_lock(&console_lock);
	console_line(line);
	spin_unlock(&console_lock);
}

void log_last_words(const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	if (!console_exists()) {
		return;
	}
	va_start(ap, fmt);
	format_text(line, sizeof(line), fmt, ap);
	va_end(ap);
	console_line(line);
	uart_flush(board.uart.reg.base);
}

bool console_try_put(char c)
{
	bool done;

	if (!console_exists()) {
		return true;
	}
	spin_lock(&console_lock);
	done = uart_try_put(board.uart.reg.base, c);
	spin_unlock(&console_lock);
	return done;
}

int console_get(void)
{
	int c;

	if (!console_exists()) {
		return -1;
	}
	spin_lock(&console_lock);
	c = uart_get(board.uart.reg.base);
	spin_unlock(&console_lock);
	return c;
}

void console_rx_irq(bool on)
{
	if (console_exists()) {
		spin_lock(&console_lock);
		uart_rx_irq(board.uart.reg.base, on);
		spin_unlock(&console_lock);
	}
}

void console_tx_irq(bool on)
{
	if (console_exists()) {
		spin_lock(&console_lock);
		uart_tx_irq(board.uart.reg.base, on);
		spin_unlock(&console_lock);
	}
}

void console_flush(void)
{
	if (console_exists()) {
		spin_lock(&console_lock);
		uart_flush(board.uart.reg.base);
		spin_unlock(&console_lock);
	}
}
