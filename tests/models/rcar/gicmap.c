// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/gicmap.h"

#define NONE 0xffu

/* SCIF2, the IPMMU, SYS-DMAC0 and 1 have 6, 7 and 10, SYS-DMAC2 13 and 14. QEMU's own 1 has its
 * UART, which the model keeps; 2 to 5 have devices that are not there. */
static const uint8_t gicmap_blocks[GICMAP_BLOCKS] = {
	0, NONE, NONE, NONE, NONE, NONE, 6, 7, NONE, NONE, 2, NONE, NONE, 3, 4, NONE,
};

uint32_t gicmap_to_qemu(uint32_t intid)
{
	uint32_t block = intid / 32 < GICMAP_BLOCKS ? gicmap_blocks[intid / 32] : NONE;

	return block == NONE ? GICMAP_NONE : 32 * block + intid % 32;
}

uint32_t gicmap_from_qemu(uint32_t intid)
{
	for (uint32_t i = 0; i < GICMAP_BLOCKS; i++) {
		if (gicmap_blocks[i] == intid / 32) {
			return 32 * i + intid % 32;
		}
	}
	return GICMAP_NONE;
}

bool gicmap_gicd(uint32_t offset, uint32_t *at)
{
	/* Bytes that a register has for 32 INTIDs, and for all that the architecture has. */
	uint32_t bytes = offset < 0x400 ? 4 : offset < 0xc00 ? 32 : 8;
	uint32_t all = 32 * bytes;
	uint32_t block = offset % all / bytes;

	if (block >= GICMAP_BLOCKS || gicmap_blocks[block] == NONE) {
		return false;
	}
	*at = offset - block * bytes + gicmap_blocks[block] * bytes;
	return true;
}
