/* SPDX-License-Identifier: Apache-2.0 */
/* Host twin of hv/arch/include/arch/cpu.h. What is only declared here, a test that
 * links code which calls it defines. */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include "models/model.h"

#define CPU_STACK_SIZE 4096

struct cpu;

extern uint8_t cpu_stacks[][CPU_STACK_SIZE];

static inline void arch_wfi(void)
{
	model_relax();
}

static inline void arch_relax(void)
{
	model_relax();
}

void arch_smc(uint64_t x[18]);
_Noreturn void arch_halt(void);
_Noreturn void arch_enter_guest(ipa_t entry, uint64_t context);
_Noreturn void arch_cpu_again(struct cpu *cpu);
pa_t arch_cpu_entry(void);
void arch_dcache_clean(const void *p, uint64_t size);
void arch_dcache_invalidate(const void *p, uint64_t size);
void arch_dcache_flush(const void *p, uint64_t size);
void arch_zero(void *p, uint64_t size);
void arch_forget_vectors(void);
void arch_forget_predicates(void);
void arch_forget_breakpoints(uint32_t breakpoints, uint32_t watchpoints);
void arch_icache_invalidate(void);
void arch_tlb_flush_el2(va_t va);
void arch_tlb_flush_guest(void);
uint64_t arch_translate_guest(uint64_t va, bool write);
uint64_t arch_probe32(uint64_t addr, uint32_t *value);
_Noreturn void arch_leave(uint64_t entry);
extern const uint8_t arch_leave_end[];

#endif
