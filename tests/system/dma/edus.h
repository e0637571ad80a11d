/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 256 of QEMU's edu devices, all functions of the one bus behind the root port at
 * 00:01.0: with the number of that bus they have any stream ID there is.
 */
#ifndef TESTS_SYSTEM_DMA_EDUS_H
#define TESTS_SYSTEM_DMA_EDUS_H

#include <stdbool.h>
#include <stdint.h>

#define EDUS 256u

/* What one device is to do: 8 bytes to the IPA from its buffer, or the other way. */
struct try {
	uint64_t ipa;
	bool write;
	bool idle; /* nothing */
};

/* What came of it. */
struct outcome {
	bool translated; /* the SMMU let it through; to this address: */
	uint64_t pa;
	bool other; /* it did something else besides */
};

/* Finds the devices. `trace`: QEMU's log of smmuv3_translate_success. */
void edus_open(const char *trace);
/* Gives their bus a number: device i has stream ID bus << 8 | i from now on, of which
 * the SMMU knows nothing. */
void edus_set_bus(uint32_t bus);
/* What device i writes: a value of its own. */
uint64_t edus_value(uint32_t i);
/* Has each read its value, from RAM that the streams of this bus may reach: one page. */
void edus_fill(uint64_t ipa, uint64_t pa);
/* All at once; returns when the last is done. */
void edus_run(const struct try tries[EDUS], struct outcome outcomes[EDUS]);

#endif
