/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that domains share (board.shared). No domain's RAM: nothing is copied there for
 * one, and it stays as it is when one of them stops or starts again. */
#ifndef HV_MM_SHARED_H
#define HV_MM_SHARED_H

#include "types.h"

/* Once, on CPU `cpu`, before any domain starts: zeroes all of it, and leaves nothing of it
 * in a cache. */
void shared_init(uint32_t cpu);

#endif
