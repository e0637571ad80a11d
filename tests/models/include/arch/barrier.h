/* SPDX-License-Identifier: Apache-2.0 */
/* Host twin of hv/arch/include/arch/barrier.h: the models are in order. */
#ifndef ARCH_BARRIER_H
#define ARCH_BARRIER_H

static inline void dsb_sy(void)
{
}

static inline void dsb_ish(void)
{
}

static inline void dsb_ishst(void)
{
}

static inline void dsb_st(void)
{
}

static inline void isb(void)
{
}

#endif
