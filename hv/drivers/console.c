// SPDX-License-Identifier: Apache-2.0
#include "drivers/console.h"

#include <stdarg.h>

#include "drivers/uart.h"
#include "lib/format.h"
#include "lib/spinlock.h"
#include "lib/time.h"
#include "tables.h"

/* Guards the UART and whose unfinished line is on it: 0, nobody's. */
static struct spinlock console_lock;
static uint32_t console_writer;
static uint64_t console_line_end; /* when that line counts as left unfinished */

static bool console_exists(void)
{
	return board.uart.kind != UART_NONE;
}

/* Without an interrupt of its own the hypervisor only writes: what is received is
 * for the domain whose console it is. */
static bool console_has_irq(void)
{
	return board.uart.intid != 0;
}

void console_init(void)
{
	if (console_exists()) {
		uart_init(board.uart.reg.base);
	}
}

/* Gives the rest up where the UART takes nothing, as a domain that has it too can
 * make it: a message costs 10 ms at the most for each of its parts then. */
static void console_puts(const char *s)
{
	while (*s != '\0' && uart_put(board.uart.reg.base, *s)) {
		s++;
	}
}

static void console_line(const char *line)
{
	console_puts("bulkhead: ");
	console_puts(line);
	console_puts("\r\n");
}

/* Ends an unfinished line, so that the next one starts on its own. */
static void console_break(void)
{
	if (console_writer != 0) {
		console_puts("\r\n");
		console_writer = 0;
	}
}

/* Takes the lock when no line is unfinished, or after CONSOLE_LOG_US anyway. */
static void console_lock_between_lines(void)
{
	uint64_t end = 0;

	spin_lock(&console_lock);
	while (console_writer != 0) {
		if (end == 0) {
			end = time_after_us(CONSOLE_LOG_US);
		}
		if (time_over(end)) {
			break;
		}
		spin_unlock(&console_lock);
		arch_relax();
		spin_lock(&console_lock);
	}
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
	console_lock_between_lines();
	console_break();
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
	console_break();
	console_line(line);
	uart_flush(board.uart.reg.base);
}

uint32_t console_write(uint32_t who, const uint8_t *text, uint32_t n, bool *full)
{
	uint32_t i = 0;

	*full = false;
	if (!console_exists() || n == 0) {
		return n;
	}
	spin_lock(&console_lock);
	if (console_writer != 0 && console_writer != who && time_over(console_line_end)) {
		console_break();
	}
	if (console_writer == 0 || console_writer == who) {
		while (i < n && uart_try_put(board.uart.reg.base, (char)text[i])) {
			i++;
		}
		*full = i < n;
	}
	if (i > 0) {
		console_writer = text[i - 1] == '\n' ? 0 : who;
		console_line_end = time_after_us(CONSOLE_LINE_US);
	}
	spin_unlock(&console_lock);
	return i;
}

int console_get(void)
{
	int c;

	if (!console_has_irq()) {
		return -1;
	}
	spin_lock(&console_lock);
	c = uart_get(board.uart.reg.base);
	spin_unlock(&console_lock);
	return c;
}

void console_rx_irq(bool on)
{
	if (console_has_irq()) {
		spin_lock(&console_lock);
		uart_rx_irq(board.uart.reg.base, on);
		spin_unlock(&console_lock);
	}
}

void console_tx_irq(bool on)
{
	if (console_has_irq()) {
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
