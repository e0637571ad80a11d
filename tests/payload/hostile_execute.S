/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uint64_t hostile_execute(const uint32_t *code, const uint64_t regs[32])
 *
 * Executes from `code` with x0..x30 and SP as in `regs`, at EL1 with interrupts, until any
 * exception: comes back with the number of its vector (0..15). What was executed may have
 * changed every register, SP too, so that the vectors here need none.
 */

/* What a caller expects again: stored or loaded; x9: where. */
	.macro	callee op
	adrp	x9, context
	add	x9, x9, :lo12:context
	\op	x19, x20, [x9, #0]
	\op	x21, x22, [x9, #16]
	\op	x23, x24, [x9, #32]
	\op	x25, x26, [x9, #48]
	\op	x27, x28, [x9, #64]
	\op	x29, x30, [x9, #80]
	.endm

	.text
	.globl	hostile_execute
hostile_execute:
	callee	stp
	mov	x10, sp
	mrs	x11, vbar_el1
	stp	x10, x11, [x9, #96]
	adr	x11, hostile_vectors
	msr	vbar_el1, x11
	msr	elr_el1, x0
	mov	x11, #0x345		/* EL1h, all masked but IRQ */
	msr	spsr_el1, x11
	isb
	mov	x30, x1
	ldr	x0, [x30, #248]
	mov	sp, x0
	ldp	x0, x1, [x30, #0]
	ldp	x2, x3, [x30, #16]
	ldp	x4, x5, [x30, #32]
	ldp	x6, x7, [x30, #48]
	ldp	x8, x9, [x30, #64]
	ldp	x10, x11, [x30, #80]
	ldp	x12, x13, [x30, #96]
	ldp	x14, x15, [x30, #112]
	ldp	x16, x17, [x30, #128]
	ldp	x18, x19, [x30, #144]
	ldp	x20, x21, [x30, #160]
	ldp	x22, x23, [x30, #176]
	ldp	x24, x25, [x30, #192]
	ldp	x26, x27, [x30, #208]
	ldp	x28, x29, [x30, #224]
	ldr	x30, [x30, #240]
	eret

	.section .vectors, "ax"
	.balign	2048
hostile_vectors:
	.set	vector, 0
	.rept	16
	mov	x0, #vector
	b	come_back
	.balign	128
	.set	vector, vector + 1
	.endr

come_back:
	callee	ldp
	ldp	x10, x11, [x9, #96]
	mov	sp, x10
	msr	vbar_el1, x11
	isb
	ret

	.bss
	.balign	16
context:
	.skip	112
