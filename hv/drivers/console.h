/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's UART, shared by the hypervisor's messages and by guests' virtual
 * UARTs, and those messages.
 */
#ifndef HV_DRIVERS_CONSOLE_H
#define HV_DRIVERS_CONSOLE_H

#include "types.h"

/* Set by the build (configs/Kconfig.log); messages above it are not compiled in. */
#define log_error(...) log_at(1, __VA_ARGS__)
#define log_warn(...) log_at(2, __VA_ARGS__)
#define log_info(...) log_at(3, __VA_ARGS__)
#define log_debug(...) log_at(4, __VA_ARGS__)

#define log_at(level, ...) \
	do { \
		if (CONFIG_LOG_LEVEL >= (level)) { \
			log_print(__VA_ARGS__); \
		} \
	} while (0)

void console_init(void);

/* One line, "bulkhead: " before it and CR LF behind; at the most LOG_LINE_MAX
 * characters. Formats: lib/format.h. Not before the MMU is on. */
#define LOG_LINE_MAX 160
void log_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same for a machine that is about to stop: takes no lock, works at any time. */
void log_last_words(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Guests' characters. False: no room now. -1: nothing to read. */
bool console_try_put(char c);
int console_get(void);

/* Interrupts while there is something to read; while there is room to send. */
void console_rx_irq(bool on);
void console_tx_irq(bool on);

/* Waits, bounded, until all is sent. */
void console_flush(void);

#endif
