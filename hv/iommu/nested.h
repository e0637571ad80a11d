/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 1 for domains with a virtual SMMU (guest/vsmmuv3), under the stage 2 that the
 * tables give their streams. What is passed in here has been decoded and checked; it is
 * masked once more on its way to the stream table and to the command queue.
 *
 * Whenever a call returns, all that it queued has been done: the command queue is empty
 * when the next caller gets the SMMU, so that no domain's commands take the hypervisor's
 * place in it. A call adds IOMMU_BATCH commands at the most.
 */
#ifndef HV_IOMMU_NESTED_H
#define HV_IOMMU_NESTED_H

#include "types.h"

#define IOMMU_BATCH 32

/* ID registers (IHI 0070, 6.3), of several SMMUs what all of them have: the smaller of
 * each size, of BBML and of the architecture's version. */
struct iommu_ids {
	uint32_t idr0, idr1, idr3, idr5, iidr, aidr;
	bool coherent; /* the description promises that all of them see the CPUs' caches */
};

/* `smmus`: a bit for each of board.smmus. False: one of them has been given up, or cannot
 * translate in two stages. */
bool iommu_nested_ids(uint32_t smmus, struct iommu_ids *ids);

/* What a guest says of a stream: words 0 and 1 of its STE with V, Config 0, 4 or 5 and the
 * fields of stage 1 that it may set (IHI 0070, 5.2), all else 0. All 0: it is invalid. */
struct iommu_stage1 {
	uint64_t w[2];
};

/* From now on the guest's entries count, none of which is known: all are invalid. On CPU
 * `cpu`. False: an SMMU has been given up. iommu_domain_block() and _unblock() end it. */
bool iommu_nested_begin(uint32_t domain, uint32_t cpu);

/* Gives streams sid..sid+count-1 (at the most IOMMU_BATCH) of board.smmus[smmu], which are
 * all of `domain`, what their entries say; one that cannot have it is aborted. On CPU
 * `cpu`. *reread: so many entries the SMMU had to read again, which takes it time. False:
 * the SMMU has been given up. */
bool iommu_nested_install(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t count,
			  const struct iommu_stage1 *ste, uint32_t cpu, uint32_t *reread);

/* The same for streams from `sid` on, at the most *count, whose entries are invalid. *count
 * becomes how many that was: it ends with IOMMU_BATCH that were read again. */
bool iommu_nested_abort(uint32_t smmu, uint32_t domain, uint32_t sid, uint32_t *count, uint32_t cpu,
			uint32_t *reread);

/* A command as the SMMU takes it, for each of `smmus`. */
struct iommu_command {
	uint64_t w[2];
	uint32_t smmus;
};

/* Has the commands (at the most IOMMU_BATCH) done, in their order. False: an SMMU refused
 * one or has been given up. */
bool iommu_nested_run(const struct iommu_command *commands, uint32_t count);

/* Something that happened to a domain's stream: the SMMU's own record, physical addresses
 * and stream ID and all. */
struct iommu_event {
	uint64_t w[4];
	uint32_t smmu;
	/* C_BAD_STE: of an entry that iommu_nested_begin() or _install() had abort, then or since.
	 * So are those of streams that abort without one in the guest's table, where the SMMU's
	 * is shared, or that cannot have what they should. */
	bool aborted;
};

/* From now on, or no more, the domain is told what its stage 1 did; what was kept for it
 * is gone. With more domains that listen than IOMMU_LISTENERS, the console has the events
 * of the others. */
#define IOMMU_LISTENERS 16u
void iommu_nested_listen(uint32_t domain, bool on);

/* Takes the oldest. False: there is none. *lost: some had no room before this. */
bool iommu_nested_event(uint32_t domain, struct iommu_event *e, bool *lost);

#endif
