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
 * characters. A guest's unfinished line gets CONSOLE_LOG_US to end first. Other CPUs'
 * messages wait, guests' output is refused meanwhile. Formats: lib/format.h. Not before
 * the MMU is on. */
#define CONSOLE_LOG_US 5000
#define LOG_LINE_MAX 160
void log_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same for a machine that is about to stop: takes no lock, works at any time. */
void log_last_words(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Sends what there is room for of text[0..n) for writer `who` (1..64) and returns how
 * many characters that was. *full: the UART has no more room; else, if it was not all,
 * it is another's turn, and worth trying again after CONSOLE_RETRY_US.
 * Writers take turns, line by line. One who does not end its line within
 * CONSOLE_LINE_US, or CONSOLE_LINE_MAX characters, has it broken off when others wait.
 */
#define CONSOLE_LINE_US 20000
#define CONSOLE_LINE_MAX 256
#define CONSOLE_RETRY_US 2000
uint32_t console_write(uint32_t who, const uint8_t *text, uint32_t n, bool *full);

/* `who` has gone: its turn is over, and so is its line. */
void console_leave(uint32_t who);

/* The hypervisor's own writer, for what is no message: one behind the last domain's. */
#define CONSOLE_OWN (DOMAINS_MAX + 1)

/*
 * Where several domains have consoles (console_named.c).
 */

/* Lines begin with their writer's name, but for those of `who` from now on (0: of nobody).
 * An unfinished line is broken off; what CONSOLE_OWN has to say of it, if anything, comes next. */
void console_set_plain(uint32_t who, bool told);

/* Whether `who` has begun a line that nobody has broken off; whether others wait for their
 * turn; whether he himself does, and cannot have it yet; whose it is (0: nobody's). All of it
 * may change at any time, and no lock is taken: whoever looks again and again for room must
 * not keep the others from it. */
bool console_has_line(uint32_t who);
bool console_others_wait(uint32_t who);
bool console_must_wait(uint32_t who);
uint32_t console_turn_of(void);

/* `who` has nothing to send now: nobody waits for him. Returns whether the UART has no room
 * for what is left of a line that has gone. */
bool console_pass(uint32_t who);

/* The next character received; -1: none. */
int console_get(void);

/* Interrupts while there is something to read; while there is room to send. */
void console_rx_irq(bool on);
void console_tx_irq(bool on);

/* Waits, bounded, until all is sent. */
void console_flush(void);

#endif
