// SPDX-License-Identifier: Apache-2.0
#include "fdt.h"

#include <string.h>

#define FDT_MAGIC UINT32_C(0xd00dfeed)
#define FDT_HEADER 40u
#define FDT_BEGIN 1u
#define FDT_END 2u
#define FDT_PROP 3u
#define FDT_NOP 4u
#define FDT_LAST 9u
#define DEPTH_MAX 16

/* A node that is being read; its properties come before its children. */
struct level {
	const char *name;
	uint32_t address_cells, size_cells; /* of its children */
	bool same;  /* its children's addresses are the CPU's */
	bool done;  /* its reg is listed */
	const uint8_t *reg;
	uint64_t reg_size;
	const char *compatible;
	uint64_t compatible_size;
};

struct reader {
	struct mem *mem;
	const uint8_t *at, *end;
	const char *strings;
	uint64_t strings_size;
	struct fdt_ranges *ranges;
	struct level levels[DEPTH_MAX]; /* [0] holds the root */
	size_t depth;
};

static uint32_t fdt_cell(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t fdt_number(const uint8_t *p, uint32_t cells)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < cells; i++) {
		v = v << 32 | fdt_cell(p + 4 * i);
	}
	return v;
}

static void fdt_list(struct reader *r, const struct level *parent, struct level *node)
{
	uint64_t entry = 4 * ((uint64_t)parent->address_cells + parent->size_cells);

	node->done = true;
	if (!parent->same || parent->size_cells == 0 || parent->size_cells > 2 || parent->address_cells == 0 ||
	    parent->address_cells > 2) {
		return;
	}
	for (uint64_t at = 0; at + entry <= node->reg_size; at += entry) {
		struct fdt_ranges *l = r->ranges;

		if (l->count == l->cap) {
			struct fdt_range *old = l->v;

			l->cap = l->cap == 0 ? 64 : 2 * l->cap;
			l->v = mem_alloc(r->mem, l->cap, sizeof(*l->v));
			if (l->count > 0) {
				memcpy(l->v, old, l->count * sizeof(*l->v));
			}
		}
		l->v[l->count++] = (struct fdt_range){
			.base = fdt_number(node->reg + at, parent->address_cells),
			.size = fdt_number(node->reg + at + 4 * (uint64_t)parent->address_cells, parent->size_cells),
			.node = node->name, .compatible = node->compatible, .compatible_size = node->compatible_size,
		};
	}
}

/* All properties of the innermost node have been read. */
static void fdt_settle(struct reader *r)
{
	if (r->depth > 1 && !r->levels[r->depth - 1].done) {
		fdt_list(r, &r->levels[r->depth - 2], &r->levels[r->depth - 1]);
	}
}

static bool fdt_begin(struct reader *r)
{
	const uint8_t *end = memchr(r->at, 0, (size_t)(r->end - r->at));

	fdt_settle(r);
	if (end == NULL || r->depth == DEPTH_MAX) {
		return false;
	}
	r->levels[r->depth] = (struct level){
		.name = (const char *)r->at, .address_cells = 2, .size_cells = 1, .same = r->depth == 0};
	r->depth++;
	r->at += ((uint64_t)(end - r->at) / 4 + 1) * 4;
	return r->at <= r->end;
}

static bool fdt_property(struct reader *r)
{
	struct level *node;
	uint64_t length, name;
	const uint8_t *value;

	if (r->end - r->at < 8 || r->depth == 0) {
		return false;
	}
	node = &r->levels[r->depth - 1];
	length = fdt_cell(r->at);
	name = fdt_cell(r->at + 4);
	value = r->at + 8;
	if (length > (uint64_t)(r->end - value) || name >= r->strings_size ||
	    memchr(r->strings + name, 0, r->strings_size - name) == NULL) {
		return false;
	}
	if (strcmp(r->strings + name, "reg") == 0) {
		node->reg = value;
		node->reg_size = length;
	} else if (strcmp(r->strings + name, "compatible") == 0 && length > 0 && value[length - 1] == 0) {
		node->compatible = (const char *)value;
		node->compatible_size = length;
	} else if (strcmp(r->strings + name, "#address-cells") == 0 && length == 4) {
		node->address_cells = fdt_cell(value);
	} else if (strcmp(r->strings + name, "#size-cells") == 0 && length == 4) {
		node->size_cells = fdt_cell(value);
	} else if (strcmp(r->strings + name, "ranges") == 0 && length == 0) {
		node->same = r->depth == 1 || r->levels[r->depth - 2].same;
	}
	length = (length + 3) / 4 * 4;
	r->at = length > (uint64_t)(r->end - value) ? r->end : value + length;
	return true;
}

bool fdt_read(struct mem *m, const uint8_t *blob, uint64_t size, struct fdt_ranges *ranges)
{
	struct reader r = {.mem = m, .ranges = ranges};
	uint64_t at, length;

	*ranges = (struct fdt_ranges){.count = 0};
	if (size < FDT_HEADER || fdt_cell(blob) != FDT_MAGIC || fdt_cell(blob + 4) > size) {
		return false;
	}
	size = fdt_cell(blob + 4);
	at = fdt_cell(blob + 8);
	length = fdt_cell(blob + 36);
	r.strings_size = fdt_cell(blob + 32);
	if (at % 4 != 0 || at > size || length > size - at || fdt_cell(blob + 12) > size ||
	    r.strings_size > size - fdt_cell(blob + 12)) {
		return false;
	}
	r.strings = (const char *)blob + fdt_cell(blob + 12);
	r.at = blob + at;
	r.end = r.at + length;
	while (r.end - r.at >= 4) {
		uint32_t token = fdt_cell(r.at);

		r.at += 4;
		if (token == FDT_BEGIN ? !fdt_begin(&r) : token == FDT_PROP && !fdt_property(&r)) {
			return false;
		}
		if (token == FDT_END) {
			fdt_settle(&r);
			if (r.depth == 0) {
				return false;
			}
			r.depth--;
		} else if (token == FDT_LAST) {
			return r.depth == 0;
		} else if (token != FDT_BEGIN && token != FDT_PROP && token != FDT_NOP) {
			return false;
		}
	}
	return false;
}

bool fdt_is(const struct fdt_range *r, const char *compatible)
{
	for (uint64_t at = 0; at < r->compatible_size; at += strlen(r->compatible + at) + 1) {
		if (strcmp(r->compatible + at, compatible) == 0) {
			return true;
		}
	}
	return false;
}
