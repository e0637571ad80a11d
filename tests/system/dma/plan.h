/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What DMA of each stream is to reach. A text of lines:
 *
 *   ram BASE SIZE            the machine's RAM
 *   owner NAME               who has what follows, up to the next of these
 *   map IPA PA SIZE [ro]     what he reaches
 *   streams FIRST LAST       by which stream IDs
 *   edge IPA                 a page that every stream ID is to try (of no owner)
 *
 * Streams that no line names reach nothing.
 */
#ifndef TESTS_SYSTEM_DMA_PLAN_H
#define TESTS_SYSTEM_DMA_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE UINT64_C(0x1000)
#define OWNERS_MAX 4 /* the last of them: nobody */
#define MAPS_MAX 64
#define RUNS_MAX 16
#define EDGES_MAX 64

struct map {
	uint64_t ipa;
	uint64_t pa;
	uint64_t size;
	bool read_only;
};

struct owner {
	char name[32];
	struct map maps[MAPS_MAX];
	uint32_t map_count;
};

struct run {
	uint32_t first, last;
	const struct owner *owner;
};

struct plan {
	uint64_t ram_base, ram_size;
	struct owner owners[OWNERS_MAX];
	uint32_t owner_count; /* with nobody, who is the last */
	struct run runs[RUNS_MAX];
	uint32_t run_count;
	uint64_t edges[EDGES_MAX];
	uint32_t edge_count;
};

void plan_read(struct plan *p, const char *path);
const struct owner *plan_owner(const struct plan *p, uint32_t sid);
/* NULL: the page is not mapped. */
const struct map *owner_map(const struct owner *o, uint64_t ipa);
bool plan_is_ram(const struct plan *p, uint64_t pa);
/* Adds the pages on both sides of both edges of RAM, and the first of all other maps,
 * to the plan's own. */
void plan_add_edges(struct plan *p);

#endif
