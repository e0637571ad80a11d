/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest with a virtual SMMUv3 that first uses it rightly and then does all that it should
 * not. Options:
 *   hole=A,..   addresses that are not ours: the hypervisor's, another domain's
 *   race        nothing but this: a second CPU scribbles on tables and commands that the first
 *               has read
 *   idle=N      sleeps for N ms, then computes for N ms, before it attacks
 */
#ifndef PAYLOAD_BADSMMU_H
#define PAYLOAD_BADSMMU_H

#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "smmu.h"

#define PAGE 4096u
#define IOVA(index) (SMMU_IOVA + (uint64_t)(index) * PAGE)

extern uint8_t badsmmu_from[PAGE];
extern uint8_t badsmmu_to[PAGE];

uint32_t badsmmu_random(void);
uint64_t badsmmu_random64(void);
/* Fills `from` with a fresh pattern, and `to` with another. */
void badsmmu_fill(void);
/* Whether the first `size` bytes of `to` are those of `from`. */
bool badsmmu_same(uint32_t size);
/* Whether none of `to` has changed since badsmmu_fill(). */
bool badsmmu_untouched(void);
/* Starts the SMMU afresh and has the device copy one page by stage 1: all is well. */
void badsmmu_prove_works(const char *after);
/* An address that is not ours: option hole=, by number. */
bool badsmmu_hole(uint32_t index, uint64_t *addr);

void badsmmu_use(void);         /* what works: badsmmu_use.c */
void badsmmu_registers(void);   /* badsmmu_queue.c */
void badsmmu_positions(void);
void badsmmu_flood(void);
void badsmmu_commands(void);    /* badsmmu_command.c */
void badsmmu_errors(void);      /* badsmmu_error.c: entries that are told in events */
void badsmmu_live(void);        /* and what changes, or must not, while it is in use */
void badsmmu_entries(void);     /* badsmmu_table.c */
void badsmmu_places(void);
void badsmmu_race(void);
void badsmmu_race_other(void);  /* of the other CPU */

#endif
