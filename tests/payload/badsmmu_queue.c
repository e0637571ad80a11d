/* SPDX-License-Identifier: Apache-2.0 */
/* Registers and queue positions that no driver would think of. */
#include "badsmmu.h"
#include "rt/trap.h"

#define FLOOD (UINT32_C(1) << 19)

/* Every register of both pages, and some of what is reserved behind them, at every size. */
static void registers_write(uint32_t odd)
{
	for (uint64_t offset = 0; offset < SMMU_SIZE; offset += (offset & 0xffff) < 0x200 ? 4 : 0xdfc) {
		uint64_t at = smmu_base + offset + odd;
		uint64_t value = badsmmu_random64();

		trap_arm();
		mmio_write8(at, (uint8_t)value);
		mmio_write32(at, (uint32_t)value);
		mmio_write64(at, value);
		(void)mmio_read8(at);
		(void)mmio_read32(at);
		(void)mmio_read64(at);
		(void)trap_disarm();
	}
}

void badsmmu_registers(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		registers_write(0);
		badsmmu_prove_works("registers-of-random");
	}
	registers_write(3);
	badsmmu_prove_works("registers-between");
}

/* PROD and CONS anywhere, with whatever is in the queue. */
void badsmmu_positions(void)
{
	for (uint32_t i = 0; i < 400; i++) {
		for (uint32_t n = 0; n < SMMU_CMDS; n++) {
			smmu_cmdq[n][0] = badsmmu_random64();
			smmu_cmdq[n][1] = badsmmu_random64();
			if (badsmmu_random() % 4 != 0) {
				smmu_cmdq[n][0] = (smmu_cmdq[n][0] & ~UINT64_C(0xff)) | CMD_TLBI_NH_ALL;
			}
		}
		mmio_write32(smmu_base + SMMU_CMDQ_PROD, badsmmu_random());
		mmio_write32(smmu_base + SMMU_CMDQ_CONS, badsmmu_random());
		mmio_write32(smmu_base + SMMU_EVTQ_PROD, badsmmu_random());
		mmio_write32(smmu_base + SMMU_EVTQ_CONS, badsmmu_random());
		if (i % 3 == 0) {
			smmu_acknowledge();
		}
		if (i % 7 == 0) {
			mmio_write32(smmu_base + SMMU_CR0, badsmmu_random());
		}
		if (i % 50 == 0) {
			smmu_start();
		}
	}
	badsmmu_prove_works("positions");
	/* Full and over-full. */
	for (uint32_t n = 0; n < SMMU_CMDS; n++) {
		smmu_cmdq[n][0] = CMD_TLBI_NH_ALL;
		smmu_cmdq[n][1] = 0;
	}
	arch_dsb();
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, mmio_read32(smmu_base + SMMU_CMDQ_CONS) ^ SMMU_CMDS);
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, mmio_read32(smmu_base + SMMU_CMDQ_CONS) + SMMU_CMDS + 17);
	badsmmu_prove_works("over-full");
}

void badsmmu_flood(void)
{
	bool good = smmu_start();

	for (uint32_t i = 0; i < FLOOD && good; i++) {
		good = i % 64 != 63 ? smmu_command(CMD_TLBI_NH_VA | (uint64_t)SMMU_ASID << 48, IOVA(i % 512) | 1) :
		       i % 128 != 127 ? smmu_command(CMD_SYNC, 0)
				      : smmu_command(CMD_CFGI_STE | (uint64_t)SMMU_SID << 32, 1);
	}
	check_that(good && smmu_sync(), "flood", "PROD %x CONS %x", mmio_read32(smmu_base + SMMU_CMDQ_PROD),
		   mmio_read32(smmu_base + SMMU_CMDQ_CONS));
	badsmmu_prove_works("flood-works");
}
