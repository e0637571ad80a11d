// SPDX-License-Identifier: Apache-2.0
/* What the hypervisor may have the SMMUs do, and nothing else: see machine_check(). */
#include <string.h>

#include "models/model.h"
#include "unit/vsmmu/board.h"
#include "unit/vsmmu/machine.h"

/* Bits of words 0 and 1 that a guest may choose: V, Config, S1Fmt, S1ContextPtr, S1CDMax;
 * S1DSS, S1CIR, S1COR, S1CSH, EATS. And what the hypervisor adds: MEV, S1STALLD, SHCFG. */
#define GUEST0 (GENMASK64(5, 0) | GENMASK64(51, 6) | GENMASK64(63, 59))
#define GUEST1 (GENMASK64(7, 0) | GENMASK64(29, 28))
#define OWN1 (BIT64(19) | BIT64(27) | GENMASK64(45, 44))

static uint64_t bits(uint64_t w, uint32_t hi, uint32_t lo)
{
	return w >> lo & (~UINT64_C(0) >> (63 - (hi - lo)));
}

bool machine_eager;

static uint8_t owners[SMMUM_MAX][BIT32(SID_BITS)];

void check_prepare(void)
{
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		memset(owners[n], DOMAINS, sizeof(owners[n]));
		for (uint32_t i = 0; i < machine_smmus[n].stream_count; i++) {
			const struct stream_desc *s = &machine_smmus[n].streams[i];

			memset(&owners[n][s->first], s->domain < DOMAINS ? (int)s->domain : DOMAINS, s->count);
		}
	}
}

static uint64_t level1(uint32_t group)
{
	uint64_t desc;

	if (!smmum_ram_read((machine_smmus[0].strtab_base & GENMASK64(51, 6)) + 8 * group, &desc, sizeof(desc))) {
		model_fail("smmu0: no first level");
	}
	if (desc != 0 && (desc & ~GENMASK64(51, 12)) != 7) {
		model_fail("smmu0: level-1 descriptor 0x%lx of group %u", desc, group);
	}
	return desc;
}

/* The entries of 64 stream IDs, as the SMMU reads them. False: there are none. */
static bool read_group(uint32_t smmu, uint32_t group, uint64_t stes[64][8])
{
	uint64_t at = smmu == 0 ? level1(group) & GENMASK64(51, 12)
				: (machine_smmus[1].strtab_base & GENMASK64(51, 6)) + 4096 * group;

	if ((smmu == 0 && at == 0) || (smmu == 1 && group > 0)) {
		return false;
	}
	if (!smmum_ram_read(at, stes, 4096)) {
		model_fail("smmu%u: no entries for 0x%x", smmu, group * 64);
	}
	return true;
}

const uint64_t *machine_ste(uint32_t smmu, uint32_t sid)
{
	static uint64_t stes[64][8];

	return read_group(smmu, sid / 64, stes) ? stes[sid % 64] : NULL;
}

static void check_ste(uint32_t smmu, uint32_t sid, const uint64_t ste[8])
{
	uint32_t domain = owners[smmu][sid];
	const struct domain_desc *d = &board.domains[domain];
	uint64_t config = bits(ste[0], 3, 1);

	if (domain == DOMAINS) {
		if ((ste[0] | ste[1] | ste[2] | ste[3]) != 0) {
			model_fail("smmu%u: stream 0x%x is nobody's, but has an entry", smmu, sid);
		}
		return;
	}
	/* A guest's may be invalid, all of word 0. */
	if ((ste[0] & 1) == 0 && (ste[0] != 0 || domain == C)) {
		model_fail("smmu%u: stream 0x%x of %s is not valid, 0x%lx", smmu, sid, d->name, ste[0]);
	}
	if (config != 0 && config != 6 && (config != 7 || domain == C)) {
		model_fail("smmu%u: stream 0x%x has Config %lu", smmu, sid, config);
	}
	if (ste[2] != ((d->vttbr >> 48) | (d->vtcr & 0x7ffff) << 32 | BIT64(51) | BIT64(54) | BIT64(58)) ||
	    ste[3] != (d->vttbr & GENMASK64(47, 4)) || (ste[4] | ste[5] | ste[6] | ste[7]) != 0) {
		model_fail("smmu%u: stream 0x%x has another stage 2", smmu, sid);
	}
	if ((ste[0] & ~GUEST0) != 0 || (ste[1] & ~(GUEST1 | OWN1)) != 0 || bits(ste[1], 45, 44) != 1) {
		model_fail("smmu%u: stream 0x%x has 0x%lx 0x%lx", smmu, sid, ste[0], ste[1]);
	}
	/* Nothing of an old stage 1 is left. */
	if (config != 7 && ((ste[0] & ~UINT64_C(0xf)) != 0 || (ste[1] & GUEST1) != 0)) {
		model_fail("smmu%u: stream 0x%x is not nested and has 0x%lx 0x%lx", smmu, sid, ste[0], ste[1]);
	}
}

/* These two take most of a fuzzer's time: no sanitizer looks on. */
#define PLAIN __attribute__((no_sanitize("address", "undefined")))

PLAIN static bool is_same(const uint64_t a[8], const uint64_t b[8])
{
	uint64_t differ = 0;

	for (uint32_t i = 0; i < 8; i++) {
		differ |= a[i] ^ b[i];
	}
	return differ == 0;
}

PLAIN static void check_group(uint32_t smmu, uint32_t group)
{
	uint64_t stes[64][8];

	if (read_group(smmu, group, stes)) {
		const uint8_t *whose = &owners[smmu][group * 64];

		for (uint32_t i = 0; i < 64; i++) {
			if (i == 0 || whose[i] != whose[i - 1] || !is_same(stes[i], stes[i - 1])) {
				check_ste(smmu, group * 64 + i, stes[i]);
			}
		}
	} else if (memchr(&owners[smmu][group * 64], DOMAINS, 64) != &owners[smmu][group * 64]) {
		model_fail("smmu%u: streams 0x%x have no entries", smmu, group * 64);
	}
}

/* Groups 0 to 3, and from those of the long runs as many as have a second level that the
 * one before has not. */
static void check_smmu0(void)
{
	static const uint32_t firsts[] = {0x4000 / 64, 0x8000 / 64};
	const uint32_t counts[] = {machine_many / 64, 128 / 64};

	for (uint32_t group = 0; group < 4; group++) {
		check_group(0, group);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(firsts); i++) {
		uint64_t before = 0;

		for (uint32_t group = firsts[i]; group < firsts[i] + counts[i]; group++) {
			uint64_t desc = level1(group);

			if (desc != before) {
				check_group(0, group);
			}
			before = desc;
		}
	}
}

static bool is_on(uint32_t n)
{
	return (model_mmio_read(machine_smmus[n].reg.base + 0x24, 4) & 1) != 0;
}

void machine_check(void)
{
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		if (smmum_violations(n) != 0) {
			model_fail("smmu%u: %s", n, smmum_violation(n));
		}
	}
	if ((smmum_counts.cerrors & ~1u) != 0) {
		model_fail("a command was refused: CMDQ_CONS.ERR 0x%x", smmum_counts.cerrors);
	}
	/* One that has been given up reads no table; all DMA is aborted. */
	if (machine_changed) {
		if (is_on(0)) {
			check_smmu0();
		}
		if (is_on(1)) {
			check_group(1, 0);
		}
		machine_changed = false;
	}
}

/* Whose command it may be. */
static void check_domain(uint32_t smmu, const uint64_t w[2], uint64_t domain)
{
	if (domain >= C || (machine_acting != DOMAINS && domain != machine_acting)) {
		model_fail("smmu%u: command 0x%lx 0x%lx is not %s's", smmu, w[0], w[1],
			   machine_acting != DOMAINS ? board.domains[machine_acting].name : "any domain");
	}
}

static void prefetch(uint32_t smmu)
{
	static const uint32_t sids[SMMUM_MAX][8] = {
		{0x00, 0x05, 0x10, 0x40, 0x4000, 0x4005, 0x4040, 0x4045}, {0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x10, 0x18}};

	for (uint32_t i = 0; i < ARRAY_SIZE(sids[0]); i++) {
		smmum_prefetch(smmu, sids[smmu][i]);
	}
}

void board_command(uint32_t smmu, const uint64_t w[2])
{
	uint64_t vmid = bits(w[0], 47, 32);

	if (machine_eager) {
		prefetch(smmu);
	}

	switch (w[0] & 0xff) {
	case 0x03:
	case 0x05:
	case 0x06:
		check_domain(smmu, w, owners[smmu][w[0] >> 32 & 0xffff]);
		break;
	case 0x10:
	case 0x11:
	case 0x12:
	case 0x13:
	case 0x28:
		check_domain(smmu, w, vmid - 1);
		break;
	case 0x04:
	case 0x20:
	case 0x30:
	case 0x46:
		break;
	default:
		model_fail("smmu%u: command 0x%lx 0x%lx", smmu, w[0], w[1]);
	}
}

bool machine_stream(uint32_t domain, uint32_t virt, uint32_t *smmu, uint32_t *sid)
{
	const struct vsmmu_desc *d = &machine_vsmmu[domain];

	for (uint32_t i = 0; i < d->stream_count; i++) {
		const struct vstream_desc *s = &d->streams[i];

		if (virt - s->virt < s->count) {
			*smmu = s->smmu;
			*sid = s->first + (virt - s->virt);
			return true;
		}
	}
	return false;
}
