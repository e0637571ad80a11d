// SPDX-License-Identifier: Apache-2.0
/* Holds the constants of arch/asm.h against the structs they come from. */
#include "arch/asm.h"
#include "arch/cpu.h"
#include "tables.h"

_Static_assert(offsetof(struct board_tables, el2_ttbr) == BOARD_EL2_TTBR, "boot.S");
_Static_assert(offsetof(struct board_tables, el2_tcr) == BOARD_EL2_TCR, "boot.S");
_Static_assert(offsetof(struct board_tables, el2_mair) == BOARD_EL2_MAIR, "boot.S");
_Static_assert(offsetof(struct board_tables, home.load) == BOARD_HOME_LOAD, "enter.S");
_Static_assert(offsetof(struct board_tables, home.base) == BOARD_HOME_BASE, "enter.S");
_Static_assert(GUEST_REGS_SIZE >= 31 * sizeof(uint64_t), "vectors.S");
_Static_assert(GUEST_REGS_SIZE % 16 == 0, "SP alignment");
_Static_assert(STACK_SIZE == CPU_STACK_SIZE && STACK_COUNT == CPUS_MAX, "boot.S");
