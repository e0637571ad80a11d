/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions that the hypervisor makes a guest take, at EL1, exactly as the
 * architecture would (DDI 0487, D1.3 "Exceptions", AArch64.TakeException). The
 * guest goes on in its own vector; ELR_EL2 must still be the preferred return
 * address of the trapped instruction.
 */
#ifndef HV_GUEST_INJECT_H
#define HV_GUEST_INJECT_H

#include "arch/sysreg.h"
#include "guest/esr.h"

/* Synchronous external abort, on the instruction fetch or data access that ESR_EL2
 * `esr` and FAR_EL2 describe (EC 0x20 or 0x24). */
void inject_abort(uint64_t esr);

/* Whether that would leave everything as it is: the instruction that cannot be fetched is the
 * first one of the vector that the abort goes to. */
bool inject_is_stuck(void);

/* Alignment fault, on the data access that ESR_EL2 `esr` and FAR_EL2 describe. */
void inject_alignment(uint64_t esr);

/* Undefined instruction: what the guest tried does not exist on its machine. */
void inject_undefined(void);

/* SError, as soon as the guest unmasks it. `iss`: ESR_EL1.ISS of it, if the CPU
 * has RAS. */
void inject_serror(uint64_t iss);

/* The same when SPSR_EL2 has to change as well. */
void inject_skip_state(uint64_t esr, uint64_t spsr);

/* Steps over the trapped instruction, which the hypervisor has emulated. `esr`
 * tells its length. Inline: part of every emulated access. */
static inline void inject_skip(uint64_t esr)
{
	uint64_t spsr = sysreg_read_spsr_el2();

	if ((spsr & PSTATE_AARCH32) != 0 || (spsr & PSTATE_SS) != 0 || (spsr & PSTATE_BTYPE) != 0) {
		inject_skip_state(esr, spsr);
		return;
	}
	sysreg_write_elr_el2(sysreg_read_elr_el2() + 4);
}

#endif
