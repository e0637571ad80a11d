/* SPDX-License-Identifier: Apache-2.0 */
/* A64 loads and stores that a device can be accessed with (Arm ARM C4.1, "Loads and stores").
 * A granule protection fault says of an access neither its size nor its register. */
#ifndef TESTS_MODELS_RCAR_INSN_H
#define TESTS_MODELS_RCAR_INSN_H

#include "types.h"

#define INSN_ZERO 31u /* of rt: XZR; of rn: SP */

struct insn {
	bool write;
	bool sign;      /* what is read is sign-extended */
	bool wide;      /* to 64 bits, else to 32 */
	bool pair;      /* rt2 is at the address behind rt's */
	bool writeback; /* rn changes by `step` */
	uint32_t size;  /* of a register in memory: 1, 2, 4, 8 bytes */
	uint32_t rt;
	uint32_t rt2;
	uint32_t rn;    /* with writeback only */
	int64_t step;
};

/* False: nothing of the kind. Exclusives, atomics and the SIMD registers' loads and stores are
 * such: no driver uses them on a device. So are prefetches, which do not fault. */
bool insn_decode(uint32_t word, struct insn *insn);

/* What a register is after `value` was read. */
uint64_t insn_extend(const struct insn *insn, uint64_t value);

#endif
