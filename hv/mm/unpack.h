/* SPDX-License-Identifier: Apache-2.0 */
/* The page tables' way from hv.img to memory; see struct packed_run. */
#ifndef HV_MM_UNPACK_H
#define HV_MM_UNPACK_H

#include "tables.h"

/* Fills words[0..count) from at most `run_max` runs. False, with words[]
 * undefined, if no run ends the stream or one leaves the words. */
bool unpack_runs(const struct packed_run *run, uint64_t run_max, uint64_t *words, uint64_t count);

#endif
