/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The measured loops. Each returns ticks of the virtual counter. What a round
 * costs besides the operation is in the floor column: SUBS and B.NE, and MOV
 * before HVC.
 */
	.text

/* uint64_t bench_hvc(uint64_t function, uint64_t rounds) */
	.globl	bench_hvc
bench_hvc:
	stp	x19, x20, [sp, #-32]!
	str	x21, [sp, #16]
	mov	x19, x0
	mov	x20, x1
	isb
	mrs	x21, cntvct_el0
1:	mov	x0, x19
	hvc	#0
	subs	x20, x20, #1
	b.ne	1b
	mrs	x0, cntvct_el0
	sub	x0, x0, x21
	ldr	x21, [sp, #16]
	ldp	x19, x20, [sp], #32
	ret

/* uint64_t bench_read(uint64_t addr, uint64_t rounds) */
	.globl	bench_read
bench_read:
	isb
	mrs	x9, cntvct_el0
1:	ldr	w10, [x0]
	subs	x1, x1, #1
	b.ne	1b
	mrs	x0, cntvct_el0
	sub	x0, x0, x9
	ret

/* uint64_t bench_stride(uint64_t addr, uint64_t rounds, uint64_t stride) */
	.globl	bench_stride
bench_stride:
	isb
	mrs	x9, cntvct_el0
1:	ldr	w10, [x0]
	add	x0, x0, x2
	subs	x1, x1, #1
	b.ne	1b
	mrs	x0, cntvct_el0
	sub	x0, x0, x9
	ret

/* uint64_t bench_write(uint64_t addr, uint64_t rounds, uint32_t value) */
	.globl	bench_write
bench_write:
	isb
	mrs	x9, cntvct_el0
1:	str	w2, [x0]
	subs	x1, x1, #1
	b.ne	1b
	mrs	x0, cntvct_el0
	sub	x0, x0, x9
	ret

/*
 * uint64_t bench_sgi_sysreg(uint64_t icc_sgi1r)
 * From before the write to the handler's first instruction; 0: none came.
 * Returns with the interrupt pending at the CPU interface, IRQ masked.
 */
	.globl	bench_sgi_sysreg
bench_sgi_sysreg:
	adr	x9, bench_vectors
	msr	vbar_el1, x9
	msr	daifclr, #2
	isb
	mrs	x10, cntvct_el0
	msr	S3_0_C12_C11_5, x0
	b	wait

/* uint64_t bench_sgi_mmio(uint64_t gicd_sgir, uint32_t value): GICv2's form */
	.globl	bench_sgi_mmio
bench_sgi_mmio:
	adr	x9, bench_vectors
	msr	vbar_el1, x9
	msr	daifclr, #2
	isb
	mrs	x10, cntvct_el0
	str	w1, [x0]
	b	wait

/* uint64_t bench_timer(uint64_t ticks): from the deadline, `ticks` from now */
	.globl	bench_timer
bench_timer:
	adr	x9, bench_vectors
	msr	vbar_el1, x9
	msr	daifclr, #2
	isb
	mrs	x10, cntvct_el0
	add	x10, x10, x0
	msr	cntv_cval_el0, x10
	mov	x9, #1
	msr	cntv_ctl_el0, x9
	isb

wait:	mov	x11, #0x100000
1:	subs	x11, x11, #1
	b.ne	1b
	mov	x0, #0
	b	2f
taken:	sub	x0, x12, x10
2:	msr	daifset, #2
	adr	x9, vectors
	msr	vbar_el1, x9
	isb
	ret

/* Only IRQ is expected; it ends the wait, so there is nothing to save. */
	.section .vectors, "ax"
	.balign	2048
bench_vectors:
	.set	vector, 0
	.rept	16
	mrs	x12, cntvct_el0
	.if	vector == 5
	b	taken
	.else
	b	vectors + vector * 128
	.endif
	.balign	128
	.set	vector, vector + 1
	.endr
