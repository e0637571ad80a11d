/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of arch/cpu.h that need more than one instruction. */

/* void arch_smc(uint64_t x[18]) */
	.section .text.arch_smc, "ax"
	.globl	arch_smc
	.type	arch_smc, %function
arch_smc:
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x0, [sp, #16]
	mov	x30, x0
	ldp	x0, x1, [x30, #0]
	ldp	x2, x3, [x30, #16]
	ldp	x4, x5, [x30, #32]
	ldp	x6, x7, [x30, #48]
	ldp	x8, x9, [x30, #64]
	ldp	x10, x11, [x30, #80]
	ldp	x12, x13, [x30, #96]
	ldp	x14, x15, [x30, #112]
	ldp	x16, x17, [x30, #128]
	smc	#0
	ldr	x30, [sp, #16]
	stp	x0, x1, [x30, #0]
	stp	x2, x3, [x30, #16]
	stp	x4, x5, [x30, #32]
	stp	x6, x7, [x30, #48]
	stp	x8, x9, [x30, #64]
	stp	x10, x11, [x30, #80]
	stp	x12, x13, [x30, #96]
	stp	x14, x15, [x30, #112]
	stp	x16, x17, [x30, #128]
	ldp	x29, x30, [sp], #32
	ret

	.section .text.arch_halt, "ax"
	.globl	arch_halt
	.type	arch_halt, %function
arch_halt:
	dsb	sy
	wfi
	b	arch_halt

/* Applies `op` to each cache line that [x0, x0+x1) touches, four at a time: it is a good
 * part of the boot. Clobbers x0..x4. */
	.macro	by_line op
	cbz	x1, 4f
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* DminLine: log2 of words */
	mov	x3, #4
	lsl	x3, x3, x2
	add	x1, x0, x1
	sub	x4, x3, #1
	bic	x0, x0, x4
	b	2f
1:
	.rept	4
	dc	\op, x0
	add	x0, x0, x3
	.endr
2:	add	x4, x0, x3, lsl #2
	cmp	x4, x1
	b.ls	1b
	b	3f
5:	dc	\op, x0
	add	x0, x0, x3
3:	cmp	x0, x1
	b.lo	5b
4:	dsb	sy
	ret
	.endm

	.section .text.arch_dcache_clean, "ax"
	.globl	arch_dcache_clean
	.type	arch_dcache_clean, %function
arch_dcache_clean:
	by_line	cvac

/* The range's edges may share a line with data that is still wanted: those lines
 * are cleaned too. */
	.section .text.arch_dcache_invalidate, "ax"
	.globl	arch_dcache_invalidate
	.type	arch_dcache_invalidate, %function
arch_dcache_invalidate:
	by_line	ivac

	.section .text.arch_dcache_flush, "ax"
	.globl	arch_dcache_flush
	.type	arch_dcache_flush, %function
arch_dcache_flush:
	by_line	civac

/* void arch_zero(void *, uint64_t): by DC ZVA, if that is allowed, whose blocks are of
 * 16 bytes to 2 KiB. */
	.section .text.arch_zero, "ax"
	.globl	arch_zero
	.type	arch_zero, %function
arch_zero:
	add	x3, x0, x1
	mov	x2, x0
	mrs	x5, dczid_el0
	tbnz	x5, #4, 2f		/* DZP */
	and	x5, x5, #0xf		/* log2 of words */
	mov	x4, #4
	lsl	x4, x4, x5
1:	dc	zva, x2
	add	x2, x2, x4
	dc	zva, x2
	add	x2, x2, x4
	cmp	x2, x3
	b.lo	1b
	b	arch_dcache_flush
2:	stp	xzr, xzr, [x2], #16
	cmp	x2, x3
	b.lo	2b
	b	arch_dcache_flush

	.section .text.arch_icache_invalidate, "ax"
	.globl	arch_icache_invalidate
	.type	arch_icache_invalidate, %function
arch_icache_invalidate:
	ic	ialluis
	dsb	ish
	isb
	ret

	.section .text.arch_tlb_flush_guest, "ax"
	.globl	arch_tlb_flush_guest
	.type	arch_tlb_flush_guest, %function
arch_tlb_flush_guest:
	dsb	ishst
	tlbi	vmalls12e1
	dsb	nsh
	isb
	ret

/* _Noreturn void arch_enter_guest(ipa_t entry, uint64_t context) */
	.section .text.arch_enter_guest, "ax"
	.globl	arch_enter_guest
	.type	arch_enter_guest, %function
arch_enter_guest:
	msr	elr_el2, x0
	mov	x0, #0x3c5		/* EL1h, D, A, I and F masked */
	msr	spsr_el2, x0
	mrs	x0, tpidr_el2
	ldr	x0, [x0]		/* struct cpu.stack_top */
	mov	sp, x0
	mov	x0, x1
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	mov	x\n, xzr
	.endr
	.irp	n, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	eret
	dsb	nsh
	isb
