// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3: commands (IHI 0070, 4). Of each only the fields that its opcode has, and
 * that the ID registers promise, go on; the others are reserved and count as 0. What would
 * be illegal is illegal for the guest alone: the hardware never sees it.
 */
#include "guest/vsmmuv3/priv.h"

#define TG_4K 1u
#define TG_16K 2u
#define SYNC_IRQ 1u
#define SYNC_RESERVED 3u

/* The domain's VMID, whatever the guest wrote there. */
static uint64_t decode_vmid(const struct vsmmu *v)
{
	return FIELD_PREP(CMD0_VMID, FIELD_GET(GENMASK64(63, 48), v->domain->desc->vttbr));
}

/* The ASID as the hardware takes it. */
static uint64_t decode_asid(const struct vsmmu *v, uint64_t w0)
{
	uint64_t asid = FIELD_GET(CMD0_ASID, w0);

	return FIELD_PREP(CMD0_ASID, (v->idr0 & IDR0_ASID16) != 0 ? asid : asid & 0xff);
}

static void decode_tlbi(const struct vsmmu *v, uint64_t op, uint64_t w0, uint64_t w1, struct vsmmu_command *c)
{
	c->kind = COMMAND_TLBI;
	c->w[0] = op | decode_vmid(v);
	if (op == CMD_TLBI_NH_ASID || op == CMD_TLBI_NH_VA) {
		c->w[0] |= decode_asid(v, w0);
	}
	c->w[1] = w1;
}

/* Without the address: everything of the address space, or of all of the guest's. */
static void decode_wide(const struct vsmmu *v, uint64_t w0, struct vsmmu_command *c)
{
	decode_tlbi(v, FIELD_GET(CMD0_OP, w0) == CMD_TLBI_NH_VA ? CMD_TLBI_NH_ASID : CMD_TLBI_NH_ALL, w0, 0, c);
}

/* Range and level fields (4.4.1.1) are there with IDR3.RIL, and count if TG is not 0; one of
 * them has to say something. */
static void decode_address(const struct vsmmu *v, const uint64_t w[2], struct vsmmu_command *c)
{
	uint64_t tg = FIELD_GET(CMD1_TG, w[1]);
	uint64_t ttl = FIELD_GET(CMD1_TTL, w[1]);
	uint64_t range = w[0] & (CMD0_NUM | CMD0_SCALE);

	decode_tlbi(v, FIELD_GET(CMD0_OP, w[0]), w[0], w[1] & (CMD1_ADDR | CMD1_LEAF), c);
	if ((v->idr3 & IDR3_RIL) != 0 && tg != 0) {
		/* Level 1 has no leaves of 16 KiB granules without 52-bit addresses. */
		if (range == 0 && (ttl == 0 || (ttl == 1 && tg == TG_16K))) {
			c->kind = COMMAND_ILLEGAL;
			return;
		}
		/* Other granules are not offered: nothing is cached by them. */
		if (tg != TG_4K) {
			decode_wide(v, w[0], c);
		} else {
			c->w[0] |= range;
			c->w[1] |= w[1] & (CMD1_TG | CMD1_TTL);
		}
	}
	if (v->desc->pieces != 0) {
		decode_wide(v, w[0], c);
	}
}

/* Stream IDs sid..sid, or the 2^(range+1) around it. */
static void decode_streams(uint64_t sid, uint64_t range, struct vsmmu_command *c)
{
	uint64_t count = range == CMD_RANGE_ALL ? BIT64(32) : BIT64(range + 1);

	c->kind = COMMAND_STREAMS;
	c->first = ALIGN_DOWN(sid, count);
	c->last = c->first + count - 1;
}

/* A context descriptor, or all, of a stream. A substream ID that no stream can have has
 * none. */
static void decode_cd(const struct vsmmu *v, const uint64_t w[2], struct vsmmu_command *c)
{
	bool all = FIELD_GET(CMD0_OP, w[0]) == CMD_CFGI_CD_ALL;
	uint64_t ssid = all ? 0 : FIELD_GET(CMD0_SSID, w[0]);

	c->kind = ssid < BIT64(FIELD_GET(IDR1_SSIDSIZE, v->idr1)) ? COMMAND_CD : COMMAND_NOTHING;
	c->first = FIELD_GET(CMD0_SID, w[0]);
	c->last = c->first;
	c->w[0] = FIELD_GET(CMD0_OP, w[0]) | FIELD_PREP(CMD0_SSID, ssid);
	c->w[1] = all ? 0 : w[1] & CMD1_LEAF;
}

void vsmmu_decode(const struct vsmmu *v, const uint64_t w[2], struct vsmmu_command *c)
{
	uint64_t sid = FIELD_GET(CMD0_SID, w[0]);
	uint64_t op = FIELD_GET(CMD0_OP, w[0]);

	c->kind = COMMAND_ILLEGAL;
	switch (op) {
	case CMD_PREFETCH_CONFIG:
	case CMD_PREFETCH_ADDR:
		c->kind = (w[0] & CMD0_SSEC) == 0 ? COMMAND_NOTHING : COMMAND_ILLEGAL;
		break;
	case CMD_CFGI_STE:
	case CMD_CFGI_ALL:
		if ((w[0] & CMD0_SSEC) == 0 && op == CMD_CFGI_STE) {
			decode_streams(sid, 0, c);
			c->first = sid;
			c->last = sid;
		} else if ((w[0] & CMD0_SSEC) == 0) {
			decode_streams(sid, FIELD_GET(CMD1_RANGE, w[1]), c);
		}
		break;
	case CMD_CFGI_CD:
	case CMD_CFGI_CD_ALL:
		if ((w[0] & CMD0_SSEC) == 0) {
			decode_cd(v, w, c);
		}
		break;
	case CMD_TLBI_NH_ALL:
	case CMD_TLBI_NSNH_ALL:
		decode_tlbi(v, CMD_TLBI_NH_ALL, w[0], 0, c);
		break;
	case CMD_TLBI_NH_ASID:
		decode_tlbi(v, op, w[0], 0, c);
		break;
	case CMD_TLBI_NH_VA:
	case CMD_TLBI_NH_VAA:
		decode_address(v, w, c);
		break;
	case CMD_SYNC:
		c->interrupt = FIELD_GET(CMD0_SYNC_CS, w[0]) == SYNC_IRQ;
		c->kind = FIELD_GET(CMD0_SYNC_CS, w[0]) == SYNC_RESERVED ? COMMAND_ILLEGAL : COMMAND_SYNC;
		break;
	default:
		break;
	}
}
