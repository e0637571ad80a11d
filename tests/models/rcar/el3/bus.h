/* SPDX-License-Identifier: Apache-2.0 */
/* Accesses to the board's physical addresses that are no RAM. */
#ifndef TESTS_MODELS_RCAR_EL3_BUS_H
#define TESTS_MODELS_RCAR_EL3_BUS_H

#include "types.h"

/* Once. */
void bus_init(void);

/* Where nothing is modelled, reads are 0, writes are lost, and the console says it once a page. */
uint64_t bus_read(uint64_t pa, uint32_t size);
void bus_write(uint64_t pa, uint32_t size, uint64_t value);

/* Something has come on the serial line; the timer that devices asked for has. */
void bus_serial(void);
void bus_step(void);

#endif
