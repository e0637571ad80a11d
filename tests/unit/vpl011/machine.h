/* SPDX-License-Identifier: Apache-2.0 */
/* Two domains with a virtual PL011 each, and the machine's UART below. */
#ifndef TESTS_UNIT_VPL011_MACHINE_H
#define TESTS_UNIT_VPL011_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/domain.h"
#include "drivers/pl011_regs.h"

#define GUEST 0
#define DOM0 1 /* the hardware domain */

extern const struct trap_window window;
extern const struct domain_desc descs[];

/* The UART: what it sent, what it has room for, what it received. */
extern char out[1 << 20];
extern uint32_t sent, room, fed_at;
extern bool rx_irq, tx_irq;

extern bool level[4]; /* the virtual interrupt of each domain */
extern bool ended[4]; /* what domain_has_ended() says */
extern uint64_t ticks; /* at 1 GHz */

/* Happens on another CPU when a virtual interrupt's level changes, the ring locked, once;
 * whenever the time is read, which is not while locks are held that others may wait for. */
extern void (*meanwhile)(void), (*later)(void);

void machine_start(void);

/* Time passes; the alarm goes off (counted) as often as it is set. */
void pass(uint64_t us);
extern uint32_t alarms;

/* Register accesses of a domain, 32 bits wide. */
uint32_t rd(uint32_t domain, uint64_t reg);
void wr(uint32_t domain, uint64_t reg, uint32_t v);

/* Turns the domain's UART on, FIFOs too. */
void enable(uint32_t domain);
/* Sends a text from the domain. */
void say(uint32_t domain, const char *s);
/* The machine's UART receives a text. */
void feed(const char *s);

#endif
