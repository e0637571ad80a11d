/* SPDX-License-Identifier: Apache-2.0 */
#include "psci.h"

#include "machine.h"

/* All 18 registers through one instruction, so that tests see which are kept. */
#define SMCCC_BODY(insn)                                                                                    \
	__asm__ volatile("mov x18, %0\n"                                                                    \
			 "ldp x0, x1, [x18]\n"                                                              \
			 "ldp x2, x3, [x18, #16]\n"                                                         \
			 "ldp x4, x5, [x18, #32]\n"                                                         \
			 "ldp x6, x7, [x18, #48]\n"                                                         \
			 "ldp x8, x9, [x18, #64]\n"                                                         \
			 "ldp x10, x11, [x18, #80]\n"                                                       \
			 "ldp x12, x13, [x18, #96]\n"                                                       \
			 "ldp x14, x15, [x18, #112]\n"                                                      \
			 "ldp x16, x17, [x18, #128]\n" insn "\n"                                            \
			 "stp x0, x1, [x18]\n"                                                              \
			 "stp x2, x3, [x18, #16]\n"                                                         \
			 "stp x4, x5, [x18, #32]\n"                                                         \
			 "stp x6, x7, [x18, #48]\n"                                                         \
			 "stp x8, x9, [x18, #64]\n"                                                         \
			 "stp x10, x11, [x18, #80]\n"                                                       \
			 "stp x12, x13, [x18, #96]\n"                                                       \
			 "stp x14, x15, [x18, #112]\n"                                                      \
			 "stp x16, x17, [x18, #128]\n"                                                      \
			 :                                                                                  \
			 : "r"(regs)                                                                        \
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", \
			   "x13", "x14", "x15", "x16", "x17", "x18", "memory")

void smccc_hvc(struct smccc_regs *regs)
{
	SMCCC_BODY("hvc #0");
}

void smccc_smc(struct smccc_regs *regs)
{
	SMCCC_BODY("smc #0");
}

int32_t psci_call(uint32_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	struct smccc_regs regs = {.x = {function, a1, a2, a3}};

	if (machine.psci_smc) {
		smccc_smc(&regs);
	} else {
		smccc_hvc(&regs);
	}
	return (int32_t)regs.x[0];
}

int32_t psci_start_cpu(uint32_t index)
{
	return psci_call(PSCI_CPU_ON, machine.cpus[index], (uint64_t)(uintptr_t)secondary_start, index);
}

void psci_system_off(void)
{
	(void)psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;) {
		arch_wfi();
	}
}
