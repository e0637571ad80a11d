/* SPDX-License-Identifier: Apache-2.0 */
/*
 * _Noreturn void arch_leave(uint64_t entry): leaves the translation and the caches that
 * somebody else has set up at EL2, with virtual addresses that are the physical ones, and
 * goes to `entry` with x0 = 0. What is there, and this function, must be in memory.
 */
#define SCTLR_M 0x1
#define SCTLR_C 0x4

	.section .text.arch_leave, "ax"
	.globl	arch_leave
	.type	arch_leave, %function
	.balign	64			/* so that it is in one line of the caches, or few */
arch_leave:
	msr	daifset, #0xf
	mov	x4, x0
	mrs	x1, sctlr_el2
	mov	x2, #(SCTLR_M | SCTLR_C)
	bic	x1, x1, x2
	dsb	sy
	isb				/* Falkor E1041: before the MMU is turned off */
	msr	sctlr_el2, x1
	isb
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	mov	x0, xzr
	br	x4
	.globl	arch_leave_end
arch_leave_end:
