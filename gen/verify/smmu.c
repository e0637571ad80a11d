// SPDX-License-Identifier: Apache-2.0
#include "smmu.h"

#include <stddef.h>

#include "types.h"

/* Stream table entry. Every field that is not named here must be zero. */
#define W0_VALID	 BIT64(0)
#define W0_CONFIG	 GENMASK64(3, 1)
#define W0_CONFIG_BYPASS 4
#define W0_CONFIG_S2	 6
#define W0_CONFIG_ABORT	 0
#define W1_SHCFG	 GENMASK64(45, 44)
#define W1_SHCFG_USE_INCOMING 1
#define W2_VMID		 GENMASK64(15, 0)
#define W2_CONTROL	 GENMASK64(50, 32)
#define W2_AA64		 BIT64(51)
#define W2_PTW		 BIT64(54)
#define W2_R		 BIT64(58)
#define W3_TTB		 GENMASK64(47, 4)

#define BASE_RA	     BIT64(62)
#define BASE_ADDRESS GENMASK64(51, 6)
#define CFG_LOG2SIZE GENMASK64(5, 0)
#define CFG_SPLIT    GENMASK64(10, 6)
#define CFG_FMT	     GENMASK64(17, 16)
#define FMT_LINEAR   0
#define FMT_TWO_LEVEL 1
#define SID_BITS_MAX 32
#define STE_LOG2     6 /* 64 bytes */
#define L1_LOG2	     3

#define L1_SPAN	   GENMASK64(4, 0)
#define L1_ADDRESS GENMASK64(51, 6)

static struct ste ste_refuse(const char *why)
{
	return (struct ste){.kind = STE_BAD, .why = why};
}

struct ste ste_decode(const uint64_t words[8])
{
	uint64_t rest = words[4] | words[5] | words[6] | words[7];

	if ((words[0] & W0_VALID) == 0) {
		rest |= words[0] | words[1] | words[2] | words[3];
		return rest == 0 ? (struct ste){.kind = STE_ABORT} : ste_refuse("not valid, yet not zero");
	}
	if (FIELD_GET(W0_CONFIG, words[0]) == W0_CONFIG_BYPASS) {
		return ste_refuse("it lets DMA bypass translation");
	}
	if (FIELD_GET(W0_CONFIG, words[0]) != W0_CONFIG_S2 && FIELD_GET(W0_CONFIG, words[0]) != W0_CONFIG_ABORT) {
		return ste_refuse("its configuration is not stage 2 alone");
	}
	if ((words[0] & ~(W0_VALID | W0_CONFIG)) != 0 || (words[1] & ~W1_SHCFG) != 0 ||
	    (words[2] & ~(W2_VMID | W2_CONTROL | W2_AA64 | W2_PTW | W2_R)) != 0 || (words[3] & ~W3_TTB) != 0 ||
	    rest != 0) {
		return ste_refuse("a bit is set that is reserved or that no image uses");
	}
	if (FIELD_GET(W1_SHCFG, words[1]) != W1_SHCFG_USE_INCOMING) {
		return ste_refuse("it overrides the shareability of DMA");
	}
	if ((words[2] & W2_AA64) == 0) {
		return ste_refuse("its stage-2 tables are not AArch64's");
	}
	if ((words[2] & W2_R) == 0) {
		return ste_refuse("its faults are not recorded");
	}
	return (struct ste){.kind = FIELD_GET(W0_CONFIG, words[0]) == W0_CONFIG_S2 ? STE_STAGE2 : STE_HELD,
			    .vmid = (uint32_t)FIELD_GET(W2_VMID, words[2]),
			    .control = FIELD_GET(W2_CONTROL, words[2]),
			    .root = words[3] & W3_TTB};
}

struct strtab strtab_decode(uint64_t base, uint64_t cfg)
{
	struct strtab t = {.base = base & BASE_ADDRESS,
			   .bits = FIELD_GET(CFG_LOG2SIZE, cfg),
			   .split = FIELD_GET(CFG_SPLIT, cfg)};
	uint64_t align;

	if ((base & ~(BASE_RA | BASE_ADDRESS)) != 0 || (cfg & ~(CFG_LOG2SIZE | CFG_SPLIT | CFG_FMT)) != 0) {
		t.why = "a reserved bit is set";
	} else if (t.bits > SID_BITS_MAX) {
		t.why = "it is for stream IDs of more than 32 bits";
	} else if (FIELD_GET(CFG_FMT, cfg) == FMT_LINEAR) {
		t.why = t.split != 0 ? "a linear table has no split" : NULL;
		t.size = BIT64(t.bits + STE_LOG2);
	} else if (FIELD_GET(CFG_FMT, cfg) != FMT_TWO_LEVEL) {
		t.why = "its format is reserved";
	} else if (t.split != 6 && t.split != 8 && t.split != 10) {
		t.why = "its split is reserved";
	} else if (t.bits <= t.split) {
		t.why = "it has no first level";
	} else {
		t.size = BIT64(t.bits - t.split + L1_LOG2);
	}
	align = t.size > BIT64(STE_LOG2) ? t.size : BIT64(STE_LOG2);
	if (t.why == NULL && !IS_ALIGNED(t.base, align)) {
		t.why = "it is not aligned to its size";
	}
	return t;
}

bool strtab_next(const struct strtab *t, uint64_t desc, uint64_t *table, const char **why)
{
	uint64_t span = FIELD_GET(L1_SPAN, desc);

	*why = NULL;
	*table = desc & L1_ADDRESS;
	if (desc == 0) {
		return false;
	}
	if ((desc & ~(L1_SPAN | L1_ADDRESS)) != 0 || span == 0) {
		*why = "a first-level descriptor with a reserved bit, or without a span";
	} else if (span != t->split + 1) {
		/* Implementations do not agree on what lies beyond a shorter one. */
		*why = "a second-level table of another size than the split's";
	} else if (!IS_ALIGNED(*table, BIT64(t->split + STE_LOG2))) {
		*why = "a second-level table that is not aligned to its size";
	}
	return *why == NULL;
}
