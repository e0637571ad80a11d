/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole hv.elf for board.yaml and system.yaml of this folder, built in memory
 * by hand: what a right generator and linker would make of them. Tests break it.
 */
#ifndef TESTS_UNIT_VERIFY_GOOD_H
#define TESTS_UNIT_VERIFY_GOOD_H

#include "tables.h"

#define GOOD_BASE UINT64_C(0x40200000)
#define GOOD_SIZE UINT64_C(0x100000)
#define GOOD_BSS (GOOD_BASE + 0x9000)
#define GOOD_NESTED (GOOD_BSS + 0x1000) /* two pages of smmu0 */
#define GOOD_STORE (GOOD_BASE + GOOD_SIZE)
#define GOOD_GUEST_RAM UINT64_C(0x43000000) /* where "the plan" put guest1's RAM */
#define GOOD_GUEST_SIZE UINT64_C(0x800000)
#define GOOD_RING UINT64_C(0x43efe000) /* and the memory that both share */
#define GOOD_RING_SIZE UINT64_C(0x2000)
#define GOOD_TABLE_PAGES 56
#define GOOD_TABLES (GOOD_BASE + GOOD_SIZE - GOOD_TABLE_PAGES * PAGE_SIZE)
#define GOOD_WINDOW_VA UINT64_C(0x80000000)

/* What section .rodata holds; addresses inside are the target's. */
struct good_rodata {
	struct board_tables board;
	struct domain_desc domains[2];
	struct cpu_desc cpus[2];
	struct trap_window windows[2][7];
	struct mem_range ram[2][4];
	struct mem_range handover[2]; /* of dom0: fb, rom */
	struct payload_piece pieces[1];
	uint32_t smc[2];
	uint8_t vcpus[2][1];
	uint8_t spi_owner[64];
	uint8_t dtb[2][2048] __attribute__((aligned(8)));
	char names[3][8];
	struct smmu_desc smmus[2];
	struct stream_desc streams[2][3];
	struct vsmmu_desc vsmmu; /* of guest1 */
	struct vstream_desc vstreams[2];
	struct reset_list reset_lists[2];
	struct reset_step resets[4]; /* of guest1 */
	char reset_names[2][8];
	struct mem_range shared;
	struct doorbell_desc doorbell;
	char stream_names[6][16]; /* smmu0, smmu1, rtc, eth, off, board.yaml */
	struct ipmmu_desc ipmmu;
	struct ipmmu_unit_desc units[2];
	struct ipmmu_context_desc contexts[3];
	struct stream_desc masters[2][3];
	char unit_names[3][8]; /* mm, vp, rom */
};

struct good {
	uint8_t *file;
	uint64_t size;
	struct good_rodata *rodata; /* inside file */
	uint64_t (*tables)[512];    /* inside file: GOOD_TABLE_PAGES of them */
	uint8_t *image; /* hv.img */
	uint64_t image_size;
	uint64_t runs_end; /* in it: behind the packed tables; then the store */
};

#define ATTR_S2_RAM UINT64_C(0x7fd)              /* WB, read, write, inner shareable, AF, valid */
#define ATTR_S2_MMIO UINT64_C(0x00400000000004cd) /* GRE, read, write, XN */

/* good_smmu.c: the stream tables of both SMMUs, the first of two levels, at `pages`:
 * GOOD_STREAM_PAGES pages of the tables. Needs the domains' vttbr and vtcr. */
#define GOOD_STREAM_PAGES 4
/* Lines of board.yaml that link these devices. */
#define GOOD_LINE_RTC 53
#define GOOD_LINE_ETH 57
#define GOOD_LINE_ROM 71
#define GOOD_LINE_OFF 79
void good_build_resets(struct good *g);
void good_build_smmus(struct good *g, uint64_t pages);
/* good_ipmmu.c: the IPMMUs, `nothing` being two pages of the tables. */
void good_build_ipmmu(struct good *g, uint64_t nothing);
/* Where what is in rodata lies in the target. */
const void *good_target(const struct good *g, const void *p);
/* The entry of a stream ID. */
uint64_t *good_ste(struct good *g, int smmu, uint64_t id);
void good_build(struct good *g);
void good_free(struct good *g);
/* The descriptor of `ipa` in a domain's tables, at the level it is mapped. */
uint64_t *good_leaf(struct good *g, int domain, uint64_t ipa);
/* The same in the hypervisor's map. */
uint64_t *good_el2_leaf(struct good *g, uint64_t va);

#endif
