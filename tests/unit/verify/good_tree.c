// SPDX-License-Identifier: Apache-2.0
/* The domains' device trees: a node for each trap window, RAM, and a device. */
#include <assert.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "good_priv.h"

static void put_reg(void *fdt, const uint64_t *pairs, size_t count)
{
	fdt64_t cells[4];

	for (size_t i = 0; i < 2 * count; i++) {
		cells[i] = cpu_to_fdt64(pairs[i]);
	}
	assert(fdt_property(fdt, "reg", cells, (int)(16 * count)) == 0);
}

static void put_node(void *fdt, const char *name, const char *compatible, const uint64_t *pairs, size_t count)
{
	char full[32];

	snprintf(full, sizeof(full), "%s@%" PRIx64, name, pairs[0]);
	assert(fdt_begin_node(fdt, full) == 0);
	assert(compatible == NULL ||
	       fdt_property(fdt, "compatible", compatible, (int)strlen(compatible) + 1) == 0);
	put_reg(fdt, pairs, count);
	if (strcmp(name, "iommu") == 0) {
		assert(fdt_property(fdt, "status", "okay\0\0\0\0", 9) == 0);
	}
	assert(fdt_end_node(fdt) == 0);
}

/* The GIC's two windows are one node. */
static void put_window(void *fdt, const struct trap_window *w)
{
	const uint64_t gic[] = {0x08000000, 0x10000, 0x080a0000, 0x40000};
	const uint64_t dog[] = {w->ipa, 0x1000, w->ipa + 0x10000, 0x1000};
	const uint64_t plain[] = {w->ipa, w->size};

	switch (w->kind) {
	case WINDOW_GICD:
		put_node(fdt, "intc", "arm,gic-v3", gic, 2);
		break;
	case WINDOW_VPL011:
		put_node(fdt, "serial", "arm,pl011", plain, 1);
		break;
	case WINDOW_VSMMUV3:
		put_node(fdt, "iommu", "arm,smmu-v3", plain, 1);
		break;
	case WINDOW_CONTROL:
		put_node(fdt, "control", "bulkhead,control", plain, 1);
		break;
	case WINDOW_WATCHDOG:
		put_node(fdt, "watchdog", "arm,sbsa-gwdt", dog, 2);
		break;
	case WINDOW_PL061:
		put_node(fdt, "gpio", "arm,pl061", plain, 1);
		break;
	default:
		break;
	}
}

void good_build_trees(struct good *g)
{
	static const uint64_t ram[2][2] = {{0x40000000, 0x200000}, {0x40000000, GOOD_GUEST_SIZE}};
	static const uint64_t device[2][2] = {{0x09010000, 0x1000}, {0x0a000000, 0x80}};
	struct good_rodata *r = g->rodata;

	for (int i = 0; i < 2; i++) {
		void *fdt = r->dtb[i];
		int length;

		assert(fdt_create(fdt, sizeof(r->dtb[i])) == 0 && fdt_finish_reservemap(fdt) == 0);
		assert(fdt_begin_node(fdt, "") == 0);
		assert(fdt_property_u32(fdt, "#address-cells", 2) == 0 && fdt_property_u32(fdt, "#size-cells", 2) == 0);
		put_node(fdt, "memory", NULL, ram[i], 1);
		for (uint32_t n = 0; n < r->domains[i].window_count; n++) {
			put_window(fdt, &r->windows[i][n]);
		}
		put_node(fdt, "device", "acme,device", device[i], 1);
		assert(fdt_end_node(fdt) == 0 && fdt_finish(fdt) == 0);
		int node = fdt_node_offset_by_compatible(fdt, -1, "arm,smmu-v3");
		if (node >= 0) {
			const char *status = fdt_getprop(fdt, node, "status", &length);
			r->vsmmu.dtb_status = (uint32_t)(status - (const char *)fdt);
		}
	}
}
