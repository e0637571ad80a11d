/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's `virt` has 288 INTIDs with a GICv2, the board 512. 32 of the board's at a time (a word of
 * the distributor's registers) stand for 32 of QEMU's: those that some modelled device has. */
#ifndef TESTS_MODELS_RCAR_GICMAP_H
#define TESTS_MODELS_RCAR_GICMAP_H

#include "types.h"

#define GICMAP_BLOCKS 16u
#define GICMAP_NONE 1023u /* no interrupt, in QEMU's numbers and in the board's */

/* The board's INTID in QEMU's numbers and the other way round. GICMAP_NONE, the GIC's own special
 * numbers included: there is none. */
uint32_t gicmap_to_qemu(uint32_t intid);
uint32_t gicmap_from_qemu(uint32_t intid);

/* Where a register of the distributor (GICD_IGROUPR to GICD_ICFGR) lies in QEMU's.
 * False: its INTIDs are none of QEMU's. */
bool gicmap_gicd(uint32_t offset, uint32_t *at);

#endif
