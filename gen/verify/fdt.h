/* SPDX-License-Identifier: Apache-2.0 */
/* A domain's flattened device tree (Devicetree Specification 0.4, chapter 5): the addresses in it. */
#ifndef VERIFY_FDT_H
#define VERIFY_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"

/* One entry of some node's `reg`, in addresses of the CPU. */
struct fdt_range {
	uint64_t base;
	uint64_t size;
	const char *node;       /* its name */
	const char *compatible; /* texts one behind the other, NULL: none */
	uint64_t compatible_size;
};

struct fdt_ranges {
	struct fdt_range *v;
	size_t count;
	size_t cap;
};

/* Lists the registers and the memory of all nodes whose addresses are the CPU's: of children of the
 * root, and of nodes below that pass addresses on as they are. False: this is no device tree. */
bool fdt_read(struct mem *m, const uint8_t *blob, uint64_t size, struct fdt_ranges *ranges);
bool fdt_is(const struct fdt_range *r, const char *compatible);

#endif
