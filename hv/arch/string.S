/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions that compilers call by themselves. Aligned accesses only: they
 * also run with the MMU off.
 */

/* void *memset(void *dst, int c, size_t n) */
	.section .text.memset, "ax"
	.globl	memset
	.type	memset, %function
memset:
	mov	x3, x0
	and	w1, w1, #0xff
	mov	x4, #0x0101010101010101
	mul	x1, x1, x4
1:	cbz	x2, 5f
	tst	x3, #7
	b.eq	2f
	strb	w1, [x3], #1
	sub	x2, x2, #1
	b	1b
2:	subs	x2, x2, #64
	b.lo	3f
	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	b	2b
3:	adds	x2, x2, #64 - 8
	b.mi	6f
4:	str	x1, [x3], #8
	subs	x2, x2, #8
	b.pl	4b
6:	adds	x2, x2, #8
	b.eq	5f
7:	strb	w1, [x3], #1
	subs	x2, x2, #1
	b.ne	7b
5:	ret

/* void *memcpy(void *dst, const void *src, size_t n); memmove copes with overlap. */
	.section .text.memcpy, "ax"
	.globl	memcpy
	.type	memcpy, %function
memcpy:
	mov	x3, x0
	orr	x4, x0, x1
	tst	x4, #7
	b.ne	3f
1:	subs	x2, x2, #32
	b.lo	2f
	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	stp	x4, x5, [x3]
	stp	x6, x7, [x3, #16]
	add	x1, x1, #32
	add	x3, x3, #32
	b	1b
2:	add	x2, x2, #32
	cmp	x2, #8
	b.lo	3f
	sub	x2, x2, #8 + 32
	ldr	x4, [x1], #8
	str	x4, [x3], #8
	b	2b
3:	cbz	x2, 5f
4:	ldrb	w4, [x1], #1
	strb	w4, [x3], #1
	subs	x2, x2, #1
	b.ne	4b
5:	ret

	.section .text.memmove, "ax"
	.globl	memmove
	.type	memmove, %function
memmove:
	sub	x3, x0, x1
	cmp	x3, x2
	b.hs	memcpy			/* dst is not inside src (unsigned) */
	add	x3, x0, x2
	add	x1, x1, x2
1:	cmp	x3, x0
	b.eq	2f
	ldrb	w4, [x1, #-1]!
	strb	w4, [x3, #-1]!
	b	1b
2:	ret

/* int memcmp(const void *a, const void *b, size_t n) */
	.section .text.memcmp, "ax"
	.globl	memcmp
	.type	memcmp, %function
memcmp:
	mov	x3, x0
	mov	w0, #0
1:	cbz	x2, 2f
	ldrb	w4, [x3], #1
	ldrb	w5, [x1], #1
	sub	x2, x2, #1
	subs	w0, w4, w5
	b.eq	1b
2:	ret
