/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First instructions on each CPU. Until the MMU is on, memory is Device-nGnRnE:
 * aligned accesses only, no exclusives; and what is written is in memory, behind
 * whatever the caches hold.
 */
#include "arch/asm.h"

/* arm64 Image header (Linux Documentation/arch/arm64/booting.rst). */
	.section .head, "ax"
	.globl	_start
_start:
	.inst	0xfa405a4d		/* ccmp x18, #0, #13, pl: nothing, spelt "MZ" */
	b	boot_entry		/* boot_primary, unless UEFI must come first */
	.quad	0			/* text_offset: image.load is 2 MiB aligned */
	.quad	__image_size
	.quad	0xa			/* little endian, 4 KiB pages, anywhere in memory */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.weak	pe_header
	.long	pe_header		/* its offset, if UEFI can start the image */

	.section .text.boot, "ax"

/* This code may run anywhere until it has compared where it is with where it was
 * linked; addresses by adr only, because the load address may not even be page
 * aligned. */
	.globl	boot_primary
boot_primary:
	msr	daifset, #0xf
	mov	x20, x0			/* firmware's device tree */
	adr	x10, _start
	ldr	x11, =_start
	adr	x9, boot_early_stack
	mrs	x12, CurrentEL
	cmp	x12, #(2 << 2)
	b.ne	boot_wrong_el
	msr	spsel, #1
	mov	sp, x9
	mov	x12, #HCR_RW
	msr	hcr_el2, x12
	ldr	w12, =SCTLR_EL2_OFF
	msr	sctlr_el2, x12
	isb
	cmp	x10, x11
	b.ne	boot_wrong_place

	adr	x9, vectors
	msr	vbar_el2, x9
	msr	tpidr_el2, xzr
	bl	boot_forget		/* before, or what firmware left dirty overwrites it */
	ldr	x0, =__bss_start
	ldr	x2, =__bss_end
	sub	x2, x2, x0
	mov	w1, #0
	bl	memset
	bl	boot_check_cpu
	bl	boot_unpack
	bl	boot_forget		/* after, or what was fetched meanwhile is read */
	bl	boot_settle		/* last: what is written from here on is not copied */
	bl	boot_mmu_on
	bl	boot_stack		/* from here on: the CPU's own stack */
	mov	sp, x0
	mov	x0, x20
	bl	core_init		/* does not return */
	b	arch_halt

/* A CPU that was off. x0 = its struct cpu, which only the caches may hold. */
	.globl	boot_secondary
boot_secondary:
	msr	daifset, #0xf
	msr	spsel, #1
	mov	x19, x0
	mov	x12, #HCR_RW
	msr	hcr_el2, x12
	ldr	w12, =SCTLR_EL2_OFF
	msr	sctlr_el2, x12
	isb
	adr	x9, vectors
	msr	vbar_el2, x9
	bl	boot_mmu_on
	msr	tpidr_el2, x19
	mov	x0, x19
	.globl	arch_cpu_again
	.type	arch_cpu_again, %function
arch_cpu_again:
	ldr	x9, [x0]		/* struct cpu.stack_top */
	mov	sp, x9
	bl	core_cpu_init		/* does not return */
	b	arch_halt

/* Drops cache lines of all that is written with the MMU off. */
boot_forget:
	mov	x19, x30
	ldr	x0, =boot_early_stack_start
	mov	x1, #STACK_SIZE
	bl	arch_dcache_invalidate
	ldr	x0, =__bss_start
	ldr	x1, =__bss_end
	sub	x1, x1, x0
	bl	arch_dcache_invalidate
	ldr	x0, =__tables_start
	ldr	x1, =__tables_end
	sub	x1, x1, x0
	bl	arch_dcache_invalidate
	ret	x19

/* Turns the MMU on with the plan's map, which has at this address what is here now. What
 * later architectures added to the control of EL2's translation may have any value at
 * reset. Clobbers x9..x12. */
	.globl	boot_mmu_on
boot_mmu_on:
	adr	x9, board
	ldr	x10, [x9, #BOARD_EL2_MAIR]
	msr	mair_el2, x10
	ldr	x10, [x9, #BOARD_EL2_TCR]
	msr	tcr_el2, x10
	mrs	x11, id_aa64mmfr0_el1
	and	x11, x11, #0xf		/* PARange */
	ubfx	x12, x10, #16, #3	/* TCR_EL2.PS */
	cmp	x11, x12
	b.lo	boot_short_addresses
	mrs	x10, S3_0_C0_C7_3	/* ID_AA64MMFR3_EL1 */
	tst	x10, #0xf		/* TCRX */
	b.eq	1f
	msr	S3_4_C2_C0_3, xzr	/* TCR2_EL2 */
1:	tst	x10, #0xf0		/* SCTLRX */
	b.eq	2f
	msr	S3_4_C1_C0_3, xzr	/* SCTLR2_EL2 */
2:	mrs	x10, S3_0_C0_C4_1	/* ID_AA64PFR1_EL1 */
	tst	x10, #(0xf << 44)	/* GCS */
	b.eq	3f
	msr	S3_4_C2_C5_0, xzr	/* GCSCR_EL2 */
3:
	ldr	x10, [x9, #BOARD_EL2_TTBR]
	msr	ttbr0_el2, x10
	tlbi	alle2
	tlbi	alle1
	ic	iallu
	dsb	nsh
	isb
	ldr	w10, =SCTLR_EL2_ON
	msr	sctlr_el2, x10
	isb
	ret

boot_wrong_place:
	adr	x0, board
	adr	x1, text_linked
	mov	x2, x11
	adr	x3, text_loaded
	mov	x4, x10
	b	boot_refuse

/* A CPU of its own may have less than the one that booted. It is the end of it alone;
 * what it has on the early stack nobody else needs any more. */
boot_short_addresses:
	adr	x9, boot_early_stack
	mov	sp, x9
	adr	x0, board
	adr	x1, text_range
	mov	x2, x12
	adr	x3, text_short
	mov	x4, x11
	b	boot_refuse

boot_wrong_el:
	msr	spsel, #1
	mov	sp, x9
	adr	x0, board
	adr	x1, text_level
	lsr	x2, x12, #2
	adr	x3, text_needs
	mov	x4, #2
	b	boot_refuse

	.section .rodata.boot, "a"
text_range:
	.asciz	"bulkhead: the page tables need PARange "
text_short:
	.asciz	", but this CPU has "
text_linked:
	.asciz	"bulkhead: this image must be loaded at "
text_loaded:
	.asciz	" (image.load of the board file), but it is at "
text_level:
	.asciz	"bulkhead: started at exception level "
text_needs:
	.asciz	", but a hypervisor needs level "

/* A stack for each CPU, and the boot CPU's while the MMU is off. */
	.section .noinit, "aw", %nobits
	.balign	4096
	.globl	cpu_stacks
cpu_stacks:
	.skip	STACK_COUNT * STACK_SIZE
	.globl	boot_early_stack_start
boot_early_stack_start:
	.skip	STACK_SIZE
	.globl	boot_early_stack
boot_early_stack:
