/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the architecture makes of tables, one address at a time: written from the
 * pseudocode for this test alone, lenient where hardware is (bits that it ignores
 * are ignored), so that it can tell a change that matters from one that does not.
 */
#ifndef TESTS_UNIT_VERIFY_ORACLE_H
#define TESTS_UNIT_VERIFY_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

/* A hypervisor with cache colours moves its pages before any walk: what is linked from
 * `load` on is at the pages of its colours from `home` on, in their order. */
struct oracle_tables {
	const uint8_t *bytes;
	uint64_t base; /* as linked */
	uint64_t size;
	uint64_t load;
	uint64_t home;
	uint64_t colors; /* of the machine; 0: nothing is moved */
	uint64_t first;  /* of the hypervisor's */
	uint64_t count;
};

/* Where in `bytes` physical address `pa` is; UINT64_MAX: nowhere. */
uint64_t oracle_offset(const struct oracle_tables *t, uint64_t pa);

struct oracle_map {
	bool stage2;
	uint64_t ttbr;    /* VTTBR_EL2 or TTBR0_EL2 */
	uint64_t control; /* VTCR_EL2 or TCR_EL2 */
	uint64_t mair;
	unsigned int pa_bits; /* of the CPU */
	bool on_demand; /* a leaf that only bit 0 is missing from is there for who may set it */
};

struct oracle_result {
	bool mapped;
	uint64_t pa;     /* page */
	uint32_t access; /* memory type and permissions, as in the descriptor */
};

/* Whether a word is such a leaf. */
bool oracle_is_later(uint64_t word, int level);
/* Translates one input address. Tables outside `t` count as not mapped. */
struct oracle_result oracle_translate(const struct oracle_tables *t, const struct oracle_map *m, uint64_t in);
bool oracle_same(const struct oracle_result *a, const struct oracle_result *b);
/* What an SMMUv3 makes of a stream ID (IHI 0070, 3.3 and 5.2), as lenient as
 * hardware: oracle_stream.c. */
enum oracle_stream_kind {
	ORACLE_ABORT,
	ORACLE_BYPASS,
	ORACLE_STAGE1,
	ORACLE_HELD, /* aborted; what a virtual SMMUv3 makes of it later has the rest of the entry */
	ORACLE_STAGE2,
};
struct oracle_stream {
	enum oracle_stream_kind kind;
	uint32_t vmid;
	struct oracle_map map;
};
struct oracle_stream oracle_stream(const struct oracle_tables *t, uint64_t strtab_base, uint64_t strtab_cfg,
				   uint64_t id, unsigned int pa_bits);

/* Start level and number of the root's descriptors; false: the CPU would fault. */
bool oracle_start(const struct oracle_map *m, int *level, uint64_t *entries);

#endif
