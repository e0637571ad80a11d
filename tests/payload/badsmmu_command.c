/* SPDX-License-Identifier: Apache-2.0 */
/* Commands: each is done or ends in CERROR_ILL, as the architecture says of an SMMU of stage 1
 * alone that ignores reserved fields (IHI 0070 4.1.3, 4.1.5). */
#include "badsmmu.h"

#define OPCODES 256u
#define OPERANDS 32u

static bool ranges; /* IDR3.RIL */
static uint32_t illegal, done, wrong;

static bool is_illegal(uint64_t w0, uint64_t w1)
{
	uint64_t tg = FIELD(w1, 11, 10), ttl = FIELD(w1, 9, 8);

	switch (FIELD(w0, 7, 0)) {
	case CMD_PREFETCH_CONFIG: /* SSec */
	case CMD_PREFETCH_ADDR:
	case CMD_CFGI_STE:
	case CMD_CFGI_ALL:
	case CMD_CFGI_CD:
	case CMD_CFGI_CD_ALL:
		return FIELD(w0, 10, 10) == 1;
	case CMD_TLBI_NH_VA: /* a granule without range and level, or with one that it has not */
	case CMD_TLBI_NH_VAA:
		return ranges && tg != 0 && (ttl == 0 || (tg == 2 && ttl == 1)) && FIELD(w0, 16, 12) == 0 &&
		       FIELD(w0, 24, 20) == 0;
	case CMD_SYNC: /* CS */
		return FIELD(w0, 13, 12) == 3;
	case CMD_TLBI_NH_ALL:
	case CMD_TLBI_NH_ASID:
	case CMD_TLBI_NSNH_ALL:
		return false;
	default:
		return true;
	}
}

/* One command, and whether it ends as it should: an illegal one with CMDQ_CONS at it. */
static void command_try(uint64_t w0, uint64_t w1)
{
	bool bad = is_illegal(w0, w1);
	bool good;

	if (smmu_command(w0, w1) && smmu_sync()) {
		good = !bad;
		done++;
	} else {
		good = bad && smmu_stands_at(w0, w1);
		good = smmu_skip() == CERROR_ILL && good;
		illegal++;
	}
	if (!good && wrong++ < 8) {
		console_printf("command %lx %lx: not %s\n", w0, w1, bad ? "illegal" : "done");
	}
}

/* All from one start, so that what they leave behind is the next one's trouble. */
static void commands_end(const char *name)
{
	check_that(wrong == 0 && illegal > 0 && done > 0, name, "%u wrong, %u illegal, %u done", wrong, illegal,
		   done);
	illegal = 0;
	done = 0;
	wrong = 0;
}

static void commands_plain(void)
{
	for (uint64_t opcode = 0; opcode < OPCODES; opcode++) {
		command_try(opcode, 0);
	}
	commands_end("commands-plain");
}

static void commands_random(void)
{
	for (uint32_t i = 0; i < OPCODES * OPERANDS; i++) {
		command_try(i / OPERANDS | (badsmmu_random64() & ~UINT64_C(0xff)), badsmmu_random64());
	}
	commands_end("commands-random");
}

/* Each bit alone of each command that is legal without it. */
static void commands_bits(void)
{
	for (uint64_t opcode = 0; opcode < OPCODES; opcode++) {
		for (uint32_t bit = 8; bit < 128 && !is_illegal(opcode, 0); bit++) {
			command_try(opcode | (bit < 64 ? BIT(bit) : 0), bit < 64 ? 0 : BIT(bit - 64));
		}
	}
	commands_end("commands-bit-by-bit");
}

/* All of a range's fields but the scale: NUM 0 and 1, TG, TTL. */
static void commands_ranges(void)
{
	for (uint64_t i = 0; i < 64; i++) {
		command_try((i < 32 ? CMD_TLBI_NH_VA : CMD_TLBI_NH_VAA) | (i & 1) << 12, (i >> 1 & 15) << 8);
	}
	commands_end("commands-ranges");
}

void badsmmu_commands(void)
{
	ranges = (mmio_read32(smmu_base + SMMU_IDR3) & IDR3_RIL) != 0;
	smmu_start();
	commands_plain();
	badsmmu_prove_works("commands-plain-works");
	commands_bits();
	commands_ranges();
	badsmmu_prove_works("commands-bit-by-bit-works");
	commands_random();
	badsmmu_prove_works("commands-random-works");
}
