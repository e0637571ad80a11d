// SPDX-License-Identifier: Apache-2.0
#include "drivers/console_priv.h"

#include <stdarg.h>

#include "arch/cpu.h"
#include "drivers/uart.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/time.h"

#define CONSOLE_FLUSH_US 100000
#define LOG_STUCK_US 10000  /* the UART takes nothing: a message gives its rest up */
#define LOG_SEND_US 100000  /* the same for a message as a whole */
#define LOG_PREFIX "bulkhead: "
#define LOG_TEXT_MAX (sizeof(LOG_PREFIX) + LOG_LINE_MAX + 2)

struct spinlock console_lock;
struct console console;

/* One message at a time. */
static struct spinlock log_lock;

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

static void console_begin(uint32_t who)
{
	console.writer = who;
	console.turn_end = time_after_us(CONSOLE_LINE_US);
	if (who != WRITER_LOG) {
		console.last = who;
		console.waiting &= ~BIT64(who - 1);
	}
}

/* The writer's turn is over; what is unfinished of its line is broken off. */
static void console_end(void)
{
	console_end_line(CONSOLE_BROKEN_OFF);
	console.writer = 0;
}

/* Of those that wait, the first behind the last writer: all get their turn. */
static uint32_t console_next(void)
{
	uint64_t behind = console.last < 64 ? console.waiting >> console.last << console.last : 0;

	return (uint32_t)__builtin_ctzll(behind != 0 ? behind : console.waiting) + 1;
}

/* Whether it is the turn of `who`, a guest. A turn ends with the line, or when others
 * wait and the line is old or long. */
static bool console_turn(uint32_t who)
{
	if (console.writer == who) {
		return true;
	}
	console.waiting |= BIT64(who - 1);
	if (console.writer != 0) {
		if (console.writer == WRITER_LOG || !console_is_over()) {
			return false;
		}
		console_end();
	}
	if (!console.log_waiting) {
		console_begin(console_next());
	}
	return console.writer == who;
}

uint32_t console_write(uint32_t who, const uint8_t *text, uint32_t n, bool *full)
{
	uint32_t i = 0;

	*full = false;
	if (!console_exists()) {
		return n;
	}
	spin_lock(&console_lock);
	while (i < n && !*full && console_turn(who)) {
		uint32_t sent = console_send((const char *)&text[i], n - i, full);

		i += sent;
		if (sent != 0 && console.length == 0 && !(console.keep && who == CONSOLE_OWN)) {
			console.writer = 0;
		}
	}
	spin_unlock(&console_lock);
	return i;
}

void console_leave(uint32_t who)
{
	spin_lock(&console_lock);
	console.waiting &= ~BIT64(who - 1);
	if (console.writer == who) {
		console_end_line(CONSOLE_LEFT);
		console.writer = 0;
	}
	console_forget(who);
	spin_unlock(&console_lock);
}

/* The turn of a message: when no line is unfinished, or after CONSOLE_LOG_US anyway. */
static void log_begin(void)
{
	uint64_t end = 0;

	spin_lock(&console_lock);
	console.log_waiting = true;
	while (console.writer != 0) {
		if (end == 0) {
			end = time_after_us(CONSOLE_LOG_US);
		} else if (time_over(end)) {
			console_end();
			break;
		}
		spin_unlock(&console_lock);
		arch_relax();
		spin_lock(&console_lock);
	}
	console.log_waiting = false;
	console_begin(WRITER_LOG);
	spin_unlock(&console_lock);
}

static void log_end(void)
{
	spin_lock(&console_lock);
	console_end();
	spin_unlock(&console_lock);
}

/* Gives the rest up where the UART takes nothing, as a domain that has it too can
 * make it. */
static void log_send(const char *text, uint32_t n)
{
	uint64_t end = time_after_us(LOG_SEND_US);
	uint64_t stuck = time_after_us(LOG_STUCK_US);
	bool full;

	while (n != 0) {
		uint32_t sent;

		spin_lock(&console_lock);
		sent = console_send(text, n, &full);
		spin_unlock(&console_lock);
		text += sent;
		n -= sent;
		if (sent != 0) {
			stuck = time_after_us(LOG_STUCK_US);
		} else if (time_over(stuck) || time_over(end)) {
			return;
		}
	}
}

static uint32_t log_format(char text[LOG_TEXT_MAX], const char *fmt, va_list ap)
{
	uint32_t n = sizeof(LOG_PREFIX) - 1;

	memcpy(text, LOG_PREFIX, n);
	n += (uint32_t)format_text(&text[n], LOG_LINE_MAX, fmt, ap);
	text[n] = '\r';
	text[n + 1] = '\n';
	return n + 2;
}

void log_print(const char *fmt, ...)
{
	char text[LOG_TEXT_MAX];
	uint32_t n;
	va_list ap;

	if (!console_exists()) {
		return;
	}
	va_start(ap, fmt);
	n = log_format(text, fmt, ap);
	va_end(ap);
	spin_lock(&log_lock);
	log_begin();
	log_send(text, n);
	log_end();
	spin_unlock(&log_lock);
}

void log_last_words(const char *fmt, ...)
{
	char text[LOG_TEXT_MAX];
	uint32_t n;
	va_list ap;

	if (!console_exists()) {
		return;
	}
	va_start(ap, fmt);
	n = log_format(text, fmt, ap);
	va_end(ap);
	if (!console_settle() || console.length != 0) {
		uart_put(board.uart.reg.base, '\r');
		uart_put(board.uart.reg.base, '\n');
	}
	for (uint32_t i = 0; i < n && uart_put(board.uart.reg.base, text[i]); i++) {
	}
	uart_flush(board.uart.reg.base);
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
	uint64_t end = time_after_us(CONSOLE_FLUSH_US);
	bool idle = !console_exists();

	while (!idle && !time_over(end)) {
		spin_lock(&console_lock);
		idle = console_settle() && uart_is_idle(board.uart.reg.base);
		spin_unlock(&console_lock);
	}
}
