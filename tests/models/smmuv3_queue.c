// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: the command queue (IHI 0070 4) and the event queue (7.2). */
#include "models/smmuv3_priv.h"

enum {
	CERROR_NONE,
	CERROR_ILL,
	CERROR_ABT,
};

#define GERROR_CMDQ 1u
#define GERROR_EVTQ_ABT 4u
#define OVERFLOW UINT32_C(0x80000000)

/* Bits that a command may have, and what the SMMU must have for it to be one. */
struct command {
	uint8_t op;
	uint64_t w0, w1;
	uint32_t idr0;
};

#define SID GENMASK64(63, 32)
#define VMID GENMASK64(47, 32)
#define ASID GENMASK64(63, 48)
#define RANGE0 (GENMASK64(16, 12) | GENMASK64(24, 20))
#define RANGE1 (BIT64(0) | GENMASK64(11, 8))
#define S1P BIT32(1)
#define S2P BIT32(0)
#define HYP BIT32(9)
#define ATS BIT32(10)

static const struct command commands[] = {
	{0x01, SID | GENMASK64(31, 11), 0, 0},
	{0x02, SID | GENMASK64(31, 11), GENMASK64(63, 12) | GENMASK64(9, 0), 0},
	{0x03, SID, BIT64(0), 0},
	{0x04, SID, GENMASK64(4, 0), 0},
	{0x05, SID | GENMASK64(31, 12), BIT64(0), S1P},
	{0x06, SID, 0, S1P},
	{0x10, VMID, 0, S1P},
	{0x11, VMID | ASID, 0, S1P},
	{0x12, VMID | ASID | RANGE0, GENMASK64(63, 12) | RANGE1, S1P},
	{0x13, VMID | RANGE0, GENMASK64(63, 12) | RANGE1, S1P},
	{0x20, 0, 0, HYP},
	{0x28, VMID, 0, S2P},
	{0x2a, VMID | RANGE0, GENMASK64(51, 12) | RANGE1, S2P},
	{0x30, 0, 0, 0},
	{0x40, SID | GENMASK64(31, 11) | BIT64(9), GENMASK64(63, 12) | GENMASK64(5, 0), ATS},
	{0x46, SID | GENMASK64(27, 22) | GENMASK64(13, 12), GENMASK64(51, 2), 0},
};

static bool command_is_legal(const struct smmum *m, const uint64_t w[2])
{
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = &commands[i];

		if (c->op == (w[0] & 0xff)) {
			if (m->config.qemu) {
				return true;
			}
			return (w[0] & ~0xffull & ~c->w0) == 0 && (w[1] & ~c->w1) == 0 &&
			       (m->config.idr0 & c->idr0) == c->idr0;
		}
	}
	return false;
}

static void command_tlbi_ipa(struct smmum *m, const uint64_t w[2])
{
	static const uint8_t shift[] = {12, 12, 14, 16};
	uint64_t tg = bits(w[1], 11, 10);
	uint64_t pages = tg == 0 ? 1 : (bits(w[0], 16, 12) + 1) << bits(w[0], 24, 20);

	smmum_forget_leaves(m, (uint32_t)bits(w[0], 47, 32), w[1] & GENMASK64(51, 12), pages << shift[tg]);
}

static uint32_t command_do(struct smmum *m, const uint64_t w[2])
{
	uint64_t sid = w[0] >> 32;
	uint64_t span = UINT64_C(1) << (bits(w[1], 4, 0) + 1);

	if (!command_is_legal(m, w)) {
		return CERROR_ILL;
	}
	switch (w[0] & 0xff) {
	case 0x03:
		smmum_forget_streams(m, sid, sid, (w[1] & 1) != 0);
		break;
	case 0x04:
		sid &= ~(span - 1);
		smmum_forget_streams(m, sid, sid + span - 1, false);
		break;
	case 0x28:
		smmum_forget_leaves(m, (uint32_t)bits(w[0], 47, 32), 0, UINT64_MAX);
		break;
	case 0x2a:
		command_tlbi_ipa(m, w);
		break;
	case 0x30:
		smmum_forget_leaves(m, UINT32_MAX, 0, UINT64_MAX);
		break;
	case 0x46:
		if (bits(w[0], 13, 12) == 3 && !m->config.qemu) {
			return CERROR_ILL;
		}
		if (bits(w[0], 13, 12) == 1) {
			smmum_pulse(m, SMMUM_IRQ_SYNC);
		}
		break;
	default:
		break; /* stage 1 and prefetches: nothing cached is theirs */
	}
	return CERROR_NONE;
}

void smmum_run(struct smmum *m, uint32_t max)
{
	uint32_t log2 = m->cmdq_base & 31;
	uint32_t wrap = BIT32(log2 + 1) - 1;

	while (max-- > 0 && (m->cr0ack & 8) != 0 && ((m->gerror ^ m->gerrorn) & GERROR_CMDQ) == 0 &&
	       ((m->cmdq_prod ^ m->cmdq_cons) & wrap) != 0) {
		uint64_t at = (m->cmdq_base & GENMASK64(51, 5)) + 16 * (m->cmdq_cons & (wrap >> 1));
		uint64_t w[2] = {0, 0};
		uint32_t error = smmum_ram_read(at, w, sizeof(w)) ? command_do(m, w) : CERROR_ABT;

		smmum_counts.cerrors |= BIT32(error);
		smmum_counts.commands[w[0] & 0xff] += error == CERROR_NONE;
		if (error != CERROR_NONE) {
			m->cmdq_cons = (m->cmdq_cons & wrap) | error << 24;
			smmum_raise(m, GERROR_CMDQ);
		} else {
			m->cmdq_cons = ((m->cmdq_cons + 1) & wrap) | (m->cmdq_cons & UINT32_C(0x7f000000));
		}
	}
}

void smmum_record(struct smmum *m, const uint64_t record[4])
{
	uint32_t log2 = m->evtq_base & 31;
	uint32_t wrap = BIT32(log2 + 1) - 1;
	uint32_t used = (m->evtq_prod - m->evtq_cons) & wrap;
	uint64_t at = (m->evtq_base & GENMASK64(51, 5)) + 32 * (m->evtq_prod & (wrap >> 1));

	if ((m->cr0ack & 4) == 0) {
		return;
	}
	if (used > wrap >> 1) {
		if (m->config.qemu) {
			smmum_raise(m, GERROR_EVTQ_ABT);
		} else {
			m->evtq_prod = (m->evtq_prod & ~OVERFLOW) | (~m->evtq_cons & OVERFLOW);
		}
		return;
	}
	if (!smmum_ram_write(at, record, 32)) {
		smmum_raise(m, GERROR_EVTQ_ABT);
		return;
	}
	m->evtq_prod = ((m->evtq_prod + 1) & wrap) | (m->evtq_prod & OVERFLOW);
	if ((m->irq_ctrlack & 4) != 0 && (used == 0 || m->config.qemu)) {
		smmum_pulse(m, SMMUM_IRQ_EVTQ);
	}
}
