/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that uses all that it was given. Options on the command line:
 *   bare             no hypervisor: leave out what only one answers
 *   foreign-cpu=M,.. MPIDRs of CPUs that are not ours
 *   foreign-spi=N,.. INTIDs that are not ours
 *   own-spi=N        INTID of a physical SPI that is ours and has no active source
 *   hole=A,..        addresses that are not ours
 *   rx               wait for a character on the console
 */
#ifndef PAYLOAD_SELFTEST_H
#define PAYLOAD_SELFTEST_H

#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/machine.h"
#include "rt/psci.h"

#define SGI_STOP 9  /* to a secondary: CPU_OFF */
#define SGI_PING 10 /* to a secondary: answer by SGI_PONG */
#define SGI_PONG 11

/* Ticks within which anything must have happened, on a loaded host too: ten seconds. */
#define selftest_patience() (10 * SYSREG_READ(cntfrq_el0))
/* Ticks to wait for what must not happen, and for a timer: 10 ms. */
#define selftest_moment() (SYSREG_READ(cntfrq_el0) / 100)

/* What a secondary saw when it came up. */
struct selftest_cpu {
	uint64_t mpidr; /* with bit 31; 0: never came */
	uint64_t el;
	uint64_t sctlr;
	uint64_t daif;
};
extern volatile struct selftest_cpu selftest_cpus[MACHINE_CPUS_MAX];

/* Is there a hypervisor? */
static inline bool selftest_strict(void)
{
	return !machine_option("bare");
}

/* Wait until CPU `index` has come up / is off. */
bool selftest_wait_on(uint32_t index);
bool selftest_wait_off(uint32_t index);

void selftest_psci(void);
void selftest_smccc(void);
void selftest_gic(void);
void selftest_irq(void);
void selftest_timer(void);
void selftest_cpu(void);
void selftest_uart(void);

#endif
