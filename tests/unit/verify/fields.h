/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of the structs in an image of which every bit matters. */
#ifndef TESTS_UNIT_VERIFY_FIELDS_H
#define TESTS_UNIT_VERIFY_FIELDS_H

#include "oracle.h"
#include "tables.h"
#include "verify/elf.h"

#define FIELDS_MAX 8192

struct field {
	const char *name;
	uint8_t *at; /* in the file */
	uint64_t bits;
	int map; /* a register of this map; -1: no register, any change breaks */
	int smmu; /* a register of this SMMU; -1: none */
};

struct fields {
	struct board_tables *board;
	struct domain_desc *domains;
	struct smmu_desc *smmus;
	uint64_t on_demand; /* bit n: domain n finds MMIO on demand */
	int map_count; /* domains, then the hypervisor's */
	struct field v[FIELDS_MAX];
	size_t count;
};

/* Finds them in the file that `e` reads, which must be writable. */
bool fields_find(struct fields *f, const struct elf *e);
/* The registers of a map as they stand now. */
struct oracle_map fields_map(const struct fields *f, int map, unsigned int pa_bits);

#endif
