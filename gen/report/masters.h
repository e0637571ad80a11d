/* SPDX-License-Identifier: Apache-2.0 */
/* The board's DMA masters, and what holds each back. */
#ifndef GEN_REPORT_MASTERS_H
#define GEN_REPORT_MASTERS_H

#include "plan/plan.h"

enum master_kind {
	MASTER_PROTECTED,   /* an IOMMU translates for all it does, or aborts it */
	MASTER_UNPROTECTED, /* none does, and it is a domain's */
	MASTER_NEAR,        /* none does, and nobody has it, but its registers are in a domain's pages */
	MASTER_IDLE,        /* none does, but no domain can start it */
	MASTER_KINDS,
};

struct master {
	size_t device;
	size_t owner;   /* domain, MODEL_NONE: nobody */
	size_t reacher; /* domain that has its registers: the owner, or whose page it lies in */
	enum master_kind kind;
};

/* A link of a device to an IOMMU. */
struct wire {
	const struct m_iommu_link *link;
	size_t master; /* index into masters.list */
};

struct masters {
	struct master *list; /* in the board file's order */
	size_t count;
	size_t kinds[MASTER_KINDS]; /* how many there are of each */
	struct wire *wires;  /* by IOMMU, then ID */
	size_t wire_count;
	size_t *first;       /* wires of IOMMU i: first[i]..first[i + 1]-1 */
};

/* In the plan's arena. */
void masters_list(struct masters *ms, const struct plan *p);

#endif
