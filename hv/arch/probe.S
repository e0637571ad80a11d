/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uint64_t arch_probe32(uint64_t addr, uint32_t *value): reads a register while somebody else
 * has EL2, with vectors of its own. An exception comes back here with all registers as they
 * were, but for ELR_EL2, SPSR_EL2 and which stack pointer is selected. Of the table two entries
 * can be taken, those of synchronous exceptions: all the rest is masked.
 */
	.section .text.probe, "ax"	/* behind the vectors: it is aligned alike */
	.balign	2048
probe_vectors:
	b	probe_failed		/* with SP_EL0 */

	.globl	arch_probe32
	.type	arch_probe32, %function
arch_probe32:
	mrs	x2, vbar_el2
	mrs	x3, daif
	mrs	x4, spsel
	msr	daifset, #0xf
	adr	x5, probe_vectors
	msr	vbar_el2, x5
	isb
	ldr	w5, [x0]
	dsb	sy
	str	w5, [x1]
	mov	x0, xzr
1:	msr	vbar_el2, x2
	msr	spsel, x4
	msr	daif, x3
	isb
	ret

	.org	probe_vectors + 0x200
probe_failed:				/* with SP_EL2 */
	mrs	x0, esr_el2
	b	1b
