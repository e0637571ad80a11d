/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 1 with 4 KiB granules, 39 bits of address from level 1: IHI 0070 5.4, DDI 0487 D8.3. */
#include "smmu.h"

#include "rt/fdt.h"

#define POLLS 20000u
#define ENTRIES 512u
#define TABLE 3u
/* Valid, AP[1], inner shareable, AF, nG; level 3. */
#define PAGE_RW UINT64_C(0xf43)
#define PAGE_READ_ONLY BIT(7)
/* V, T0SZ 25, write-back inner shareable, EPD1, IPS 44 bits, AA64, R, A, ASET. */
#define CD_WORD0 UINT64_C(0x0000e204c0003519)
#define CR1_WRITE_BACK 0xd75u


uint64_t smmu_base;
uint32_t smmu_evtq_intid;
uint64_t smmu_strtab[SMMU_SIDS][8] __attribute__((aligned(SMMU_SIDS * 64)));
uint64_t smmu_cmdq[SMMU_CMDS][2] __attribute__((aligned(SMMU_CMDS * 16)));
uint64_t smmu_evtq[SMMU_EVENTS][4] __attribute__((aligned(SMMU_EVENTS * 32)));
uint64_t smmu_cd[8] __attribute__((aligned(64)));
static uint64_t levels[3][ENTRIES] __attribute__((aligned(4096)));
static uint32_t prod;

bool smmu_find(void)
{
	struct fdt_node node;

	if (!fdt_find(machine.dtb, "arm,smmu-v3", &node, &smmu_base)) {
		return false;
	}
	smmu_evtq_intid = 32 + fdt_cell(&node.interrupts, 1);
	return true;
}

/* Until (register & mask) == want. */
static bool wait_for(uint64_t offset, uint32_t mask, uint32_t want)
{
	for (uint32_t i = 0; i < POLLS; i++) {
		if ((mmio_read32(smmu_base + offset) & mask) == want) {
			return true;
		}
	}
	return false;
}

bool smmu_set_cr0(uint32_t value)
{
	mmio_write32(smmu_base + SMMU_CR0, value);
	return wait_for(SMMU_CR0ACK, CR0_SMMUEN | CR0_EVTQEN | CR0_CMDQEN, value);
}

uint32_t smmu_acknowledge(void)
{
	uint32_t gerror = mmio_read32(smmu_base + SMMU_GERROR);
	uint32_t active = gerror ^ mmio_read32(smmu_base + SMMU_GERRORN);

	mmio_write32(smmu_base + SMMU_GERRORN, gerror);
	return active;
}

bool smmu_stop(void)
{
	bool off = smmu_set_cr0(0);

	smmu_acknowledge();
	mmio_write32(smmu_base + SMMU_GBPA, GBPA_UPDATE | GBPA_ABORT);
	return wait_for(SMMU_GBPA, GBPA_UPDATE | GBPA_ABORT, GBPA_ABORT) && off;
}

static void clear(uint64_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		words[i] = 0;
	}
}

/* One context; the IOVAs of smmu_map() are one level-3 table. */
static void tables_make(void)
{
	clear(&smmu_strtab[0][0], sizeof(smmu_strtab) / 8);
	clear(&levels[0][0], sizeof(levels) / 8);
	clear(smmu_cd, 8);
	levels[0][SMMU_IOVA >> 30] = (uintptr_t)levels[1] | TABLE;
	levels[1][SMMU_IOVA >> 21 & (ENTRIES - 1)] = (uintptr_t)levels[2] | TABLE;
	smmu_cd[0] = CD_WORD0 | (uint64_t)SMMU_ASID << 48;
	smmu_cd[1] = (uintptr_t)levels[0];
	smmu_cd[3] = 0xff;
	smmu_strtab[SMMU_SID][0] = STE_WORD0(STE_S1) | (uintptr_t)smmu_cd;
	smmu_strtab[SMMU_SID][1] = UINT64_C(0x1) << 44 | 0xd4;
}

bool smmu_start(void)
{
	bool good = smmu_stop();

	tables_make();
	prod = 0;
	mmio_write32(smmu_base + SMMU_CR1, CR1_WRITE_BACK);
	mmio_write32(smmu_base + SMMU_CR2, 0);
	mmio_write64(smmu_base + SMMU_STRTAB_BASE, (uintptr_t)smmu_strtab);
	mmio_write32(smmu_base + SMMU_STRTAB_CFG, 9);
	mmio_write64(smmu_base + SMMU_CMDQ_BASE, (uintptr_t)smmu_cmdq | 8);
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, 0);
	mmio_write32(smmu_base + SMMU_CMDQ_CONS, 0);
	mmio_write64(smmu_base + SMMU_EVTQ_BASE, (uintptr_t)smmu_evtq | 7);
	mmio_write32(smmu_base + SMMU_EVTQ_PROD, 0);
	mmio_write32(smmu_base + SMMU_EVTQ_CONS, 0);
	mmio_write32(smmu_base + SMMU_IRQ_CTRL, 0);
	arch_dsb();
	good = smmu_set_cr0(CR0_CMDQEN) && good;
	good = smmu_command(CMD_CFGI_ALL, 31) && smmu_command(CMD_TLBI_NSNH_ALL, 0) && smmu_sync() && good;
	return smmu_set_cr0(CR0_CMDQEN | CR0_EVTQEN) && smmu_set_cr0(CR0_ALL) && good;
}

bool smmu_set_table(uint64_t base, uint32_t cfg, uint32_t cr2)
{
	bool off = smmu_set_cr0(CR0_CMDQEN | CR0_EVTQEN);

	mmio_write64(smmu_base + SMMU_STRTAB_BASE, base);
	mmio_write32(smmu_base + SMMU_STRTAB_CFG, cfg);
	mmio_write32(smmu_base + SMMU_CR2, cr2);
	arch_dsb();
	return smmu_set_cr0(CR0_ALL) && off;
}

void smmu_map(uint32_t index, uint64_t page, bool write)
{
	levels[2][index] = page == SMMU_NO_PAGE ? 0 : page | PAGE_RW | (write ? 0 : PAGE_READ_ONLY);
	arch_dsb();
}

/* Wrapped positions are 9 bits: 8 and the wrap bit. */
static bool is_full(void)
{
	uint32_t cons = mmio_read32(smmu_base + SMMU_CMDQ_CONS);

	return ((prod ^ cons) & (2 * SMMU_CMDS - 1)) == SMMU_CMDS;
}

void smmu_queue(uint64_t w0, uint64_t w1)
{
	smmu_cmdq[prod % SMMU_CMDS][0] = w0;
	smmu_cmdq[prod % SMMU_CMDS][1] = w1;
	prod = (prod + 1) & (2 * SMMU_CMDS - 1);
}

void smmu_tell(void)
{
	arch_dsb();
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, prod);
}

bool smmu_command(uint64_t w0, uint64_t w1)
{
	for (uint32_t i = 0; is_full(); i++) {
		if (i == POLLS || CERROR(mmio_read32(smmu_base + SMMU_CMDQ_CONS)) != 0) {
			return false;
		}
	}
	smmu_queue(w0, w1);
	smmu_tell();
	return true;
}

bool smmu_sync(void)
{
	bool queued = smmu_command(CMD_SYNC, 0);

	for (uint32_t i = 0; queued && i < POLLS; i++) {
		uint32_t cons = mmio_read32(smmu_base + SMMU_CMDQ_CONS);

		if (CERROR(cons) != 0) {
			return false;
		}
		if (((cons ^ prod) & (2 * SMMU_CMDS - 1)) == 0) {
			return true;
		}
	}
	return false;
}

bool smmu_is_idle(void)
{
	return ((mmio_read32(smmu_base + SMMU_CMDQ_CONS) ^ prod) & (2 * SMMU_CMDS - 1)) == 0;
}

uint32_t smmu_skip(void)
{
	uint32_t cons = mmio_read32(smmu_base + SMMU_CMDQ_CONS);

	if (((mmio_read32(smmu_base + SMMU_GERROR) ^ mmio_read32(smmu_base + SMMU_GERRORN)) & GERROR_CMDQ) == 0) {
		return 0;
	}
	smmu_cmdq[cons % SMMU_CMDS][0] = CMD_SYNC;
	smmu_cmdq[cons % SMMU_CMDS][1] = 0;
	arch_dsb();
	smmu_acknowledge();
	return wait_for(SMMU_CMDQ_CONS, 2 * SMMU_CMDS - 1, prod) ? (uint32_t)CERROR(cons) : 0;
}

bool smmu_stands_at(uint64_t w0, uint64_t w1)
{
	uint32_t cons = mmio_read32(smmu_base + SMMU_CMDQ_CONS);

	return smmu_cmdq[cons % SMMU_CMDS][0] == w0 && smmu_cmdq[cons % SMMU_CMDS][1] == w1;
}

bool smmu_set_ste(uint64_t w0, uint64_t w1)
{
	smmu_strtab[SMMU_SID][1] = w1;
	smmu_strtab[SMMU_SID][0] = w0;
	arch_dsb();
	return smmu_command(CMD_CFGI_STE | (uint64_t)SMMU_SID << 32, 1) && smmu_command(CMD_TLBI_NSNH_ALL, 0) &&
	       smmu_sync();
}

bool smmu_event(uint64_t w[4])
{
	uint32_t cons = mmio_read32(smmu_base + SMMU_EVTQ_CONS);
	uint32_t here = mmio_read32(smmu_base + SMMU_EVTQ_PROD);
	uint32_t mask = 2 * SMMU_EVENTS - 1;

	if (((here ^ cons) & mask) == 0) {
		return false;
	}
	arch_dsb();
	for (uint32_t i = 0; i < 4; i++) {
		w[i] = smmu_evtq[cons % SMMU_EVENTS][i];
	}
	mmio_write32(smmu_base + SMMU_EVTQ_CONS, (here & (uint32_t)BIT(31)) | ((cons + 1) & mask));
	return true;
}
