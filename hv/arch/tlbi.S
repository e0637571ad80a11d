/* SPDX-License-Identifier: Apache-2.0 */
/* void arch_tlb_flush_el2(va_t) */
	.section .text.arch_tlb_flush_el2, "ax"
	.globl	arch_tlb_flush_el2
	.type	arch_tlb_flush_el2, %function
arch_tlb_flush_el2:
	dsb	ishst
	ubfx	x0, x0, #12, #44
	tlbi	vae2is, x0
	dsb	ish
	isb
	ret
