// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "oracle.h"
#include "types.h"

static bool words_read(const struct oracle_tables *t, uint64_t pa, uint64_t *words, uint64_t count)
{
	/* No entry reaches over a page's end. */
	uint64_t offset = oracle_offset(t, pa);

	if (offset == UINT64_MAX || t->size - offset < count * 8) {
		return false;
	}
	memcpy(words, t->bytes + offset, count * 8);
	return true;
}

struct oracle_stream oracle_stream(const struct oracle_tables *t, uint64_t strtab_base, uint64_t strtab_cfg,
				   uint64_t id, unsigned int pa_bits)
{
	struct oracle_stream s = {.kind = ORACLE_ABORT};
	unsigned int bits = strtab_cfg & 63, split = strtab_cfg >> 6 & 31;
	uint64_t base = strtab_base & GENMASK64(51, 6);
	uint64_t ste[8];
	uint64_t desc;
	uint64_t index = id;

	if (bits < 32 && id >> bits != 0) {
		return s;
	}
	if ((strtab_cfg >> 16 & 3) == 1) {
		split = split == 8 || split == 10 ? split : 6;
		if (bits > split + 3) {
			base &= ~((UINT64_C(8) << (bits - split)) - 1);
		}
		if (!words_read(t, base + (id >> split) * 8, &desc, 1) || (desc & 31) == 0 || (desc & 31) > split + 1) {
			return s;
		}
		index = id & (BIT64(split) - 1);
		if (index >> ((desc & 31) - 1) != 0) {
			return s;
		}
		base = desc & GENMASK64(51, 6) & ~((UINT64_C(64) << ((desc & 31) - 1)) - 1);
	} else {
		base &= ~((UINT64_C(64) << bits) - 1);
	}
	if (!words_read(t, base + index * 64, ste, 8) || (ste[0] & 1) == 0) {
		return s;
	}
	switch (ste[0] >> 1 & 7) {
	case 4:
		s.kind = ORACLE_BYPASS;
		break;
	case 5:
	case 7:
		s.kind = ORACLE_STAGE1;
		break;
	case 0:
		s.kind = (ste[2] & BIT64(51)) != 0 ? ORACLE_HELD : ORACLE_ABORT;
		break;
	case 6:
		/* AArch32 tables or a reserved geometry make the STE illegal. */
		s.kind = (ste[2] & BIT64(51)) != 0 ? ORACLE_STAGE2 : ORACLE_ABORT;
		break;
	default:
		break;
	}
	if (s.kind >= ORACLE_HELD) {
		s.vmid = (uint32_t)(ste[2] & 0xffff);
		s.map = (struct oracle_map){.stage2 = true,
					    .ttbr = ste[3] & GENMASK64(47, 4),
					    .control = ste[2] >> 32 & GENMASK64(18, 0),
					    .pa_bits = pa_bits};
	}
	return s;
}
