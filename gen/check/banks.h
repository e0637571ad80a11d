/* SPDX-License-Identifier: Apache-2.0 */
/* The board's RAM with banks that touch joined, ascending. */
#ifndef GEN_CHECK_BANKS_H
#define GEN_CHECK_BANKS_H

#include "check/span.h"

struct spans banks_of(const struct m_board *b);
/* Bytes from first on that are RAM, up to last: 0 when first is none. */
uint64_t banks_reach(const struct spans *banks, uint64_t first, uint64_t last);
/* The first bank as written that meets [first, last], or MODEL_NONE. */
size_t banks_meet(const struct m_board *b, uint64_t first, uint64_t last);
/* Pages of r are RAM that is not reserved, and so somebody's or to be had. */
bool range_in_ram(const struct m_board *b, const struct m_range *r);

#endif
