/* SPDX-License-Identifier: Apache-2.0 */
/* Called by arch/vectors.S. The first four: from a guest; the last: from EL2. */
#ifndef HV_CORE_TRAP_H
#define HV_CORE_TRAP_H

#include "domain/domain.h"

void trap_sync(struct guest_regs *regs);
void trap_irq(struct guest_regs *regs);
void trap_fiq(struct guest_regs *regs);
void trap_serror(struct guest_regs *regs);

/* kind: 0 synchronous, 1 IRQ, 2 FIQ, 3 SError. */
_Noreturn void trap_el2(uint32_t kind);

#endif
