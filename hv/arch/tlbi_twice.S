/* SPDX-License-Identifier: Apache-2.0 */
/*
 * void arch_tlb_flush_el2(va_t), in place of tlbi.S on a CPU with Falkor's erratum E1009: a
 * DSB behind a TLBI for the inner shareable domain may be done too early. What is done a
 * second time, and waited for, has been done. Those for the CPU alone are sound.
 */
	.section .text.arch_tlb_flush_el2, "ax"
	.globl	arch_tlb_flush_el2
	.type	arch_tlb_flush_el2, %function
arch_tlb_flush_el2:
	dsb	ishst
	ubfx	x0, x0, #12, #44
	tlbi	vae2is, x0
	dsb	ish
	tlbi	vae2is, x0
	dsb	ish
	isb
	ret
