/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's HVC and SMC calls (SMCCC 1.2, Arm DEN 0028). */
#ifndef HV_GUEST_SMCCC_H
#define HV_GUEST_SMCCC_H

#include "domain/domain.h"

/* HVC #imm: ELR_EL2 is already behind it. */
void smccc_hvc(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr);

/* SMC #imm, trapped: the same functions, and those of the domain's smc-allow list,
 * which firmware executes. */
void smccc_smc(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr);

#endif
