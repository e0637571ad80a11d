// SPDX-License-Identifier: Apache-2.0
#include "lib/time.h"

uint64_t time_after_us(uint64_t us)
{
	/* Where firmware left CNTFRQ at 0, waits are as long as at 1 GHz. */
	uint64_t hz = sysreg_read_cntfrq_el0() & UINT32_MAX;

	return sysreg_read_cntpct_el0() + (hz == 0 ? 1000 : hz / 1000000 + 1) * us;
}
