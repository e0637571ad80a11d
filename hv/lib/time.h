/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds for waits, by the system counter. */
#ifndef HV_LIB_TIME_H
#define HV_LIB_TIME_H

#include "arch/barrier.h"
#include "arch/sysreg.h"

/* A point in time `us` microseconds from now, for time_over(). us <= 10^9. */
static inline uint64_t time_after_us(uint64_t us)
{
	/* Where firmware left CNTFRQ at 0, waits are as long as at 1 GHz. */
	uint64_t hz = sysreg_read_cntfrq_el0() & UINT32_MAX;

	return sysreg_read_cntpct_el0() + (hz == 0 ? 1000 : hz / 1000000 + 1) * us;
}

/* Whether that point has passed. */
static inline bool time_over(uint64_t end)
{
	isb();
	return (int64_t)(sysreg_read_cntpct_el0() - end) >= 0;
}

#endif
