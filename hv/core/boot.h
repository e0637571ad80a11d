/* SPDX-License-Identifier: Apache-2.0 */
/* What arch/boot.S calls on the boot CPU, in this order, and what it exports. */
#ifndef HV_CORE_BOOT_H
#define HV_CORE_BOOT_H

#include "tables.h"

/* Section edges, from hv.ld. */
extern uint8_t __tables_start[], __tables_end[];
extern const uint8_t __packed_data[], __packed_end[];

/* Says that the image cannot run: first, linked, between, actual; then stops. Runs
 * at any address and exception level: touches nothing but its arguments. */
_Noreturn void boot_refuse(const struct board_tables *b, const char *first, uint64_t linked,
			   const char *between, uint64_t actual);

/* Stops unless this CPU can use the plan's page tables. MMU off. That it can use the
 * plan's addresses arch/boot.S asks on every CPU. */
void boot_check_cpu(void);

/* Fills .tables from the packed runs. MMU off. */
void boot_unpack(void);

/* Copies the hypervisor to where the plan's map has it, if that is elsewhere. MMU off. */
void boot_settle(void);

/* Top of the stack of the calling CPU; stops if the board file does not know it. */
uint64_t boot_stack(void);

#endif
