/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the machine in machine.h: what the generator would have written. */
#ifndef TESTS_UNIT_VSMMU_BOARD_H
#define TESTS_UNIT_VSMMU_BOARD_H

#include "tables.h"

#define BOARD_PAGES 96
#define board_tables_pages __tables_start
extern uint64_t __tables_start[BOARD_PAGES][512];

/* For fuzzers too: no test's assertion. */
#define must(condition) \
	do { \
		if (!(condition)) { \
			model_fail("%s:%d: %s", __FILE__, __LINE__, #condition); \
		} \
	} while (0)

void board_prepare(bool coherent, bool pieces);
/* The stream tables as they were prepared; all of them read-only from now on. */
void board_restore(void);
void board_add_ram(void);
/* A page of the tables is to be written, and has been. */
void board_open(uint64_t page);
void board_close(uint64_t page);
/* Whether a page is one of smmu_desc.nested. */
bool board_is_nested(uint64_t page);
/* Guests' RAM: for the SMMUs; all 0; and no window is open. */
void memory_add_ram(void);
void memory_clear(void);
void memory_check(void);
/* Once the board has been prepared. */
void check_prepare(void);
/* Sees all commands that an SMMU takes. */
void board_command(uint32_t smmu, const uint64_t w[2]);

#endif
