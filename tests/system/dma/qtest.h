/* SPDX-License-Identifier: Apache-2.0 */
/* A client of QEMU's -qtest: memory and registers past every translation. */
#ifndef TESTS_SYSTEM_DMA_QTEST_H
#define TESTS_SYSTEM_DMA_QTEST_H

#include <stdint.h>

/* Says what is wrong and ends the program. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);

void qtest_open(const char *path);

/* Sends a command without waiting; at most QTEST_AHEAD of them, for QEMU stops to read
 * when nobody takes its answers. */
#define QTEST_AHEAD 1024
__attribute__((format(printf, 1, 2))) void qtest_send(const char *fmt, ...);
/* The value of the oldest answer that is due. */
uint64_t qtest_take(void);
/* Takes all that are due. */
void qtest_settle(void);

uint64_t qtest_read32(uint64_t pa);
uint64_t qtest_read64(uint64_t pa);
void qtest_write16(uint64_t pa, uint64_t value);
void qtest_write32(uint64_t pa, uint64_t value);
void qtest_write64(uint64_t pa, uint64_t value);

#endif
