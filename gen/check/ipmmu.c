// SPDX-License-Identifier: Apache-2.0
/* IPMMUs that the hypervisor drives: what it takes for that. */
#include "check/parts.h"
#include "tables.h"

/* Stage 2 of three levels: from level 1 on, and no more output bits than the tables have. */
#define BITS_MIN 36u
#define BITS_MAX 40u

static void root_check(struct diag *d, const struct model *m, const struct m_iommu *mmu, size_t index)
{
	const struct m_iommu *root = &m->board.iommus[m->ipmmu_root];

	/* A root that can be none was reported (HV0305). */
	bool wrong = mmu->root != MODEL_NONE && m->board.iommus[mmu->root].root != MODEL_NONE;

	if (index != m->ipmmu_root && mmu->root != m->ipmmu_root && !wrong) {
		struct diag_msg *msg = diag_error(d, 323, mmu->pos, "'%s' is no cache of '%s'", mmu->name.s,
						  root->name.s);
		diag_label(msg, "the hypervisor drives one root and its caches");
		diag_note(msg, root->pos, "'%s' is the one that '%s' needs, declared", root->name.s,
			  m->board.devices[m->ipmmu_user].name.s);
		diag_help(msg, "add 'root: %s' and its 'root-bit', or remove '%s' from the board", root->name.s,
			  mmu->name.s);
	}
}

static void unit_check(struct diag *d, const struct m_iommu *mmu)
{
	struct diag_msg *msg;

	if (!mmu->power_known) {
		msg = diag_error(d, 324, mmu->power_domain.pos, "power domain %llu of '%s' is not known",
				 (ull)mmu->power_domain.v, mmu->name.s);
		diag_label(msg, "the hypervisor could not tell whether it is on");
		diag_help(msg, "9 (A3VP), 14 (A3VC), 24 (A3IR), or 32 for what is always on");
	}
	if (mmu->id_count > IPMMU_UTLBS_MAX) {
		msg = diag_error(d, 325, mmu->ids_pos, "'%s' cannot have %u micro-TLBs", mmu->name.s, mmu->id_count);
		diag_help(msg, "an IPMMU has %u at the most", IPMMU_UTLBS_MAX);
	}
}

void check_ipmmus(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	size_t units = 0;

	if (m->ipmmu_user == MODEL_NONE || m->ipmmu_root >= b->iommu_count) {
		return;
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		if (b->iommus[i].type == IOMMU_IPMMU) {
			root_check(d, m, &b->iommus[i], i);
			unit_check(d, &b->iommus[i]);
			if (++units == IPMMU_UNITS_MAX + 1) {
				diag_error(d, 323, b->iommus[i].pos, "'%s' is one IPMMU more than can be driven: %u",
					   b->iommus[i].name.s, IPMMU_UNITS_MAX);
			}
		}
	}
	uint64_t bits = b->pa_bits.given ? b->pa_bits.v : 40;
	if (bits < BITS_MIN || bits > BITS_MAX) {
		struct diag_msg *msg = diag_error(d, 326, b->pa_bits.pos, "an IPMMU cannot share page tables for %llu "
						  "address bits", (ull)bits);
		diag_note(msg, b->devices[m->ipmmu_user].pos, "'%s' is the first device that needs it, declared",
			  b->devices[m->ipmmu_user].name.s);
		diag_help(msg, "'physical-address-bits' is %u or %u on a board with an R-Car's IPMMU", BITS_MIN,
			  BITS_MAX);
	}
}
