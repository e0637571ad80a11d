/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the two halves of the console: console.c is whose turn it is, and
 * console_plain.c or console_named.c, of which one is linked, is how that looks.
 * The console's lock is held.
 */
#ifndef HV_DRIVERS_CONSOLE_PRIV_H
#define HV_DRIVERS_CONSOLE_PRIV_H

#include "drivers/console.h"
#include "lib/spinlock.h"
#include "lib/time.h"
#include "tables.h"

#define WRITER_LOG UINT32_MAX

struct console {
	uint32_t writer;   /* whose turn it is; 0: nobody's, WRITER_LOG: a message's */
	uint32_t last;     /* the last writer before but messages */
	uint32_t length;   /* characters of the writer's unfinished line */
	uint64_t turn_end; /* when others may break the writer's line off */
	uint64_t waiting;  /* bit i: writer i + 1 was refused */
	bool log_waiting;
	bool keep; /* CONSOLE_OWN keeps its turn until it passes */
};

/* Guards the UART and whose turn it is. Nobody holds it for longer than it takes to
 * fill the UART's FIFO. */
extern struct spinlock console_lock;
extern struct console console;

/* Whether the writer's line may be broken off for others. */
static inline bool console_is_over(void)
{
	return console.length >= CONSOLE_LINE_MAX || time_over(console.turn_end);
}

/* Sends what is owed of lines that were broken off, and of what stands before a line.
 * False: the UART has no more room. */
bool console_settle(void);

/* Sends what there is room for of the writer's text[0..n), up to the end of a line, and
 * returns how many characters that was. *full: the UART has no more room. */
uint32_t console_send(const char *text, uint32_t n, bool *full);

/* Ends the writer's line if it is unfinished: broken off, and it may go on with it
 * later; or for good. */
enum console_end { CONSOLE_BROKEN_OFF, CONSOLE_LEFT };
void console_end_line(enum console_end why);

/* The writer has gone: it will not go on with its line. */
void console_forget(uint32_t who);

#endif
