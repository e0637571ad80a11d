/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First instructions of a payload, from firmware, QEMU or a hypervisor by the
 * arm64 Linux boot protocol: MMU off, x0 = device tree, EL1 or EL2.
 *
 * The very first instruction of the image reads the physical counter: on a
 * machine where one tick is one instruction since reset, this is the number of
 * instructions that the path to here took (tests/bench).
 */
	.section .head, "ax"
	.globl	image_head
image_head:
	mrs	x20, cntpct_el0
	b	start
	.quad	0			/* text_offset */
	.quad	__image_end		/* image_size; linked at 0 */
	.quad	0xa			/* little endian, 4 KiB, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.text
/*
 * Only used when there is no hypervisor: go to EL1, and leave behind an EL2
 * that gives EL1 all that the CPU has and answers every call by ERET.
 * x30: where to go on; clobbers x9, x10.
 */
drop_to_el1:
	mrs	x9, CurrentEL
	cmp	x9, #(2 << 2)
	b.ne	1f
	mov	x9, #(1 << 31)		/* HCR_EL2.RW */
	movk	x9, #0x0300, lsl #32	/* APK, API */
	movk	x9, #0x0120, lsl #48	/* ATA, EnSCXT */
	msr	hcr_el2, x9
	mov	x9, #3			/* EL1 may use the physical timer */
	msr	cnthctl_el2, x9
	msr	cntvoff_el2, xzr
	mov	x9, #0x22ff		/* CPTR_EL2: trap neither FP nor SVE nor SME */
	msr	cptr_el2, x9
	mrs	x9, id_aa64dfr0_el1	/* MDCR_EL2.HPMN = all counters, if any */
	tst	x9, #0xf00
	b.eq	2f
	mrs	x9, pmcr_el0
	ubfx	x9, x9, #11, #5
	msr	mdcr_el2, x9
2:	mrs	x9, id_aa64pfr0_el1
	tst	x9, #(0xf << 32)	/* SVE: full length */
	b.eq	3f
	mov	x10, #0x1ff
	msr	S3_4_C1_C2_0, x10	/* ZCR_EL2 */
3:	tst	x9, #(0xf << 24)	/* GIC system registers */
	b.eq	4f
	mov	x9, #0xf
	msr	S3_4_C12_C9_5, x9	/* ICC_SRE_EL2 */
	isb
	msr	S3_4_C12_C11_0, xzr	/* ICH_HCR_EL2 */
4:	mrs	x9, id_aa64mmfr1_el1
	tst	x9, #(0xf << 40)
	b.eq	5f
	mov	x10, #0xc803		/* HCRX_EL2: SCTLR2En, TCR2En, MSCEn, EnALS, EnAS0 */
	msr	S3_4_C1_C2_2, x10
5:	mrs	x9, id_aa64mmfr0_el1
	tst	x9, #(0xf << 56)
	b.eq	6f
	mov	x10, #(0x3fff << 50)	/* HFGRTR_EL2, HFGWTR_EL2: the bits that trap when 0 */
	msr	S3_4_C1_C1_4, x10
	msr	S3_4_C1_C1_5, x10
6:	mrs	x9, midr_el1
	msr	vpidr_el2, x9
	mrs	x9, mpidr_el1
	msr	vmpidr_el2, x9
	adr	x9, vectors
	msr	vbar_el2, x9
	mov	x9, #0x0800		/* SCTLR_EL1: only its RES1 bits */
	movk	x9, #0x30d0, lsl #16
	msr	sctlr_el1, x9
	mov	x9, #0x3c5		/* EL1h, DAIF masked */
	msr	spsr_el2, x9
	msr	elr_el2, x30
	eret
1:	ret

start:
	mov	x19, x0
	orr	x21, x1, x2
	orr	x21, x21, x3
	mrs	x22, CurrentEL
	bl	drop_to_el1
	adrp	x9, __stacks + 4096
	mov	sp, x9

	adrp	x0, __bss_start		/* zero bss, 16 bytes a round */
	add	x0, x0, :lo12:__bss_start
	adrp	x1, __bss_end
	add	x1, x1, :lo12:__bss_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	b	1b

2:	adr	x0, __image_start	/* add the load address to .rela */
	adrp	x1, __rela_start
	add	x1, x1, :lo12:__rela_start
	adrp	x2, __rela_end
	add	x2, x2, :lo12:__rela_end
3:	cmp	x1, x2
	b.hs	4f
	ldp	x3, x4, [x1], #16
	ldr	x5, [x1], #8
	cmp	w4, #1027		/* R_AARCH64_RELATIVE */
	b.ne	3b
	add	x5, x5, x0
	str	x5, [x0, x3]
	b	3b

4:	adr	x9, vectors
	msr	vbar_el1, x9
	isb
	mov	x0, x19
	mov	x1, x20
	mov	x2, x21
	lsr	x3, x22, #2
	bl	machine_main
5:	wfi
	b	5b

/* PSCI CPU_ON comes here; x0 = CPU index, 1..7. */
	.globl	secondary_start
secondary_start:
	mov	x19, x0
	bl	drop_to_el1
	adrp	x9, __stacks
	add	x10, x19, #1
	add	x9, x9, x10, lsl #12
	mov	sp, x9
	adr	x9, vectors
	msr	vbar_el1, x9
	isb
	mov	x0, x19
	bl	machine_main_secondary
6:	wfi
	b	6b

/*
 * EL1 vectors. The frame is struct trap_frame (trap.h): x0..x30, ELR, SPSR,
 * ESR, FAR, vector number. Vector 8 (synchronous, lower EL) is where the EL2
 * that we leave behind gets its calls: there is no EL0.
 */
	.section .vectors, "ax"
	.balign	2048
	.globl	vectors
vectors:
	.set	vector, 0
	.rept	16
	.if	vector == 8
	eret
	.endif
	sub	sp, sp, #288
	stp	x0, x1, [sp, #0]
	mov	x0, #vector
	b	save
	.balign	128
	.set	vector, vector + 1
	.endr

save:
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
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	mrs	x3, esr_el1
	mrs	x4, far_el1
	stp	x30, x1, [sp, #240]
	stp	x2, x3, [sp, #256]
	stp	x4, x0, [sp, #272]
	mov	x0, sp
	bl	trap_handle
	ldp	x30, x1, [sp, #240]
	ldr	x2, [sp, #256]
	msr	elr_el1, x1
	msr	spsr_el1, x2
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
	ldp	x0, x1, [sp, #0]
	add	sp, sp, #288
	eret
