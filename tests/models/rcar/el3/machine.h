/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that plays the board: QEMU `virt` with secure=on, and how EL3 sees it. */
#ifndef TESTS_MODELS_RCAR_EL3_MACHINE_H
#define TESTS_MODELS_RCAR_EL3_MACHINE_H

/* The H3's big cores are 0 to 3; QEMU cannot give CPUs the MPIDR of the little ones, 0x100 on. */
#define CPUS 4

#define STACK_SIZE 0x4000

/* Where hv.img goes (boards/rcar-h3/board.yaml). */
#define IMAGE_BASE 0x48200000

/* Physical addresses, mapped 1:1 as Root, which devices take for Secure. */
#define QEMU_GICD 0x08000000
#define QEMU_GICC 0x08010000
#define QEMU_GICH 0x08030000
#define QEMU_GICV 0x08040000
#define QEMU_GIC_END 0x08050000
#define QEMU_UART 0x09000000
#define QEMU_PL061 0x090b0000 /* the secure one: power-off and reset */
/* Words that QEMU's command line sets (options.h). */
#define OPTIONS_BASE 0x47ff0000
#define RAM_BASE 0x48000000

/* The same physical address as Non-secure: how the board's software sees it. */
#define NONSECURE 0x4000000000u

#define INTID_WAKE 15  /* SGI to a CPU that is off */
#define INTID_TIMER 29 /* EL3's own */
#define INTID_UART 33

#endif
