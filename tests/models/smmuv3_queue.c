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
	{0x21, ASID, 0, HYP},
	{0x22, ASID | RANGE0, GENMASK64(63, 12) | RANGE1, HYP},
	{0x23, RANGE0, GENMASK64(63, 12) | RANGE1, HYP},
	{0x28, VMID, 0, S2P},
	{0x2a, VMID | RANGE0, GENMASK64(51, 12) | RANGE1, S2P},
	{0x30, 0, 0, 0},
	{0x40, SID | GENMASK64(31, 11) | BIT64(9), GENMASK64(63, 12) | GENMASK64(5, 0), ATS},
	{0x46, SID | GENMASK64(27, 22) | GENMASK64(13, 12), GENMASK64(51, 2), 0},
};

/* TG 0: one address. Otherwise a range, which 0 pages at no level is not. */
static bool command_range_is_legal(const struct smmum *m, const uint64_t w[2])
{
	uint64_t granule = bits(w[1], 11, 10);
	uint64_t level = bits(w[1], 9, 8);
	bool some = (w[0] & RANGE0) != 0 || level != 0;

	if ((m->config.idr3 & BIT32(10)) == 0) {
		return granule == 0 && !some;
	}
	return granule == 0 ? !some : some && !(granule == 2 && level == 1);
}

/* Values that the fields of a command may not have. */
static bool command_values_are_legal(const struct smmum *m, const uint64_t w[2])
{
	uint8_t op = w[0] & 0xff;

	/* A stream or substream that cannot be */
	if (op >= 0x01 && op <= 0x06 && (w[0] >> 32) >> bits(m->config.idr1, 5, 0) != 0) {
		return false;
	}
	if (op == 0x05 && bits(w[0], 31, 12) >> bits(m->config.idr1, 10, 6) != 0) {
		return false;
	}
	if (op >= 0x10 && op <= 0x2a && bits(w[0], 47, 40) != 0 && (m->config.idr0 & BIT32(18)) == 0) {
		return false;
	}
	if ((op == 0x11 || op == 0x12 || op == 0x21 || op == 0x22) && bits(w[0], 63, 56) != 0 &&
	    (m->config.idr0 & BIT32(12)) == 0) {
		return false;
	}
	/* Of those by address */
	if (op == 0x12 || op == 0x13 || op == 0x22 || op == 0x23 || op == 0x2a) {
		return command_range_is_legal(m, w);
	}
	return true;
}

static bool command_is_legal(const struct smmum *m, const uint64_t w[2])
{
	/* QEMU: EL3's invalidations, answers to page requests and to stalls, of which there
	 * are none */
	static const uint8_t more[] = {0x18, 0x1a, 0x41, 0x44, 0x45};

	for (uint32_t i = 0; i < ARRAY_SIZE(more) && m->config.qemu; i++) {
		if (more[i] == (w[0] & 0xff)) {
			return true;
		}
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = &commands[i];

		if (c->op == (w[0] & 0xff)) {
			if (m->config.qemu) {
				return true;
			}
			return (w[0] & ~UINT64_C(0xff) & ~c->w0) == 0 && (w[1] & ~c->w1) == 0 &&
			       (m->config.idr0 & c->idr0) == c->idr0 && command_values_are_legal(m, w);
		}
	}
	return false;
}

static void command_tlbi_address(struct smmum *m, const uint64_t w[2])
{
	static const uint8_t shift[] = {12, 12, 14, 16};
	uint8_t op = w[0] & 0xff;
	uint32_t vmid = (uint32_t)bits(w[0], 47, 32);
	uint32_t asid = op == 0x12 ? (uint32_t)bits(w[0], 63, 48) : ANY;
	uint64_t tg = bits(w[1], 11, 10);
	uint64_t size = (tg == 0 ? 1 : (bits(w[0], 16, 12) + 1) << bits(w[0], 24, 20)) << shift[tg];

	if (op == 0x2a) {
		smmum_forget_leaves(m, vmid, w[1] & GENMASK64(51, 12), size);
	} else {
		smmum_forget_range(m, vmid, asid, w[1] & GENMASK64(63, 12), size,
				   tg == 0 ? 0 : (uint32_t)bits(w[1], 9, 8));
	}
}

static void command_config(struct smmum *m, const uint64_t w[2])
{
	uint64_t sid = w[0] >> 32;
	uint64_t span = UINT64_C(1) << (bits(w[1], 4, 0) + 1);

	switch (w[0] & 0xff) {
	case 0x03:
		smmum_forget_streams(m, sid, sid, (w[1] & 1) != 0);
		break;
	case 0x04:
		sid &= ~(span - 1);
		smmum_forget_streams(m, sid, sid + span - 1, false);
		break;
	case 0x05:
		smmum_forget_contexts(m, sid, sid, (uint32_t)bits(w[0], 31, 12));
		break;
	default:
		smmum_forget_contexts(m, sid, sid, ANY);
		break;
	}
}

static uint32_t command_do(struct smmum *m, const uint64_t w[2])
{
	uint32_t vmid = (uint32_t)bits(w[0], 47, 32);

	if (!command_is_legal(m, w)) {
		return CERROR_ILL;
	}
	switch (w[0] & 0xff) {
	case 0x03:
	case 0x04:
	case 0x05:
	case 0x06:
		command_config(m, w);
		break;
	case 0x10:
		smmum_forget_space(m, vmid, ANY);
		break;
	case 0x11:
		smmum_forget_space(m, vmid, (uint32_t)bits(w[0], 63, 48));
		break;
	case 0x12:
	case 0x13:
	case 0x2a:
		command_tlbi_address(m, w);
		break;
	case 0x28:
	case 0x30:
		vmid = (w[0] & 0xff) == 0x30 ? ANY : vmid;
		smmum_forget_space(m, vmid, ANY);
		smmum_forget_leaves(m, vmid, 0, UINT64_MAX);
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
		break; /* prefetches; the hypervisor's own addresses; ATS: nothing cached is theirs */
	}
	return CERROR_NONE;
}

/* Where an entry of a queue is; low bits of the base that the size does not leave are 0. */
static uint64_t queue_entry(const struct smmum *m, uint64_t base, uint32_t position, uint32_t size)
{
	uint32_t log2 = base & 31;
	uint64_t at = base & GENMASK64(51, 5);

	if (!m->config.qemu) {
		at &= ~(((uint64_t)size << log2) - 1);
	}
	return at + (uint64_t)size * (position & (BIT32(log2) - 1));
}

void smmum_run(struct smmum *m, uint32_t max)
{
	uint32_t log2 = m->cmdq_base & 31;
	uint32_t wrap = BIT32(log2 + 1) - 1;

	while (max-- > 0 && (m->cr0ack & 8) != 0 && ((m->gerror ^ m->gerrorn) & GERROR_CMDQ) == 0 &&
	       ((m->cmdq_prod ^ m->cmdq_cons) & wrap) != 0) {
		uint64_t at = queue_entry(m, m->cmdq_base, m->cmdq_cons, 16);
		uint64_t w[2] = {0, 0};
		uint32_t error = smmum_ram_read(at, w, sizeof(w)) ? command_do(m, w) : CERROR_ABT;

		if (m->config.seen_command != NULL) {
			m->config.seen_command(smmum_number(m), w);
		}
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
	uint64_t at = queue_entry(m, m->evtq_base, m->evtq_prod, 32);

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
