/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only instructions can do: calls to firmware, waiting, cache and TLB
 * maintenance, entering a guest.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include "types.h"

struct cpu;

/* Stack of each CPU while in EL2; traps do not nest. */
#define CPU_STACK_SIZE 4096

/* The stacks, by index into board.cpus; they grow down. */
extern uint8_t cpu_stacks[][CPU_STACK_SIZE];

/* Waits for an interrupt; returns early at will. */
static inline void arch_wfi(void)
{
	__asm__ volatile("dsb sy\n\twfi" : : : "memory");
}

/* Hint inside a bounded spin loop. */
static inline void arch_relax(void)
{
	__asm__ volatile("yield" : : : "memory");
}

/* SMC #0 with x0..x17 = x[0..17]; the registers firmware returns replace them
 * (SMCCC 1.2: x18..x30 are preserved). */
void arch_smc(uint64_t x[18]);

/* Stops this CPU for good. Interrupts stay masked. */
_Noreturn void arch_halt(void);

/* Leaves EL2 for the first instruction of a vCPU: EL1h, all interrupts masked,
 * x0 = context, the other general registers 0. The CPU's stack is empty again. */
_Noreturn void arch_enter_guest(ipa_t entry, uint64_t context);

/* From a translation and caches that somebody else has set up at EL2, with virtual addresses
 * that are the physical ones, to `entry` with both off and x0 = 0. What is there and this
 * function, up to arch_leave_end, must have been cleaned to memory. */
_Noreturn void arch_leave(uint64_t entry);
extern const uint8_t arch_leave_end[];

/* Reads a register at `addr`, 4-byte aligned, in the translation that somebody else has set up
 * at EL2. 0: *value is it; else ESR_EL2 of what came instead (DDI 0487, D17.2.37). */
uint64_t arch_probe32(uint64_t addr, uint32_t *value);

/* Starts the calling CPU, whose struct cpu is `cpu`, as if firmware had just turned it on:
 * with an empty stack. */
_Noreturn void arch_cpu_again(struct cpu *cpu);

/* Where a CPU that firmware turns on must start: x0 = struct cpu * on entry. */
pa_t arch_cpu_entry(void);

/* Data cache maintenance to the point of coherency of [p, p+size), completed
 * on return. */
void arch_dcache_clean(const void *p, uint64_t size);
void arch_dcache_invalidate(const void *p, uint64_t size);
/* Cleans and invalidates. */
void arch_dcache_flush(const void *p, uint64_t size);

/* Zeroes [p, p+size), Normal memory, both multiples of 4 KiB, and leaves nothing of it in
 * the data caches. */
void arch_zero(void *p, uint64_t size);

/* Zeroes the floating point registers, whatever their length, and their control; SVE's
 * predicates; so many hardware breakpoints and watchpoints. */
void arch_forget_vectors(void);
void arch_forget_predicates(void);
void arch_forget_breakpoints(uint32_t breakpoints, uint32_t watchpoints);

/* Invalidates all instruction caches of the inner shareable domain. */
void arch_icache_invalidate(void);

/* Forgets translations of EL2's page at `va`, on all CPUs. A change of its
 * descriptor made before the call has taken effect on return. */
void arch_tlb_flush_el2(va_t va);

/* Forgets all stage-1 and stage-2 translations of the current VMID, here. */
void arch_tlb_flush_guest(void);

/* What EL1 of the current guest would read, or write, at its virtual address `va`: PAR_EL1,
 * with F set where it would fault. Tables of the guest's that cannot be read count as a
 * fault too. */
uint64_t arch_translate_guest(uint64_t va, bool write);

#endif
