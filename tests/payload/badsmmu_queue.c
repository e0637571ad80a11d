/* SPDX-License-Identifier: Apache-2.0 */
/* Registers, commands and queue positions that no driver would think of. */
#include "badsmmu.h"
#include "rt/trap.h"

#define OPCODES 256u
#define OPERANDS 32u
#define FLOOD (UINT32_C(1) << 19)

static uint64_t random64(void)
{
	return (uint64_t)badsmmu_random() << 32 | badsmmu_random();
}

/* Every register of both pages, and some of what is reserved behind them, at every size. */
static void registers_write(uint32_t odd)
{
	for (uint64_t offset = 0; offset < SMMU_SIZE; offset += (offset & 0xffff) < 0x200 ? 4 : 0xdfc) {
		uint64_t at = smmu_base + offset + odd;
		uint64_t value = random64();

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
	/* Bases and sizes stay what they were while they are in use. */
	mmio_write64(smmu_base + SMMU_CMDQ_BASE, ~UINT64_C(0));
	mmio_write64(smmu_base + SMMU_EVTQ_BASE, ~UINT64_C(0));
	mmio_write64(smmu_base + SMMU_STRTAB_BASE, ~UINT64_C(0));
	mmio_write32(smmu_base + SMMU_STRTAB_CFG, ~0u);
	check_that(mmio_read64(smmu_base + SMMU_CMDQ_BASE) == ((uintptr_t)smmu_cmdq | 8) &&
		   mmio_read64(smmu_base + SMMU_STRTAB_BASE) == (uintptr_t)smmu_strtab &&
		   mmio_read32(smmu_base + SMMU_STRTAB_CFG) == 9, "bases-in-use", "%lx %lx",
		   mmio_read64(smmu_base + SMMU_CMDQ_BASE), mmio_read64(smmu_base + SMMU_STRTAB_BASE));
	badsmmu_prove_works("bases-in-use-works");
}

/* What a stage-1 guest may say: all else must end in CERROR_ILL. */
static bool is_offered(uint32_t opcode)
{
	switch (opcode) {
	case 0x01: /* PREFETCH */
	case 0x02:
	case 0x03: /* CFGI */
	case 0x04:
	case 0x05:
	case 0x06:
	case 0x10: /* TLBI_NH */
	case 0x11:
	case 0x12:
	case 0x13:
	case 0x30: /* TLBI_NSNH_ALL */
	case 0x46: /* SYNC */
		return true;
	default:
		return false;
	}
}

/* One command, and what became of it: 0 done, or its CERROR; ~0: neither. */
static uint32_t command_try(uint64_t w0, uint64_t w1)
{
	uint32_t error;

	if (smmu_command(w0, w1) && smmu_sync()) {
		return 0;
	}
	error = smmu_skip();
	return error != 0 ? error : ~0u;
}

static void commands_all(bool plain)
{
	uint32_t ill = 0, done = 0, wrong = 0;

	for (uint32_t opcode = 0; opcode < OPCODES; opcode++) {
		for (uint32_t i = 0; i < (plain ? 1 : OPERANDS); i++) {
			uint64_t w0 = opcode | (plain ? 0 : random64() & ~UINT64_C(0xff));
			uint32_t end = command_try(w0, plain ? 0 : random64());

			ill += end == CERROR_ILL;
			done += end == 0;
			if (end > CERROR_ILL || (end == 0 && !is_offered(opcode)) ||
			    (plain && end != 0 && is_offered(opcode))) {
				console_printf("command %lx: %x\n", w0, end);
				wrong++;
			}
		}
	}
	check_that(wrong == 0 && ill > 0 && done > 0, plain ? "commands-plain" : "commands-random",
		   "%u wrong, %u illegal, %u done", wrong, ill, done);
}

void badsmmu_commands(void)
{
	smmu_start();
	commands_all(true);
	badsmmu_prove_works("commands-plain-works");
	commands_all(false);
	badsmmu_prove_works("commands-random-works");
}

/* PROD and CONS anywhere, with whatever is in the queue. */
void badsmmu_positions(void)
{
	for (uint32_t i = 0; i < 400; i++) {
		for (uint32_t n = 0; n < SMMU_CMDS; n++) {
			smmu_cmdq[n][0] = random64();
			smmu_cmdq[n][1] = random64();
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
