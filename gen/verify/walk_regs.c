// SPDX-License-Identifier: Apache-2.0
/*
 * The registers in front of the tables: DDI 0487 D24.2 "VTCR_EL2", "VTTBR_EL2",
 * "TCR_EL2", "TTBR0_EL2"; start levels and concatenation D8.2.5.
 */
#include <inttypes.h>

#include "types.h"
#include "walk.h"

#define T0SZ	     GENMASK64(5, 0)
#define VTCR_SL0     GENMASK64(7, 6)
#define IRGN0	     GENMASK64(9, 8)
#define ORGN0	     GENMASK64(11, 10)
#define SH0	     GENMASK64(13, 12)
#define TG0	     GENMASK64(15, 14)
#define PS	     GENMASK64(18, 16)
#define VTCR_VS	     BIT64(19)
#define TCR_RES1_LOW BIT64(23)
#define RES1_HIGH    BIT64(31)
#define VTCR_KNOWN   (T0SZ | VTCR_SL0 | IRGN0 | ORGN0 | SH0 | PS | VTCR_VS | RES1_HIGH)
#define TCR_KNOWN    (T0SZ | IRGN0 | ORGN0 | SH0 | PS | TCR_RES1_LOW | RES1_HIGH)

#define VTTBR_VMID	GENMASK64(63, 48)
#define VTTBR_VMID_HIGH GENMASK64(63, 56)
#define TTBR_ADDRESS	GENMASK64(47, 1)

#define GN_WRITE_BACK	 1
#define SH_INNER	 3
#define CONCATENATED_MAX 4 /* bits: 16 tables */

static void walk_refuse(struct walk *w, const char *name, uint64_t value, const char *why)
{
	report_fail(w->report, PROPERTY_FORM, w->domain, 0, 0, NULL, NULL, "%s 0x%" PRIx64 ": %s", name,
		    value, why);
}

/* What both control registers have alike. */
static bool walk_check_control(struct walk *w, const char *name, uint64_t value, uint64_t known,
			       uint64_t ones)
{
	static const uint32_t sizes[] = {32, 36, 40, 42, 44, 48};
	uint64_t ps = FIELD_GET(PS, value);
	uint64_t t0sz = FIELD_GET(T0SZ, value);

	if ((value & ~known) != 0 || (value & ones) != ones) {
		walk_refuse(w, name, value, "a reserved bit, a granule or a feature that no image uses");
		return false;
	}
	if (FIELD_GET(IRGN0, value) != GN_WRITE_BACK || FIELD_GET(ORGN0, value) != GN_WRITE_BACK ||
	    FIELD_GET(SH0, value) != SH_INNER) {
		walk_refuse(w, name, value, "table walks are not write-back inner shareable");
		return false;
	}
	if (ps >= ARRAY_SIZE(sizes) || sizes[ps] > w->pa_bits) {
		walk_refuse(w, name, value, "the output size is more than the board's CPUs have");
		return false;
	}
	if (t0sz < 16 || t0sz > 39) {
		walk_refuse(w, name, value, "T0SZ is out of range");
		return false;
	}
	w->out_end = BIT64(sizes[ps]);
	return true;
}

void walk_stage2(struct walk *w, uint64_t vttbr, uint64_t vtcr)
{
	uint64_t bits = 64 - FIELD_GET(T0SZ, vtcr);
	int level = 2 - (int)FIELD_GET(VTCR_SL0, vtcr);
	uint64_t at_start;

	w->regime = REGIME_STAGE2;
	if (!walk_check_control(w, "VTCR_EL2", vtcr, VTCR_KNOWN, RES1_HIGH)) {
		return;
	}
	if (level < 0 || (level == 0 && w->pa_bits < 44)) {
		walk_refuse(w, "VTCR_EL2", vtcr, "SL0 is a start level that the board's CPUs do not have");
		return;
	}
	at_start = bits - desc_shift(level);
	if (bits <= desc_shift(level) || at_start > (level == 0 ? 9 : 9 + CONCATENATED_MAX)) {
		walk_refuse(w, "VTCR_EL2", vtcr, "SL0 does not go with T0SZ");
		return;
	}
	if (bits > w->pa_bits) {
		walk_refuse(w, "VTCR_EL2", vtcr, "T0SZ asks for more than the board's CPUs have");
		return;
	}
	if ((vttbr & ~(VTTBR_VMID | TTBR_ADDRESS)) != 0 ||
	    ((vtcr & VTCR_VS) == 0 && (vttbr & VTTBR_VMID_HIGH) != 0)) {
		walk_refuse(w, "VTTBR_EL2", vttbr, "a bit is set that is neither address nor VMID");
		return;
	}
	walk_root(w, vttbr & TTBR_ADDRESS, level, BIT64(at_start));
}

void walk_el2(struct walk *w, uint64_t ttbr, uint64_t tcr, uint64_t mair)
{
	uint64_t bits = 64 - FIELD_GET(T0SZ, tcr);
	int level = 0;

	w->regime = REGIME_EL2;
	w->mair = mair;
	if (!walk_check_control(w, "TCR_EL2", tcr, TCR_KNOWN, TCR_RES1_LOW | RES1_HIGH)) {
		return;
	}
	if ((ttbr & ~TTBR_ADDRESS) != 0) {
		walk_refuse(w, "TTBR0_EL2", ttbr, "a bit is set that is no address");
		return;
	}
	/* The first level that leaves at least one bit to index its table. */
	while (bits <= desc_shift(level)) {
		level++;
	}
	walk_root(w, ttbr & TTBR_ADDRESS, level, BIT64(bits - desc_shift(level)));
}
