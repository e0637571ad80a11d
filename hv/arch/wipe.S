/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the guest that C has no names for. */
	.arch	armv8-a+sve

/* void arch_forget_vectors(void): a write to Vn zeroes all of Zn. */
	.section .text.arch_forget_vectors, "ax"
	.globl	arch_forget_vectors
	.type	arch_forget_vectors, %function
arch_forget_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	movi	v\n\().2d, #0
	.endr
	.irp	n, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().2d, #0
	.endr
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret

/* void arch_forget_predicates(void) */
	.section .text.arch_forget_predicates, "ax"
	.globl	arch_forget_predicates
	.type	arch_forget_predicates, %function
arch_forget_predicates:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	pfalse	p\n\().b
	.endr
	wrffr	p0.b
	ret

/* void arch_forget_breakpoints(uint32_t breakpoints, uint32_t watchpoints): 1..16 of each.
 * Two instructions for each, the first ones last. */
	.section .text.arch_forget_breakpoints, "ax"
	.globl	arch_forget_breakpoints
	.type	arch_forget_breakpoints, %function
arch_forget_breakpoints:
	adr	x2, 1f
	sub	x2, x2, x0, lsl #3
	adr	x3, 2f
	sub	x3, x3, x1, lsl #3
	br	x2
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	msr	dbgbcr\n\()_el1, xzr
	msr	dbgbvr\n\()_el1, xzr
	.endr
1:	br	x3
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	msr	dbgwcr\n\()_el1, xzr
	msr	dbgwvr\n\()_el1, xzr
	.endr
2:	ret
