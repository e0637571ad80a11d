/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions: what software below EL3 does comes to trap_sync() and trap_fiq() with its registers;
 * all else is a fault of the model. Traps do not nest: ELR and SPSR stay where they are. */

	.macro	enter, handler
	sub	sp, sp, #256
	stp	x0, x1, [sp]
	adr	x0, \handler
	b	vector_save
	.balign	128
	.endm

	.macro	fatal, what
	mov	x0, #\what
	b	vector_fatal
	.balign	128
	.endm

	.section .text.vectors, "ax"
	.balign	2048
	.global vectors
vectors:
	/* from EL3 itself: SP_EL0, SP_EL3 */
	fatal	0
	fatal	1
	fatal	2
	fatal	3
	fatal	4
	fatal	5
	fatal	6
	fatal	7
	/* from below in AArch64, in AArch32 */
	enter	trap_sync
	fatal	9
	enter	trap_fiq
	fatal	11
	fatal	12
	fatal	13
	fatal	14
	fatal	15

vector_save:
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
	mov	x1, x0
	mov	x0, sp
	blr	x1

	.global vector_return
vector_return:
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
	ldp	x0, x1, [sp]
	add	sp, sp, #256
	eret

vector_fatal:
	bl	trap_fatal
	b	.
