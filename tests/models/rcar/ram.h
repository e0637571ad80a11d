/* SPDX-License-Identifier: Apache-2.0 */
/* R-Car H3 board model: the board's RAM (boards/rcar-h3/board.yaml). Each bank lies within 1 GiB. */
#ifndef TESTS_MODELS_RCAR_RAM_H
#define TESTS_MODELS_RCAR_RAM_H

#include "types.h"

struct ram_bank {
	uint64_t base;
	uint64_t size;
};

extern const struct ram_bank ram_banks[];
extern const uint32_t ram_bank_count;

/* Whether [pa, pa + size) is within one of them. */
bool ram_has(uint64_t pa, uint64_t size);

#endif
