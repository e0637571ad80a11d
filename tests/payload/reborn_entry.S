/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first instructions of reborn, before those of rt/start.S: everything is looked at
 * before anything changes; and the last ones, which leave marks in all of it.
 */
#include "reborn.h"

	.arch	armv8-a+sve

	.section .head.first, "ax"
	.globl	reborn_head
reborn_head:
	nop
	b	entry
	.quad	0
	.quad	__image_end
	.quad	0xa
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

#define TAKE_REG(name, reg, expected, mask, mark) mrs x1, reg; str x1, [x20], #8;
#define TAKE_DEVICE(name, address, expected, mask, mark) \
	ldr x1, =address; ldr w1, [x1]; str x1, [x20], #8;
#define MARK_REG(name, reg, expected, mask, mark) .if (mark) != -1; ldr x1, =(mark); msr reg, x1; .endif;
#define MARK_DEVICE(name, address, expected, mask, mark) \
	ldr x1, =address; ldr x2, =mark; str w2, [x1];

	.text
entry:
	mov	sp, x20			/* the one register that is lost is SP */
	adr	x20, reborn_state
	stp	x0, x1, [x20, #0]
	stp	x2, x3, [x20, #16]
	stp	x4, x5, [x20, #32]
	stp	x6, x7, [x20, #48]
	stp	x8, x9, [x20, #64]
	stp	x10, x11, [x20, #80]
	stp	x12, x13, [x20, #96]
	stp	x14, x15, [x20, #112]
	stp	x16, x17, [x20, #128]
	stp	x18, x19, [x20, #144]
	mov	x1, sp
	stp	x1, x21, [x20, #160]
	stp	x22, x23, [x20, #176]
	stp	x24, x25, [x20, #192]
	stp	x26, x27, [x20, #208]
	stp	x28, x29, [x20, #224]
	str	x30, [x20, #240]

	/* All RAM but the image's file and the device tree, which is behind it. */
	ldr	w2, [x0, #4]
	rev	w2, w2
	add	x2, x2, x0
	add	x2, x2, #15
	bic	x2, x2, #15
	adr	x1, __file_end
	bic	x3, x0, #15
	bl	find
	cbnz	x4, 1f
	mov	x1, x2
	adr	x3, reborn_head
	add	x3, x3, #0x400000
	bl	find
1:	str	x4, [x20, #248]

	add	x20, x20, #256
	mov	x21, x20
	mrs	x2, cpacr_el1
	ldr	x1, =0x3330000		/* FPEN, ZEN, SMEN */
	msr	cpacr_el1, x1
	isb
	REBORN_REGS(TAKE_REG)
	str	x2, [x21, #(8 * REBORN_CPACR)]
	add	x20, x21, #(8 * REBORN_SYS_MAX)
	mov	x21, x20
	REBORN_DEVICES(TAKE_DEVICE)
	add	x20, x21, #(8 * REBORN_DEVICES_MAX)
	mrs	x1, fpcr
	mrs	x2, fpsr
	stp	x1, x2, [x20], #16
	.irp	n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	str	q\n, [x20], #16
	add	x20, x20, #16
	.endr
	sub	x20, x20, #496
	.irp	n, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
	str	q\n, [x20], #16
	add	x20, x20, #16
	.endr
	sub	x20, x20, #16
	mov	x1, #15
	msr	S3_0_C1_C2_0, x1	/* ZCR_EL1: as long as it gets */
	isb
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	orr	z0.d, z0.d, z\n\().d
	.endr
	.irp	n, 25, 26, 27, 28, 29, 30, 31
	orr	z0.d, z0.d, z\n\().d
	.endr
	str	z0, [x20]
	add	x20, x20, #256
	str	p0, [x20]
	ptrue	p0.b
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	orr	p1.b, p0/z, p1.b, p\n\().b
	.endr
	rdffr	p2.b
	orr	p1.b, p0/z, p1.b, p2.b
	ldr	p2, [x20]
	orr	p1.b, p0/z, p1.b, p2.b
	str	p1, [x20]
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	b	image_head
	.ltorg

/* x4: the first word of [x1, x3), both multiples of 16, that is not zero; 0: none. */
find:
	mov	x4, xzr
2:	cmp	x1, x3
	b.hs	3f
	ldp	x5, x6, [x1], #16
	orr	x5, x5, x6
	cbz	x5, 2b
	sub	x4, x1, #16
3:	ret

/* No stack, and nothing that is not marked but this code. */
	.globl	reborn_end
reborn_end:
	mov	x30, x0
	ldr	x2, =REBORN_PATTERN
	adr	x3, reborn_head		/* the header is the next run's proof of a good copy */
	stp	x2, x2, [x3, #16]
	adr	x3, reborn_mark
	str	x2, [x3]
	adr	x3, __file_end
1:	stp	x2, x2, [x3], #16
	cmp	x3, x1
	b.lo	1b
	mov	x29, x2
	REBORN_DEVICES(MARK_DEVICE)
	REBORN_REGS(MARK_REG)
	isb
	ldr	x1, =REBORN_PATTERN
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	mov	z\n\().d, x1
	.endr
	.irp	n, 25, 26, 27, 28, 29, 30, 31
	mov	z\n\().d, x1
	.endr
	setffr
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	ptrue	p\n\().b
	.endr
	ldr	x2, =0x07c00000
	msr	fpcr, x2
	ldr	x2, =0x0800009f
	msr	fpsr, x2
	mov	x0, x30
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26
	mov	x\n, x1
	.endr
	.irp	n, 27, 28, 29, 30
	mov	x\n, x1
	.endr
	mov	sp, x1
	hvc	#0
	b	.
	.ltorg

	.globl	reborn_lock_up
reborn_lock_up:
	mov	x0, #0x70000000
	msr	vbar_el1, x0
	isb
	br	x0

	.data
	.balign	16
	.globl	reborn_state
reborn_state:
	.skip	256 + 8 * (REBORN_SYS_MAX + REBORN_DEVICES_MAX) + 16 + 512 + 256 + 32
	.globl	reborn_mark
reborn_mark:
	.quad	0
