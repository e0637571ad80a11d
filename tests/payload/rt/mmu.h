/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 1: off at the start; on, an identity map of 512 GiB in 1 GiB blocks. */
#ifndef PAYLOAD_RT_MMU_H
#define PAYLOAD_RT_MMU_H

/* RAM's gigabytes become Normal write-back, all others Device-nGnRE, execute-never. */
void mmu_enable(void);
void mmu_disable(void);

#endif
