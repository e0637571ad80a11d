/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uint64_t arch_translate_guest(uint64_t va, bool write)
 *
 * The guest chose where its tables are. With HCR_EL2.PTW a walk through Device memory is a
 * fault; but any other address may still answer with an external abort, which AT takes as an
 * exception to EL2 (DDI 0487, D8.15). from_el2 in vectors.S comes to arch_translate_failed
 * then: x0..x6 are as they were, ELR_EL2 and SPSR_EL2 of the guest are in x5 and x6.
 */
#define HCR_PTW 0x4

	.section .text.translate, "ax"	/* not among those before the vectors */
	.globl	arch_translate_guest
	.type	arch_translate_guest, %function
	.globl	arch_translate_start
	.globl	arch_translate_end
	.globl	arch_translate_failed
arch_translate_guest:
	mrs	x2, par_el1
	mrs	x3, hcr_el2
	mrs	x5, elr_el2
	mrs	x6, spsr_el2
	orr	x4, x3, #HCR_PTW
	msr	hcr_el2, x4
	isb
	cbnz	w1, 1f
arch_translate_start:
	at	s12e1r, x0
	b	2f
1:	at	s12e1w, x0
2:	isb
arch_translate_end:
	mrs	x0, par_el1
3:	msr	par_el1, x2
	msr	hcr_el2, x3
	isb
	ret

arch_translate_failed:
	msr	elr_el2, x5
	msr	spsr_el2, x6
	mov	x0, #1			/* PAR_EL1.F */
	b	3b
