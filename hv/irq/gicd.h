/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by gicv2.c and gicv3.c. */
#ifndef HV_IRQ_GICD_H
#define HV_IRQ_GICD_H

#include "types.h"

/* The hypervisor's own among INTID 0..31: SGIs 0..7, which firmware leaves to the
 * non-secure world, the maintenance interrupt and EL2's timer. */
uint32_t gicd_own_banked(void);

/* All SPIs disabled, not pending, inactive, Group 1 (where that is ours to say). */
void gicd_reset_spis(void);
/* The same for INTID 0..31 at the banked registers `base`, then enables `enable`. */
void gicd_reset_banked(uint64_t base, uint32_t enable);

#endif
