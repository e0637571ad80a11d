/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds for waits, by the system counter. */
#ifndef HV_LIB_TIME_H
#define HV_LIB_TIME_H

#include "arch/barrier.h"
#include "arch/sysreg.h"

/* A point in time `us` microseconds from now, for time_over(). us <= 10^9. */
uint64_t time_after_us(uint64_t us);

/* Whether that point has passed. */
static inline bool time_over(uint64_t end)
{
	isb();
	return (int64_t)(sysreg_read_cntpct_el0() - end) >= 0;
}

/*
 * The calling CPU's own alarm: EL2's timer raises board.gic.timer from `at` on, until the
 * alarm is cleared. It is everybody's: it goes off at the earliest time that one of them
 * named, and then each looks at what he waits for, and sets it again if that is not yet.
 */
static inline bool time_has_alarm(void)
{
	return (sysreg_read_cnthp_ctl_el2() & 1) != 0;
}

static inline void time_set_alarm(uint64_t at)
{
	if (!time_has_alarm() || at < sysreg_read_cnthp_cval_el2()) {
		sysreg_write_cnthp_cval_el2(at);
		sysreg_write_cnthp_ctl_el2(1);
	}
}

/* Returns whether it was set. */
static inline bool time_clear_alarm(void)
{
	bool alarm = time_has_alarm();

	sysreg_write_cnthp_ctl_el2(0);
	isb();
	return alarm;
}

#endif
