/* SPDX-License-Identifier: Apache-2.0 */
/* EL3's own timer on this CPU, for devices that work by themselves. */
#ifndef TESTS_MODELS_RCAR_EL3_TIMER_H
#define TESTS_MODELS_RCAR_EL3_TIMER_H

#include "models/rcar/el3/cpu.h"

/* Its interrupt comes in a millisecond, once. */
static inline void timer_start(void)
{
	CPU_WRITE(s3_7_c14_c2_0, CPU_READ(cntfrq_el0) / 1000); /* CNTPS_TVAL_EL1 */
	CPU_WRITE(s3_7_c14_c2_1, 1);                           /* CNTPS_CTL_EL1 */
}

static inline void timer_stop(void)
{
	CPU_WRITE(s3_7_c14_c2_1, 0);
}

#endif
