/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guests' RAM, mapped for EL2 only while it is copied: each CPU has slots of a page of
 * its own in board.window. Pages, so that nothing is mapped (and, being Normal memory,
 * fetched by speculation) that does not belong to what is copied; or, where all of 2 MiB
 * is to be zeroed, those.
 */
#ifndef HV_MM_WINDOW_H
#define HV_MM_WINDOW_H

#include "types.h"

#define WINDOW_BLOCK PAGE_SIZE
#define WINDOW_SLOTS 2 /* of each CPU: one to read, one to write */

/* Once, on the boot CPU, before the others. */
void window_init(void);

/* Maps the page around `pa`, normal write-back memory, writable, in slot
 * `slot` of CPU `cpu` (the caller). Returns where `pa` itself appears. */
void *window_map(uint32_t cpu, uint32_t slot, pa_t pa);

/* The same for registers: Device-nGnRE memory. */
void *window_map_device(uint32_t cpu, uint32_t slot, pa_t pa);

/* Takes the slot's page away again, from all TLBs. */
void window_unmap(uint32_t cpu, uint32_t slot);

/* Copies into guest RAM and cleans what was written to the point of coherency:
 * the guest starts with its caches off. */
void window_write(uint32_t cpu, pa_t to, const void *from, uint64_t size);
void window_copy(uint32_t cpu, pa_t to, pa_t from, uint64_t size);

/* Zeroes guest RAM [pa, pa+size), pages, to the point of coherency. */
void window_zero(uint32_t cpu, pa_t pa, uint64_t size);

/* Cleans and invalidates to the point of coherency what any cache holds of [pa,
 * pa+size): what firmware left there must not be written back over a new owner's
 * data. */
void window_flush(uint32_t cpu, pa_t pa, uint64_t size);

#endif
