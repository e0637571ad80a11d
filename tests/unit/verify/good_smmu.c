// SPDX-License-Identifier: Apache-2.0
/* The SMMUs of board.yaml, by hand: dom0 has rtc, guest1 eth, under numbers of a virtual
 * SMMUv3 from 8 on, nobody off. */
#include <string.h>

#include "good.h"

#define STRTAB_RA (UINT64_C(1) << 62)
#define STE_W0	  UINT64_C(0xd)
#define STE_HELD  UINT64_C(0x1) /* of guest1, which has a virtual SMMUv3 */
#define STE_W1	  UINT64_C(0x0000100000000000)
#define STE_W2	  UINT64_C(0x044a355800000000) /* less VMID: geometry of good.c's VTCR */

static uint64_t *words_at(struct good *g, uint64_t pa)
{
	return g->tables[(pa - GOOD_TABLES) / PAGE_SIZE];
}

uint64_t *good_ste(struct good *g, int smmu, uint64_t id)
{
	uint64_t *top = words_at(g, g->rodata->smmus[smmu].strtab_base & GENMASK64(47, 12));

	if (smmu == 1) {
		return top + id * 8;
	}
	return words_at(g, top[id / 64] & GENMASK64(47, 12)) + id % 64 * 8;
}

static void give(struct good *g, int smmu, int stream, uint32_t domain, const char *device, uint32_t line)
{
	struct good_rodata *r = g->rodata;
	struct stream_desc *s = &r->streams[smmu][stream];

	s->domain = domain;
	s->line = line;
	s->device = device;
	s->file = good_target(g, r->stream_names[5]);
	for (uint64_t id = s->first; id < s->first + s->count && domain != OWNER_NONE; id++) {
		uint64_t *ste = good_ste(g, smmu, id);

		ste[0] = domain == 1 ? STE_HELD : STE_W0;
		ste[1] = STE_W1;
		ste[2] = STE_W2 | r->domains[domain].vttbr >> 48;
		ste[3] = r->domains[domain].vttbr & GENMASK64(47, 12);
	}
}

static struct smmu_desc describe(struct good *g, int n, uint64_t reg, uint64_t queues, uint32_t cmdq_log2)
{
	struct good_rodata *r = g->rodata;

	return (struct smmu_desc){.name = good_target(g, r->stream_names[n]),
				  .reg = {reg, 0x20000},
				  .cmdq_log2 = cmdq_log2,
				  .evtq_log2 = 4,
				  .oas_pa_bits = 40,
				  .cmdq = (uint64_t *)(uintptr_t)queues,
				  .evtq = (uint64_t *)(uintptr_t)(queues + 0x200),
				  .streams = good_target(g, r->streams[n])};
}

void good_build_smmus(struct good *g, uint64_t pages)
{
	static const char *const names[] = {"smmu0", "smmu1", "rtc", "eth", "off", "x/board.yaml"};
	struct good_rodata *r = g->rodata;
	const char *rtc = good_target(g, r->stream_names[2]), *eth = good_target(g, r->stream_names[3]);

	for (int i = 0; i < 6; i++) {
		strcpy(r->stream_names[i], names[i]);
	}
	r->smmus[0] = describe(g, 0, 0x0e000000, GOOD_BSS, 4);
	r->smmus[1] = describe(g, 1, 0x0e040000, GOOD_BSS + 0x400, 5);
	r->smmus[0].evtq_intid = 62;
	r->smmus[0].gerror_intid = 63;
	r->smmus[0].coherent = 1;
	r->smmus[0].strtab_base = STRTAB_RA | pages;
	r->smmus[0].strtab_cfg = 1 << 16 | 6 << 6 | 10;
	r->smmus[1].strtab_base = STRTAB_RA | (pages + 3 * PAGE_SIZE);
	r->smmus[1].strtab_cfg = 6;
	words_at(g, pages)[0] = (pages + PAGE_SIZE) | 7;
	words_at(g, pages)[1] = (pages + 2 * PAGE_SIZE) | 7;
	r->streams[0][0] = (struct stream_desc){.first = 0x10, .count = 4};
	r->streams[0][1] = (struct stream_desc){.first = 0x41, .count = 1};
	r->streams[0][2] = (struct stream_desc){.first = 0x200, .count = 16};
	r->streams[1][0] = (struct stream_desc){.first = 3, .count = 1};
	r->streams[1][1] = (struct stream_desc){.first = 32, .count = 32};
	r->smmus[0].nested = (uint64_t *)(uintptr_t)GOOD_NESTED;
	r->smmus[0].nested_pages = 2;
	r->vstreams[0] = (struct vstream_desc){.virt = 8, .count = 4, .smmu = 0, .first = 0x10};
	r->vstreams[1] = (struct vstream_desc){.virt = 12, .count = 32, .smmu = 1, .first = 32};
	r->windows[1][3] = (struct trap_window){.ipa = 0x0f000000, .size = 0x20000, .kind = WINDOW_VSMMUV3};
	r->windows[1][4] = (struct trap_window){.ipa = 0x0f100000, .size = 0x1000, .kind = WINDOW_CONTROL};
	r->windows[1][5] = (struct trap_window){
		.ipa = 0x0f120000, .size = 0x20000, .kind = WINDOW_WATCHDOG, .intid = 55};
	r->domains[1].flags = DOMAIN_CONTROL;
	r->domains[1].window_count = 6;
	r->domains[1].virq_mask[1] |= BIT32(21) | BIT32(22) | BIT32(23);
	r->domains[1].irq_edge[1] |= BIT32(21) | BIT32(22);
	r->domains[1].vsmmu = good_target(g, &r->vsmmu);
	r->vsmmu = (struct vsmmu_desc){.ipa = 0x0f000000,
				       .streams = good_target(g, r->vstreams),
				       .stream_count = 2,
				       .sid_bits = 6,
				       .cmdq_log2 = 8,
				       .evtq_log2 = 7,
				       .evtq_intid = 53,
				       .gerror_intid = 54,
				       .pieces = 0,
				       .nested_groups = 2};
	r->smmus[0].stream_count = 3;
	r->smmus[1].stream_count = 2;
	give(g, 0, 0, 1, eth, GOOD_LINE_ETH);
	give(g, 0, 1, 0, rtc, GOOD_LINE_RTC);
	give(g, 0, 2, OWNER_NONE, good_target(g, r->stream_names[4]), GOOD_LINE_OFF);
	give(g, 1, 0, 0, rtc, GOOD_LINE_RTC);
	give(g, 1, 1, 1, eth, GOOD_LINE_ETH);
	r->board.smmus = good_target(g, r->smmus);
	r->board.smmu_count = 2;
}
