/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One descriptor of the VMSAv8-64 translation tables with the 4 KiB granule
 * (DDI 0487, D8.3), read by the architecture's words and no other program's.
 */
#ifndef VERIFY_DESC_H
#define VERIFY_DESC_H

#include <stdint.h>

enum regime {
	REGIME_STAGE2, /* non-secure EL1&0, stage 2 */
	REGIME_EL2,    /* EL2, stage 1, one range of addresses (E2H = 0) */
};

enum desc_kind {
	DESC_NONE,  /* maps nothing */
	DESC_TABLE, /* next level's table at `address` */
	DESC_LEAF,  /* block or page at `address` with `attr` */
	DESC_BAD,   /* no meaning, or one that no image needs; `why` says */
};

struct desc {
	enum desc_kind kind;
	uint64_t address;
	uint32_t attr; /* ATTR_* of runs.h */
	const char *why;
};

/* Lowest bit of the input address that indexes a table of `level` (0..3). */
unsigned int desc_shift(int level);
/* Decodes `word` of a table of `level`. `mair` is used for EL2 alone. Only the
 * form that every Armv8.0 CPU reads the same way is taken: whatever is reserved
 * or ignored must be zero, and so must all of a descriptor that maps nothing. */
struct desc desc_decode(enum regime regime, int level, uint64_t word, uint64_t mair);

#endif
