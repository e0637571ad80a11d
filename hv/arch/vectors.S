/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EL2's exception vectors. Exceptions from a guest save its 31 general registers
 * as a struct guest_regs on the CPU's otherwise empty stack, call C with its
 * address, and go back. Exceptions from EL2 itself are the end.
 */
#include "arch/asm.h"

	.macro	from_guest handler
	.balign	128
	stp	x0, x1, [sp, #-GUEST_REGS_SIZE]!
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	mov	x0, sp
	adr	x30, guest_return
	b	\handler
	.endm

/* The stack may be what went wrong: start it afresh, if there is one yet. */
	.macro	fatal kind
	mov	x0, #\kind
	mrs	x1, tpidr_el2
	cbz	x1, 2f
	ldr	x1, [x1]
	mov	sp, x1
2:	bl	trap_el2
	b	arch_halt
	.endm

	.macro	from_el2 kind
	.balign	128
	fatal	\kind
	.endm

/* Of those, one is expected: the guest's tables do not answer arch_translate_guest(). */
	.macro	from_el2_sync
	.balign	128
	mrs	x7, elr_el2
	adr	x8, arch_translate_start
	cmp	x7, x8
	b.lo	1f
	adr	x8, arch_translate_end
	cmp	x7, x8
	b.hs	1f
	adr	x8, arch_translate_failed
	msr	elr_el2, x8
	eret
1:	fatal	0
	.endm

	.section .text.vectors, "ax"
	.balign	2048
	.globl	vectors
vectors:
	from_el2 0
guest_return:				/* there is room for it here */
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp], #GUEST_REGS_SIZE
	eret
	dsb	nsh			/* nothing is executed past eret, not even speculatively */
	isb
	.org	vectors + 128
	from_el2 1
	from_el2 2
	from_el2 3
	from_el2_sync
	from_el2 1
	from_el2 2
	from_el2 3
	from_guest trap_sync
	from_guest trap_irq
	from_guest trap_fiq
	from_guest trap_serror
	from_guest trap_sync
	from_guest trap_irq
	from_guest trap_fiq
	from_guest trap_serror
