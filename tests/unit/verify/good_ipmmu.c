// SPDX-License-Identifier: Apache-2.0
/* The IPMMUs of board.yaml, by hand: dom0 has rom, guest1 eth, nobody off. */
#include <string.h>

#include "good.h"

#define BADDR GENMASK64(47, 12)

static struct stream_desc master(const struct good *g, uint32_t first, uint32_t count, uint32_t domain,
				 uint32_t line, const char *device)
{
	return (struct stream_desc){.first = first, .count = count, .domain = domain, .line = line,
				    .device = good_target(g, device),
				    .file = good_target(g, g->rodata->stream_names[5])};
}

void good_build_ipmmu(struct good *g, uint64_t nothing)
{
	struct good_rodata *r = g->rodata;

	strcpy(r->unit_names[0], "mm");
	strcpy(r->unit_names[1], "vp");
	strcpy(r->unit_names[2], "rom");
	r->masters[0][0] = master(g, 7, 1, 0, GOOD_LINE_ROM, r->unit_names[2]);
	r->masters[1][0] = master(g, 1, 1, OWNER_NONE, GOOD_LINE_OFF, r->stream_names[4]);
	r->masters[1][1] = master(g, 3, 2, 0, GOOD_LINE_ROM, r->unit_names[2]);
	r->masters[1][2] = master(g, 40, 1, 1, GOOD_LINE_ETH, r->stream_names[3]);
	r->units[0] = (struct ipmmu_unit_desc){.name = good_target(g, r->unit_names[0]), .reg = 0x0e100000,
					       .masters = good_target(g, r->masters[0]), .master_count = 1,
					       .utlbs = 8};
	r->units[1] = (struct ipmmu_unit_desc){.name = good_target(g, r->unit_names[1]), .reg = 0x0e101000,
					       .masters = good_target(g, r->masters[1]), .master_count = 3,
					       .utlbs = 48, .power = 0xe6180340};
	r->contexts[0] = (struct ipmmu_context_desc){.table = nothing, .domain = OWNER_NONE};
	for (uint32_t i = 0; i < 2; i++) {
		r->contexts[1 + i] = (struct ipmmu_context_desc){.table = r->domains[i].vttbr & BADDR, .domain = i};
	}
	r->ipmmu = (struct ipmmu_desc){.units = good_target(g, r->units), .unit_count = 2,
				       .contexts = good_target(g, r->contexts), .context_count = 3,
				       .ttbcr = 0xc0000058, .intid = 72,
				       .prr = 0xfff00044, .product = 0x4f00, .cut_min = 0x20};
	r->board.ipmmu = good_target(g, &r->ipmmu);
}
