// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/mmu.h"

#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/ram.h"

#define GIBS_VA 512u /* 39 bits: one table of level 1 */
#define GIBS_PA 1024u /* 40 bits */

/* Blocks of 1 GiB (Arm ARM D8.3; with FEAT_RME bit 11 is NSE, bit 5 NS). */
#define BLOCK_ROOT_DEVICE (BIT64(54) | 0xc41)
#define BLOCK_ROOT_NORMAL UINT64_C(0xf45)
#define BLOCK_NS_DEVICE (BIT64(54) | 0x461)
#define BLOCK_NS_NORMAL (BIT64(54) | 0x765)

#define MAIR UINT64_C(0xff04) /* 0: Device-nGnRE, 1: write-back */
#define TCR (BIT64(31) | BIT64(23) | UINT64_C(2) << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 25)
#define SCTLR UINT64_C(0x30c51835) /* RES1, MMU and caches on */

/* Granule protection (D9): who may see a granule of 64 KiB, or a whole GiB. */
#define GPI_ROOT UINT64_C(0xa)
#define GPI_NS UINT64_C(0x9)
#define GPI_ALL UINT64_C(0xf)
#define GPT_BLOCK(gpi) ((gpi) << 4 | 1)
#define GPT_TABLE 3
#define GPT_GRANULE 0x10000u
#define GPCCR (BIT64(16) | BIT64(14) | UINT64_C(3) << 12 | 1 << 10 | 1 << 8 | 2)

#define GIB_GRANULES (GIB(1) / GPT_GRANULE)

static uint64_t mmu_table[GIBS_VA] __attribute__((aligned(4096)));
static uint64_t gpt[GIBS_PA] __attribute__((aligned(8192)));
static uint64_t gpt_low[2][GIB_GRANULES / 16] __attribute__((aligned(8192)));

static void gpt_set(uint64_t start, uint64_t end, uint64_t gpi)
{
	for (uint64_t pa = start; pa < end; pa += GPT_GRANULE) {
		uint64_t *word = &gpt_low[pa / GIB(1)][pa % GIB(1) / GPT_GRANULE / 16];
		uint32_t shift = pa / GPT_GRANULE % 16 * 4;

		*word = (*word & ~(UINT64_C(15) << shift)) | gpi << shift;
	}
}

/* Of what is QEMU's nothing is seen from below EL3, and of the board's all but RAM traps. EL3 itself
 * goes to the GIC as either world. */
static void gpt_build(void)
{
	for (uint32_t i = 0; i < GIBS_PA; i++) {
		gpt[i] = GPT_BLOCK(GPI_ROOT);
	}
	gpt[0] = (uint64_t)gpt_low[0] | GPT_TABLE;
	gpt[1] = (uint64_t)gpt_low[1] | GPT_TABLE;
	gpt_set(0, GIB(2), GPI_ROOT);
	gpt_set(QEMU_GICD, QEMU_GIC_END, GPI_ALL);
	for (uint32_t i = 0; i < ram_bank_count; i++) {
		if (ram_banks[i].base < GIB(2)) {
			gpt_set(ram_banks[i].base, ram_banks[i].base + ram_banks[i].size, GPI_NS);
		} else {
			gpt[ram_banks[i].base / GIB(1)] = GPT_BLOCK(GPI_NS);
		}
	}
}

void mmu_build(void)
{
	uint64_t *ns = &mmu_table[NONSECURE / GIB(1)];

	mmu_table[0] = BLOCK_ROOT_DEVICE;
	mmu_table[1] = GIB(1) | BLOCK_ROOT_NORMAL;
	ns[0] = BLOCK_NS_DEVICE;
	for (uint32_t i = 0; i < ram_bank_count; i++) {
		ns[ram_banks[i].base / GIB(1)] = ALIGN_DOWN(ram_banks[i].base, GIB(1)) | BLOCK_NS_NORMAL;
	}
	gpt_build();
	CPU_DO("dsb sy");
}

void mmu_on(void)
{
	CPU_WRITE(s3_6_c2_c1_4, (uint64_t)gpt >> 12); /* GPTBR_EL3 */
	CPU_WRITE(s3_6_c2_c1_6, GPCCR);               /* GPCCR_EL3 */
	CPU_DO("isb\n\t.inst 0xd50e879f\n\tdsb sy\n\tisb"); /* TLBI PAALL */
	CPU_WRITE(mair_el3, MAIR);
	CPU_WRITE(tcr_el3, TCR);
	CPU_WRITE(ttbr0_el3, mmu_table);
	CPU_DO("dsb sy\n\ttlbi alle3\n\tdsb sy\n\tisb");
	CPU_WRITE(sctlr_el3, SCTLR);
	CPU_DO("isb");
}
