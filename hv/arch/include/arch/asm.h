/* SPDX-License-Identifier: Apache-2.0 */
/* Constants for assembly; layout.c asserts those that C knows too. */
#ifndef ARCH_ASM_H
#define ARCH_ASM_H

/* Offsets in struct board_tables. */
#define BOARD_EL2_TTBR 64
#define BOARD_EL2_TCR 72
#define BOARD_EL2_MAIR 80
#define BOARD_HOME_LOAD 264
#define BOARD_HOME_BASE 272

/* sizeof(struct guest_regs), rounded up to 16. */
#define GUEST_REGS_SIZE 256

/* CPU_STACK_SIZE, CPUS_MAX */
#define STACK_SIZE 4096
#define STACK_COUNT 64

#define HCR_RW 0x80000000

/* SCTLR_EL2 (DDI 0487, D24.2): the bits that are RES1 without VHE; with MMU,
 * D-cache, stack alignment check and "writable is never executable" on. */
#define SCTLR_EL2_RES1 0x30c50830
#define SCTLR_EL2_I 0x1000
#define SCTLR_EL2_OFF (SCTLR_EL2_RES1 | SCTLR_EL2_I)
#define SCTLR_EL2_ON (SCTLR_EL2_OFF | 0x80000 | 0x8 | 0x4 | 0x1)

#endif
