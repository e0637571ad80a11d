/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of build_check(). */
#ifndef HV_FIRMWARE_BUILD_CHECK_H
#define HV_FIRMWARE_BUILD_CHECK_H

#include "firmware/build/build.h"

/* check.c */

bool check_overlaps(uint64_t base, uint64_t size, uint64_t other, uint64_t other_size);

/* The leaf for an address, or 0; *size: what it is for. *good: all tables above are the
 * hypervisor's. `root` is of `level`, and may be several pages. */
uint64_t check_walk(const struct build *b, uint64_t root, uint32_t level, uint64_t at, uint64_t *size,
		    bool *good);

/* check_messages.c: what the ITS and the redistributors are given; b->messages. First. */
bool check_messages(struct build *b);

#endif
