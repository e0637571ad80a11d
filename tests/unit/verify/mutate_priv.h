/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by mutate.c and mutate_matter.c. */
#ifndef TESTS_UNIT_VERIFY_MUTATE_PRIV_H
#define TESTS_UNIT_VERIFY_MUTATE_PRIV_H

#include "fields.h"
#include "mutate.h"

#define PAGES_MAX  2048
#define WORDS	   512
#define SAMPLES	   48
#define LEAVES_MAX 4096 /* of each map */

/* Where a table page stands in the maps or in an SMMU's stream table; -1: nowhere. */
struct page {
	int map;
	int smmu;
	int level;
	uint64_t in;
	uint64_t entries;
};

struct change {
	uint64_t *word;
	uint64_t old;
};

struct mutator {
	uint8_t *file;
	uint64_t size;
	const struct board *board;
	struct elf elf;
	struct fields fields;
	struct oracle_tables tables;
	uint64_t (*words)[WORDS];
	uint64_t page_count;
	struct page pages[PAGES_MAX];
	struct {
		int map;
		uint64_t in;
	} *leaves;
	size_t leaf_count;
	size_t map_leaves; /* of the map that is being indexed */
	uint64_t state;
};

uint64_t mutate_random(struct mutator *m);

/* Whether any address that the changed words translate, or any stream, fares otherwise now
 * than with the tables in `good`. */
bool mutate_matters(struct mutator *m, const struct change *c, size_t count, const uint8_t *good);
/* For registers: whether anything that was mapped is mapped otherwise. */
bool mutate_register_matters(struct mutator *m, const struct oracle_map *before, int map);
/* Whether any stream fares otherwise than with `before` and the tables in `old`. */
bool mutate_streams_matter(struct mutator *m, int smmu, const struct smmu_desc *before,
			   const struct oracle_tables *old);

#endif
