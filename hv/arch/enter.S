/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image that was linked where no memory is (firmware/build/): it is entered at its PA with
 * the MMU off, and its own map has the pages of boot_mmu_on and of what follows here at their
 * PA as well. Everything was written, and cleaned, before: nothing is written until the MMU is
 * on, lest lines of the caches be over it.
 */
#include "arch/asm.h"

	.section .text.boot, "ax"

/* From the MMU off at a PA to the MMU on, and on at `to`, where it was linked. */
.macro	enter_linked to
	msr	daifset, #0xf
	msr	spsel, #1
	mov	x12, #HCR_RW
	msr	hcr_el2, x12
	ldr	w12, =SCTLR_EL2_OFF
	msr	sctlr_el2, x12
	isb
	bl	boot_mmu_on
	ldr	x9, =\to
	br	x9
\to:
	adr	x9, vectors
	msr	vbar_el2, x9
	isb
.endm

/* The CPU that UEFI ran on. */
	.globl	arch_enter
arch_enter:
	enter_linked enter_first
	msr	tpidr_el2, xzr
	adr	x9, boot_early_stack
	mov	sp, x9
	bl	boot_stack		/* from here on: the CPU's own stack */
	mov	sp, x0
	mov	x0, xzr			/* there is no device tree of firmware's */
	bl	core_init		/* does not return */
	b	arch_halt

/* A CPU that was off. x0 = its struct cpu. */
enter_secondary:
	mov	x19, x0
	enter_linked enter_on
	msr	tpidr_el2, x19
	mov	x0, x19
	b	arch_cpu_again
	.ltorg
	.globl	arch_enter_end
arch_enter_end:

/* pa_t arch_cpu_entry(void) */
	.section .text.arch_cpu_entry, "ax"
	.globl	arch_cpu_entry
	.type	arch_cpu_entry, %function
arch_cpu_entry:
	adr	x9, board
	ldr	x1, [x9, #BOARD_HOME_LOAD]
	ldr	x2, [x9, #BOARD_HOME_BASE]
	adr	x0, enter_secondary
	sub	x0, x0, x1
	add	x0, x0, x2
	ret
