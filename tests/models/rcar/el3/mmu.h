/* SPDX-License-Identifier: Apache-2.0 */
/* Who sees what: EL3's own page table, and the granule protection table for all others. */
#ifndef TESTS_MODELS_RCAR_EL3_MMU_H
#define TESTS_MODELS_RCAR_EL3_MMU_H

/* Once. */
void mmu_build(void);
/* On each CPU: both tables are in use. */
void mmu_on(void);

#endif
