/* SPDX-License-Identifier: Apache-2.0 */
/* Packs page tables: struct packed_run of tables.h. */
#ifndef GEN_EMIT_PACK_H
#define GEN_EMIT_PACK_H

#include "tables.h"

/* Number of runs that `count` words take, without the one that ends them. */
size_t pack_count(const uint64_t *words, size_t count);
/* The runs, ended by one with count 0; malloc. *run_count counts that one too. */
struct packed_run *pack_words(const uint64_t *words, size_t count, size_t *run_count);
/* What boot does, for checking: false when the runs leave dst[0..count), or when
 * no end is among the run_count runs. */
bool pack_unpack(const struct packed_run *runs, size_t run_count, uint64_t *dst, size_t count);

#endif
