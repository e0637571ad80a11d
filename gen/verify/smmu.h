/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SMMUv3: what the YAML says, and the stream table as the hardware walks it
 * (IHI 0070, 3.3 and 5.2), read by the architecture's words and no other program's.
 */
#ifndef VERIFY_SMMU_H
#define VERIFY_SMMU_H

#include <stdbool.h>
#include <stdint.h>

/* What a stream table makes of one stream ID. */
enum ste_kind {
	STE_ABORT,  /* no entry, or an invalid one that is all zero */
	STE_STAGE2, /* translated by stage 2 alone */
	STE_HELD,   /* aborted; but for that, as STE_STAGE2 */
	STE_BAD,    /* anything else; `why` says */
};

struct ste {
	enum ste_kind kind;
	uint32_t vmid;
	uint64_t control; /* as VTCR_EL2[18:0] */
	uint64_t root;    /* physical address of the stage-2 root */
	const char *why;
};

/* Decodes the 8 words of a stream table entry. Only the one form that confines DMA
 * on every SMMUv3 is taken: no bypass, no stage 1, no attribute overridden, faults
 * recorded and not stalled, reserved bits zero. */
struct ste ste_decode(const uint64_t words[8]);

/* STRTAB_BASE and STRTAB_BASE_CFG taken apart. */
struct strtab {
	uint64_t base;
	uint64_t bits;  /* of a stream ID */
	uint64_t split; /* bits that index a second-level table; 0: linear */
	uint64_t size;  /* bytes of the table, or of its first level */
	const char *why; /* NULL: well formed */
};

struct strtab strtab_decode(uint64_t base, uint64_t cfg);
/* The second-level table of a first-level descriptor. false: there is none, and
 * `*why` says if that is not because the descriptor is zero. */
bool strtab_next(const struct strtab *t, uint64_t desc, uint64_t *table, const char **why);

#endif
