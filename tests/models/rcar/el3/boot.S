/* SPDX-License-Identifier: Apache-2.0 */
/* From reset, where all CPUs come to address 0 in flash at EL3, to boot_main() in RAM. The normal
 * world cannot read secure flash, but that is not why: variables need RAM. */
#include "models/rcar/el3/machine.h"

	.section .text.boot, "ax"
	.global boot_start
boot_start:
	msr	daifset, #15
	mrs	x0, mpidr_el1
	and	x0, x0, #0xff
	cbnz	x0, boot_wait

	adr	x1, boot_start
	ldr	x2, =boot_start
	ldr	x3, =__data_end
1:	ldp	x4, x5, [x1], #16
	stp	x4, x5, [x2], #16
	cmp	x2, x3
	b.lo	1b
	ldr	x3, =__bss_end
2:	stp	xzr, xzr, [x2], #16
	cmp	x2, x3
	b.lo	2b
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	b	boot_go

/* The others sleep until CPU 0 sends them an SGI: there is no memory yet to wait on. An interrupt
 * that is masked wakes up too. */
boot_wait:
	ldr	x1, =QEMU_GICC
	mov	w2, #0xff
	str	w2, [x1, #4]
	mov	w2, #9
	str	w2, [x1]
3:	wfi
	ldr	w2, [x1, #0xc]
	and	w3, w2, #0x3ff
	cmp	w3, #INTID_WAKE
	b.ne	3b
	str	w2, [x1, #0x10]

/* x0: which CPU it is. Its first frame is one of zeroes. */
boot_go:
	ldr	x4, =boot_ram
	br	x4
boot_ram:
	ldr	x1, =boot_stacks
	add	x2, x0, #1
	mov	x3, #STACK_SIZE
	madd	x1, x2, x3, x1
	mov	sp, x1
	ldr	x1, =vectors
	msr	vbar_el3, x1
	sub	sp, sp, #256
	mov	x1, sp
	mov	x2, #0
4:	str	xzr, [x1, x2]
	add	x2, x2, #8
	cmp	x2, #256
	b.ne	4b
	bl	boot_main
	b	vector_return

	.section .bss.stacks, "aw", %nobits
	.balign	16
boot_stacks:
	.skip	CPUS * STACK_SIZE
