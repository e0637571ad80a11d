/* SPDX-License-Identifier: Apache-2.0 */
/* pa_t arch_cpu_entry(void): the image runs at the addresses that it was linked for, or CPUs
 * come on in a copy of it that is there. */
	.section .text.arch_cpu_entry, "ax"
	.globl	arch_cpu_entry
	.type	arch_cpu_entry, %function
arch_cpu_entry:
	ldr	x0, =boot_secondary
	ret
