/* SPDX-License-Identifier: Apache-2.0 */
/* Two domains with watchdogs on three CPUs, and the time. */
#ifndef TESTS_UNIT_WATCHDOG_MACHINE_H
#define TESTS_UNIT_WATCHDOG_MACHINE_H

#include "guest/watchdog.h"

#define WCS 0x000u
#define WOR 0x008u
#define WCV 0x010u
#define IIDR 0xfccu
#define REFRESH 0x10000u
#define INTID 77u
#define CPUS 3u /* two of the first domain, one of the second */

/* The system counter; the interrupts' levels and the faults of each domain. */
extern uint64_t now;
extern bool level[2];
extern uint32_t faults[2];

/* All off, at 1000. */
int start(void **state);

/* An access of a CPU's to its domain's watchdog; get and put: of 4 bytes. */
bool reach(uint32_t cpu, uint64_t offset, uint32_t size, bool write, uint64_t *value);
uint32_t get(uint32_t cpu, uint64_t offset);
void put(uint32_t cpu, uint64_t offset, uint64_t value);
void arm(uint32_t cpu, uint32_t offset);

/* The CPU's alarm goes off, as trap_irq() has it. */
void ring(uint32_t cpu);

/* Time passes, and alarms go off; how many. */
uint32_t pass(uint64_t until);

#endif
