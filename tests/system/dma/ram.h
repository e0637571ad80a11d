/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's RAM, past every translation, and past QEMU. */
#ifndef TESTS_SYSTEM_DMA_RAM_H
#define TESTS_SYSTEM_DMA_RAM_H

#include <stdint.h>

/* path: the file that QEMU has as RAM from the address base on. */
void ram_open(const char *path, uint64_t base, uint64_t size);
uint64_t ram_read64(uint64_t pa);
void ram_write64(uint64_t pa, uint64_t value);

#endif
