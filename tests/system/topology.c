// SPDX-License-Identifier: Apache-2.0
/*
 * topology FILE.dtb: which device of a device tree is behind which SMMUv3 or IPMMU, read by this
 * program's own walk of the blob, for tests to compare `bulkhead import` with. It shares no code
 * with it, nor libfdt. One line for each:
 *
 *   iommu PATH smmuv3|ipmmu ADDRESS
 *   cache PATH ROOT BIT             an IPMMU and its root
 *   link DEVICE IOMMU ID            a stream ID or micro-TLB
 *   map DEVICE RID IOMMU ID COUNT   requester IDs of a PCI host
 *
 * Only what is to be used (`status`) counts as an IOMMU. The address is the node's unit address.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES 20000
#define DEPTH 32
#define BYTES (4u << 20)
#define BEGIN_NODE 1u
#define END_NODE 2u
#define PROP 3u
#define NOP 4u

struct value {
	const unsigned char *data;
	uint32_t len;
};

struct node {
	char path[512];
	bool off;
	uint32_t phandle;
	struct value compatible, iommus, map, mask, main;
};

static unsigned char blob[BYTES];
static struct node nodes[NODES];
static size_t node_count;

static uint32_t cell(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool has(struct value v, const char *text, bool whole)
{
	for (uint32_t at = 0; at < v.len; at += (uint32_t)strlen((const char *)v.data + at) + 1) {
		const char *s = (const char *)v.data + at;

		if (whole ? strcmp(s, text) == 0 : strncmp(s, text, strlen(text)) == 0) {
			return true;
		}
	}
	return false;
}

static void prop_take(struct node *n, const char *name, struct value v)
{
	if (strcmp(name, "compatible") == 0) {
		n->compatible = v;
	} else if (strcmp(name, "iommus") == 0) {
		n->iommus = v;
	} else if (strcmp(name, "iommu-map") == 0) {
		n->map = v;
	} else if (strcmp(name, "iommu-map-mask") == 0) {
		n->mask = v;
	} else if (strcmp(name, "renesas,ipmmu-main") == 0) {
		n->main = v;
	} else if (strcmp(name, "phandle") == 0 && v.len == 4) {
		n->phandle = cell(v.data);
	} else if (strcmp(name, "status") == 0) {
		n->off = n->off || (strcmp((const char *)v.data, "okay") != 0 && strcmp((const char *)v.data, "ok") != 0);
	}
}

/* The structure block from end to end; a node is off where one above it is. */
static bool walk(void)
{
	const unsigned char *p = blob + cell(blob + 8), *end = p + cell(blob + 36);
	const char *names = (const char *)blob + cell(blob + 12);
	struct node *open[DEPTH];
	size_t depth = 0;

	while (p < end) {
		uint32_t token = cell(p);

		p += 4;
		if (token == BEGIN_NODE) {
			struct node *n = &nodes[node_count++];
			if (node_count == NODES || depth == DEPTH) {
				return false;
			}
			n->off = depth > 0 && open[depth - 1]->off;
			if (depth > 0 && strlen(open[depth - 1]->path) + strlen((const char *)p) + 2 > sizeof(n->path)) {
				return false;
			}
			if (depth > 0) {
				strcpy(n->path, open[depth - 1]->path);
				strcat(strcat(n->path, "/"), (const char *)p);
			}
			open[depth++] = n;
			p += (strlen((const char *)p) + 4) & ~(size_t)3;
		} else if (token == END_NODE) {
			depth--;
		} else if (token == PROP) {
			struct value v = {p + 8, cell(p)};
			prop_take(open[depth - 1], names + cell(p + 4), v);
			p += 8 + ((v.len + 3) & ~3u);
		} else if (token != NOP) {
			return depth == 0;
		}
	}
	return false;
}

static const struct node *by_phandle(uint32_t phandle)
{
	for (size_t i = 0; i < node_count; i++) {
		if (nodes[i].phandle == phandle) {
			return &nodes[i];
		}
	}
	return NULL;
}

/* "smmuv3", "ipmmu", or NULL: none, or not to be used. */
static const char *iommu_type(const struct node *n)
{
	if (n == NULL || n->off) {
		return NULL;
	}
	return has(n->compatible, "arm,smmu-v3", true) ? "smmuv3"
	       : has(n->compatible, "renesas,ipmmu-", false) ? "ipmmu" : NULL;
}

/* Both bindings have one cell behind the phandle; so have all others on boards that have one of these. */
static void links_print(const struct node *n)
{
	for (uint32_t at = 0; at + 8 <= n->iommus.len; at += 8) {
		const struct node *to = by_phandle(cell(n->iommus.data + at));

		if (iommu_type(to) != NULL) {
			printf("link %s %s %u\n", n->path, to->path, cell(n->iommus.data + at + 4));
		}
	}
}

static void map_print(const struct node *n)
{
	uint32_t mask = n->mask.len == 4 ? cell(n->mask.data) : 0xffff;

	for (uint32_t at = 0; at + 16 <= n->map.len; at += 16) {
		const struct node *to = by_phandle(cell(n->map.data + at + 4));

		if (iommu_type(to) == NULL) {
			continue;
		}
		if (mask == 0) {
			printf("link %s %s %u\n", n->path, to->path, cell(n->map.data + at + 8));
		} else {
			printf("map %s 0x%x %s 0x%x 0x%x\n", n->path, cell(n->map.data + at), to->path,
			       cell(n->map.data + at + 8), cell(n->map.data + at + 12));
		}
	}
}

int main(int argc, char **argv)
{
	FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (in == NULL || fread(blob, 1, sizeof(blob), in) < 40 || cell(blob) != 0xd00dfeed || !walk()) {
		fprintf(stderr, "topology: %s: not read\n", argc == 2 ? argv[1] : "no file");
		return 1;
	}
	fclose(in);
	for (size_t i = 0; i < node_count; i++) {
		const struct node *n = &nodes[i];
		const char *type = iommu_type(n), *unit = strrchr(n->path, '@');

		if (type != NULL) {
			printf("iommu %s %s 0x%s\n", n->path, type, unit == NULL ? "?" : unit + 1);
		}
		if (type != NULL && n->main.len >= 8) {
			printf("cache %s %s %u\n", n->path, by_phandle(cell(n->main.data))->path, cell(n->main.data + 4));
		}
		links_print(n);
		map_print(n);
	}
	return 0;
}
