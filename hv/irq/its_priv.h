/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by its.c and lpi.c. */
#ifndef HV_IRQ_ITS_PRIV_H
#define HV_IRQ_ITS_PRIV_H

#include "types.h"

/* Whether some ITS or redistributor reads and writes memory past the caches. */
extern bool lpi_incoherent;

/* The table of properties: every LPI disabled. NULL, or what is wrong. */
const char *lpi_init(void);

/* The target of commands for `cpu`: its redistributor's address, or its number. False:
 * it has no LPIs yet. */
bool lpi_target(uint32_t cpu, bool address, uint64_t *target);

#endif
