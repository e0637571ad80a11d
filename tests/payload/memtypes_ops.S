/* SPDX-License-Identifier: Apache-2.0 */
/* memtypes.h says what these are for. */
	.macro	function name
	.section .text.\name, "ax"
	.globl	\name
	.type	\name, %function
\name:
	.endm

/* x0 = to, x1 = from, x2 = size >= 16 */
	function plain_copy
	add	x3, x0, x2		/* ends */
	add	x4, x1, x2
	sub	x5, x3, #16		/* the last pair begins here */
1:	ldp	x6, x7, [x1]
	stp	x6, x7, [x0]
	add	x1, x1, #16		/* no write-back: a fault is stepped over */
	add	x0, x0, #16
	cmp	x0, x5
	b.lo	1b
	ldp	x6, x7, [x4, #-16]
	stp	x6, x7, [x3, #-16]
	ret

/* x0 = to, w1 = value, x2 = size >= 16: zeroes whole lines first, then writes */
	function plain_set
	mrs	x3, dczid_el0
	and	x3, x3, #0xf
	mov	x4, #4
	lsl	x3, x4, x3		/* bytes of a line */
	add	x4, x0, x2		/* end */
	sub	x5, x3, #1
	add	x6, x0, x5
	bic	x6, x6, x5		/* the first whole line */
1:	add	x7, x6, x3
	cmp	x7, x4
	b.hi	2f
	dc	zva, x6
	mov	x6, x7
	b	1b
2:	and	x1, x1, #0xff
	mov	x5, #0x0101010101010101
	mul	x1, x1, x5
	sub	x5, x4, #16
3:	stp	x1, x1, [x0]
	add	x0, x0, #16
	cmp	x0, x5
	b.lo	3b
	stp	x1, x1, [x4, #-16]
	ret

	function word_read
	ldr	x0, [x0]
	ret

	function word_write
	str	x1, [x0]
	ret

	function line_zero
	dc	zva, x0
	ret

	function line_size
	mrs	x1, dczid_el0
	and	x1, x1, #0xf
	mov	x0, #4
	lsl	x0, x0, x1
	ret
