/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and context barriers (DDI 0487 B2.3, C6.2). */
#ifndef ARCH_BARRIER_H
#define ARCH_BARRIER_H

static inline void dsb_sy(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

static inline void dsb_ish(void)
{
	__asm__ volatile("dsb ish" : : : "memory");
}

/* Completes earlier stores, inner shareable. */
static inline void dsb_ishst(void)
{
	__asm__ volatile("dsb ishst" : : : "memory");
}

/* Completes earlier stores, whole system. */
static inline void dsb_st(void)
{
	__asm__ volatile("dsb st" : : : "memory");
}

static inline void isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

#endif
