// SPDX-License-Identifier: Apache-2.0
#include "desc.h"

#include <stdbool.h>

#include "runs.h"
#include "types.h"

#define VALID	   BIT64(0)
#define NOT_BLOCK  BIT64(1)
#define ADDRESS	   GENMASK64(47, 12)
#define TABLE_BITS (VALID | NOT_BLOCK | ADDRESS)

/* Bits that both stages have in a block or page. */
#define LEAF_SH	    GENMASK64(9, 8)
#define LEAF_AF	    BIT64(10)
#define LEAF_XN	    BIT64(54)
#define LEAF_COMMON (VALID | NOT_BLOCK | LEAF_SH | LEAF_AF | LEAF_XN | ADDRESS)

#define S2_MEMATTR GENMASK64(5, 2)
#define S2_READ	   BIT64(6)
#define S2_WRITE   BIT64(7)

#define EL2_INDEX     GENMASK64(4, 2)
#define EL2_AP1	      BIT64(6) /* RES1 where there is one privilege level */
#define EL2_READ_ONLY BIT64(7)
#define EL2_GUARDED   BIT64(50)

#define SH_NONE	    0
#define SH_RESERVED 1
#define SH_OUTER    2
#define SH_INNER    3

unsigned int desc_shift(int level)
{
	return 12 + 9 * (unsigned int)(3 - level);
}

static struct desc desc_refuse(const char *why)
{
	return (struct desc){.kind = DESC_BAD, .why = why};
}

/* MemAttr[3:0], DDI 0487 D8.6.6 (FEAT_S2FWB not in use). */
static bool desc_stage2_type(uint64_t word, uint32_t *type)
{
	switch (FIELD_GET(S2_MEMATTR, word)) {
	case 0x0:
		*type = MEMORY_NGNRNE;
		return true;
	case 0x1:
		*type = MEMORY_NGNRE;
		return true;
	case 0x2:
		*type = MEMORY_NGRE;
		return true;
	case 0x3:
		*type = MEMORY_GRE;
		return true;
	case 0x5:
		*type = MEMORY_NC;
		return true;
	case 0xa:
		*type = MEMORY_WT;
		return true;
	case 0xf:
		*type = MEMORY_WB;
		return true;
	default:
		return false;
	}
}

/* One byte of MAIR_EL2, DDI 0487 D24.2 "MAIR_EL2". */
static bool desc_el2_type(uint64_t word, uint64_t mair, uint32_t *type)
{
	switch ((mair >> (8 * FIELD_GET(EL2_INDEX, word))) & 0xff) {
	case 0x00:
		*type = MEMORY_NGNRNE;
		return true;
	case 0x04:
		*type = MEMORY_NGNRE;
		return true;
	case 0x08:
		*type = MEMORY_NGRE;
		return true;
	case 0x0c:
		*type = MEMORY_GRE;
		return true;
	case 0x44:
		*type = MEMORY_NC;
		return true;
	case 0xbb:
		*type = MEMORY_WT;
		return true;
	case 0xff:
		*type = MEMORY_WB;
		return true;
	default:
		return false;
	}
}

static uint32_t desc_share(uint64_t word, uint32_t type)
{
	if (type < MEMORY_WT || FIELD_GET(LEAF_SH, word) == SH_NONE) {
		return 0;
	}
	return FIELD_GET(LEAF_SH, word) == SH_INNER ? ATTR_INNER : ATTR_OUTER;
}

static struct desc desc_leaf(enum regime regime, int level, uint64_t word, uint64_t mair)
{
	struct desc d = {.kind = DESC_LEAF, .address = word & ADDRESS};
	uint64_t allowed = LEAF_COMMON;
	uint32_t type = 0;

	allowed |= regime == REGIME_STAGE2 ? S2_MEMATTR | S2_READ | S2_WRITE
					   : EL2_INDEX | EL2_AP1 | EL2_READ_ONLY | EL2_GUARDED;
	if ((word & ~allowed) != 0) {
		return desc_refuse("a reserved, ignored or optional bit is set");
	}
	if (!IS_ALIGNED(d.address, BIT64(desc_shift(level)))) {
		return desc_refuse("the block's address is not aligned to its size");
	}
	if ((word & LEAF_AF) == 0) {
		return desc_refuse("the access flag is clear");
	}
	if (FIELD_GET(LEAF_SH, word) == SH_RESERVED) {
		return desc_refuse("the shareability is reserved");
	}
	if (regime == REGIME_STAGE2 ? !desc_stage2_type(word, &type) : !desc_el2_type(word, mair, &type)) {
		return desc_refuse("the memory type is reserved or mixed");
	}
	if (regime == REGIME_STAGE2) {
		d.attr = ((word & S2_READ) != 0 ? ATTR_READ : 0) | ((word & S2_WRITE) != 0 ? ATTR_WRITE : 0);
	} else {
		if ((word & EL2_AP1) == 0) {
			return desc_refuse("AP[1] is RES1 at EL2 but clear");
		}
		d.attr = ATTR_READ | ((word & EL2_READ_ONLY) == 0 ? ATTR_WRITE : 0);
	}
	d.attr |= type | desc_share(word, type) | ((word & LEAF_XN) == 0 ? ATTR_EXEC : 0);
	return d;
}

struct desc desc_decode(enum regime regime, int level, uint64_t word, uint64_t mair)
{
	if (word == 0) {
		return (struct desc){.kind = DESC_NONE};
	}
	if ((word & VALID) == 0) {
		return desc_refuse("not valid, yet not zero");
	}
	if (level == 3) {
		if ((word & NOT_BLOCK) == 0) {
			return desc_refuse("bits 1:0 are reserved at level 3");
		}
		return desc_leaf(regime, level, word, mair);
	}
	if ((word & NOT_BLOCK) != 0) {
		if ((word & ~TABLE_BITS) != 0) {
			return desc_refuse("a table descriptor with more than an address");
		}
		return (struct desc){.kind = DESC_TABLE, .address = word & ADDRESS};
	}
	if (level == 0) {
		return desc_refuse("level 0 has no blocks with this granule");
	}
	return desc_leaf(regime, level, word, mair);
}
