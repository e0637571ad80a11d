// SPDX-License-Identifier: Apache-2.0
#include "unit/vsmmu/board.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/cpu.h"
#include "mm/stage2.h"
#include "models/model.h"
#include "unit/vsmmu/machine.h"

/* Pages of the tables: stage 2, and behind it the stream tables. */
#define STAGE2_PAGES 64
#define L1_PAGE 64       /* two pages: 1,024 groups of 64 */
#define MIXED_PAGE 66    /* group 0 */
#define GROUP_PAGE(d) (67 + (d)) /* groups that are all of a domain's */
#define LINEAR_PAGE 70

#define CMDQ_LOG2 8
#define EVTQ_LOG2 7
#define PA_BITS 48

/* .tables; and the hypervisor's own writable memory for the SMMUs. All of the hypervisor
 * is where this program has it: PA = address. */
_Alignas(65536) uint64_t __tables_start[BOARD_PAGES][512];
static _Alignas(4096) uint64_t cmdq[SMMUM_MAX][512], evtq[SMMUM_MAX][512];
static _Alignas(4096) uint64_t nested[NESTED_ALL][512];
/* What is seen of it by SMMUs that do not see the caches. */
static uint64_t device_tables[BOARD_PAGES][512];
static uint64_t device_cmdq[SMMUM_MAX][512], device_evtq[SMMUM_MAX][512], device_nested[NESTED_ALL][512];

static uint64_t pristine[BOARD_PAGES][512];
static bool written[BOARD_PAGES];
uint32_t machine_many = 0x4000;
bool machine_fast;

static const struct cpu_desc cpu_descs[] = {
	{.mpidr = 0, .domain = A, .vcpu = 0},
	{.mpidr = 1, .domain = B, .vcpu = 0},
	{.mpidr = 2, .domain = C, .vcpu = 0},
	{.mpidr = 3, .domain = A, .vcpu = 1},
};
static const uint8_t cpus_of[DOMAINS][2] = {{0, 3}, {1}, {2}};
static const struct mem_range ram_of_a[] = {{A_PA, A_SIZE}, {A_PA_MORE, A_SIZE_MORE}};
static const struct mem_range ram_of_b[] = {{B_PA, B_SIZE}};
static const struct mem_range ram_of_c[] = {{C_PA, C_SIZE}};
static struct vstream_desc vstreams_a[] = {
	{A_FEW, 16, 0, 0x00}, {A_GROUP, 64, 0, 0x40}, {A_OTHER, 8, 1, 0x08}, {A_MANY, 0x4000, 0, 0x4000}};
static const struct vstream_desc vstreams_b[] = {
	{B_FEW, 16, 0, 0x10}, {B_GROUP, 64, 0, 0x80}, {B_OTHER, 1, 1, 0x10}, {B_MANY, 128, 0, 0x8000}};
static struct stream_desc streams0[] = {
	{0x00, 16, A, 10, "nvme", "board.yaml"},    {0x10, 16, B, 11, "usb", "board.yaml"},
	{0x20, 4, C, 12, "eth", "board.yaml"},      {0x30, 1, OWNER_NONE, 13, "gpu", "board.yaml"},
	{0x40, 64, A, 14, "dma", "board.yaml"},     {0x80, 64, B, 15, "dma1", "board.yaml"},
	{0xc0, 64, C, 16, "dma2", "board.yaml"},    {0x4000, 0x4000, A, 17, "pci", "board.yaml"},
	{0x8000, 128, B, 18, "pci1", "board.yaml"},
};
static const struct stream_desc streams1[] = {
	{0x08, 8, A, 20, "can", "board.yaml"}, {0x10, 1, B, 21, "spi", "board.yaml"},
	{0x18, 1, C, 22, "i2c", "board.yaml"}, {0x20, 1, OWNER_NONE, 23, "hdmi", "board.yaml"},
};

struct vsmmu_desc machine_vsmmu[DOMAINS];
struct smmu_desc machine_smmus[SMMUM_MAX];

static struct domain_desc descs[DOMAINS] = {
	{.name = "a", .cpus = cpus_of[A], .cpu_count = 2, .ram = ram_of_a, .ram_count = 2,
	 .vsmmu = &machine_vsmmu[A]},
	{.name = "b", .cpus = cpus_of[B], .cpu_count = 1, .ram = ram_of_b, .ram_count = 1,
	 .vsmmu = &machine_vsmmu[B]},
	{.name = "c", .cpus = cpus_of[C], .cpu_count = 1, .ram = ram_of_c, .ram_count = 1},
};

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.cpu_count = ARRAY_SIZE(cpu_descs),
	.domain_count = DOMAINS,
	.cpus = cpu_descs,
	.domains = descs,
	.gic = {.timer = 26},
	.smmus = machine_smmus,
	.smmu_count = SMMUM_MAX,
};

uint8_t cpu_stacks[CPUS_MAX][CPU_STACK_SIZE];

static void map(struct stage2 *s2, uint64_t ipa, uint64_t pa, uint64_t size, uint64_t step)
{
	const struct stage2_attr attr = {STAGE2_NORMAL_WB, true, true};

	for (uint64_t at = 0; at < size; at += step) {
		if (stage2_map(s2, IPA(ipa + at), PA(pa + at), step, attr) != STAGE2_OK) {
			model_fail("no stage 2");
		}
	}
}

static void map_domain(uint32_t domain, struct stage2_pool *pool, bool pieces)
{
	struct stage2 s2;

	if (stage2_init(&s2, pool, 40) != STAGE2_OK) {
		model_fail("no stage 2");
	}
	switch (domain) {
	case A:
		map(&s2, RAM_IPA, A_PA, A_SIZE, pieces ? PAGE_SIZE : A_SIZE);
		map(&s2, RAM_IPA + A_SIZE, A_PA_MORE, A_SIZE_MORE, pieces ? PAGE_SIZE : A_SIZE_MORE);
		if (stage2_map(&s2, IPA(A_DEVICE), PA(A_DEVICE), PAGE_SIZE,
			       (struct stage2_attr){STAGE2_DEVICE_NGNRE, true, false}) != STAGE2_OK) {
			model_fail("no device");
		}
		break;
	case B:
		map(&s2, RAM_IPA, B_PA, B_SIZE, B_SIZE);
		break;
	default:
		map(&s2, C_PA, C_PA, C_SIZE, C_SIZE);
		break;
	}
	descs[domain].vttbr = stage2_vttbr(&s2, domain + 1);
	descs[domain].vtcr = stage2_vtcr(&s2, PA_BITS);
}

static void ste_make(uint64_t *ste, uint32_t domain)
{
	const struct domain_desc *d = &descs[domain];

	/* A domain with a virtual SMMU begins with abort. */
	ste[0] = 1 | (d->vsmmu != NULL ? 0u : 6u) << 1;
	ste[1] = UINT64_C(1) << 44;
	/* VTCR_EL2's T0SZ, SL0, IRGN0, ORGN0, SH0, TG0, PS lie in the same order in the STE. */
	ste[2] = (d->vttbr >> 48) | (d->vtcr & 0x7ffff) << 32 | BIT64(51) | BIT64(54) | BIT64(58);
	ste[3] = d->vttbr & GENMASK64(47, 4);
}

static uint64_t page_pa(uint32_t page)
{
	return (uint64_t)(uintptr_t)__tables_start[page];
}

static void make_streams(void)
{
	uint64_t *l1 = __tables_start[L1_PAGE];

	l1[0] = page_pa(MIXED_PAGE) | 7;
	for (uint32_t d = 0; d < DOMAINS; d++) {
		l1[1 + d] = page_pa(GROUP_PAGE(d)) | 7;
		for (uint32_t i = 0; i < 64; i++) {
			ste_make(&__tables_start[GROUP_PAGE(d)][8 * i], d);
		}
	}
	for (uint32_t i = 0x4000 / 64; i < (0x4000 + machine_many) / 64; i++) {
		l1[i] = l1[1 + A];
	}
	for (uint32_t i = 0x8000 / 64; i < 0x8080 / 64; i++) {
		l1[i] = l1[1 + B];
	}
	for (uint32_t i = 0; i < 0x24; i++) {
		ste_make(&__tables_start[MIXED_PAGE][8 * i], i / 16);
	}
	for (uint32_t i = 0; i < 8; i++) {
		ste_make(&__tables_start[LINEAR_PAGE][8 * (8 + i)], A);
	}
	ste_make(&__tables_start[LINEAR_PAGE][8 * 0x10], B);
	ste_make(&__tables_start[LINEAR_PAGE][8 * 0x18], C);
}

static void make_smmus(bool coherent)
{
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_smmus[n] = (struct smmu_desc){
			.name = n == 0 ? "smmu0" : "smmu1",
			.reg = {UINT64_C(0x09050000) + 0x20000 * n, 0x20000},
			.evtq_intid = 40 + 2 * n,
			.gerror_intid = 41 + 2 * n,
			.cmdq_log2 = CMDQ_LOG2,
			.evtq_log2 = EVTQ_LOG2,
			.strtab_base = page_pa(n == 0 ? L1_PAGE : LINEAR_PAGE) | BIT64(62),
			.strtab_cfg = n == 0 ? 16 | 6 << 6 | 1 << 16 : 6,
			.oas_pa_bits = PA_BITS,
			.cmdq = cmdq[n],
			.evtq = evtq[n],
			.streams = n == 0 ? streams0 : streams1,
			.stream_count = n == 0 ? ARRAY_SIZE(streams0) : ARRAY_SIZE(streams1),
			.coherent = coherent,
			.nested = n == 0 ? nested[0] : NULL,
			.nested_pages = n == 0 ? NESTED_ALL : 0,
		};
	}
}

static void make_vsmmus(bool pieces)
{
	for (uint32_t d = 0; d < C; d++) {
		machine_vsmmu[d] = (struct vsmmu_desc){
			.ipa = 0x10000000 * (d + 1),
			.streams = d == A ? vstreams_a : vstreams_b,
			.stream_count = 4,
			.sid_bits = SID_BITS,
			.cmdq_log2 = 19,
			.evtq_log2 = 19,
			.evtq_intid = EVTQ_SPI(d),
			.gerror_intid = GERROR_SPI(d),
			.sync_intid = SYNC_SPI(d),
			.pieces = pieces && d == A,
			.nested_groups = d == A ? NESTED_PAGES : NESTED_ALL - NESTED_PAGES,
		};
	}
}

static uint32_t page_of(uint64_t pa)
{
	return (uint32_t)((pa - page_pa(0)) / PAGE_SIZE);
}

static void protect(uint64_t page, uint64_t size, int how)
{
	if (!machine_fast && mprotect((void *)(uintptr_t)page, size, how) != 0) {
		model_fail("mprotect");
	}
}

void board_open(uint64_t page)
{
	written[page_of(page)] = true;
	protect(page, PAGE_SIZE, PROT_READ | PROT_WRITE);
}

void board_close(uint64_t page)
{
	protect(page, PAGE_SIZE, PROT_READ);
}

bool board_is_nested(uint64_t page)
{
	return page - (uint64_t)(uintptr_t)nested < sizeof(nested);
}

void board_prepare(bool coherent, bool pieces)
{
	struct stage2_pool pool = {.pages = __tables_start, .base = VA(page_pa(0)), .count = STAGE2_PAGES};

	vstreams_a[3].count = machine_many;
	streams0[7].count = machine_many;
	protect(page_pa(0), sizeof(__tables_start), PROT_READ | PROT_WRITE);
	memset(__tables_start, 0, sizeof(__tables_start));
	memset(written, true, sizeof(written));
	for (uint32_t d = 0; d < DOMAINS; d++) {
		map_domain(d, &pool, pieces);
	}
	make_vsmmus(pieces);
	make_streams();
	make_smmus(coherent);
	memcpy(pristine, __tables_start, sizeof(pristine));
}

void board_restore(void)
{
	for (uint32_t i = 0; i < BOARD_PAGES; i++) {
		if (written[i]) {
			protect(page_pa(i), PAGE_SIZE, PROT_READ | PROT_WRITE);
			memcpy(__tables_start[i], pristine[i], PAGE_SIZE);
			memcpy(device_tables[i], pristine[i], PAGE_SIZE);
			protect(page_pa(i), PAGE_SIZE, PROT_READ);
			written[i] = false;
		}
	}
	memset(nested, 0xff, sizeof(nested)); /* nobody has cleared it */
}

void board_add_ram(void)
{
	bool coherent = machine_smmus[0].coherent != 0;

	smmum_add_ram(page_pa(0), sizeof(__tables_start), __tables_start, coherent ? NULL : device_tables);
	smmum_add_ram((uint64_t)(uintptr_t)cmdq, sizeof(cmdq), cmdq, coherent ? NULL : device_cmdq);
	smmum_add_ram((uint64_t)(uintptr_t)evtq, sizeof(evtq), evtq, coherent ? NULL : device_evtq);
	smmum_add_ram((uint64_t)(uintptr_t)nested, sizeof(nested), nested, coherent ? NULL : device_nested);
}
