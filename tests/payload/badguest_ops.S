/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instruction each, eight bytes apart, so that a probe knows where its
 * exception must come from. x0 = address, x1 = value. Order: enum op.
 */
	.arch	armv8.4-a+sve

	.macro	op text:vararg
	\text
	ret
	.endm

	.text
	.balign	8
	.globl	badguest_ops
badguest_ops:
	op	ldrb w0, [x0]
	op	ldrh w0, [x0]
	op	ldr w0, [x0]
	op	ldr x0, [x0]
	op	ldrsb x0, [x0]
	op	ldrsh x0, [x0]
	op	ldrsw x0, [x0]
	op	ldar w0, [x0]
	op	strb w1, [x0]
	op	strh w1, [x0]
	op	str w1, [x0]
	op	str x1, [x0]
	op	str wzr, [x0]
	op	stlr w1, [x0]
	op	ldp w2, w3, [x0]
	op	ldp x2, x3, [x0]
	op	ldr w2, [x0], #4
	op	ldr q0, [x0]
	op	ld1 {v0.16b}, [x0]
	op	stp x1, x1, [x0]
	op	str w1, [x0], #4
	op	str q0, [x0]
	op	st1 {v0.16b}, [x0]
	op	ldxr w2, [x0]
	op	ldaxp x2, x3, [x0]
	op	ldadd w1, w2, [x0]
	op	swp x1, x2, [x0]
	op	cas w1, w2, [x0]
	op	stadd w1, [x0]
	op	dc civac, x0
	op	dc cvac, x0
	op	dc ivac, x0
	op	dc cvau, x0
	op	dc zva, x0
	op	ic ivau, x0
	op	prfm pldl1keep, [x0]
	op	at s1e1r, x0
	op	at s1e1w, x0
	op	ldtr w2, [x0]
	op	sttr w1, [x0]
badguest_ops_end:
	.globl	badguest_ops_end
