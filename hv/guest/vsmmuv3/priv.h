/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the virtual SMMUv3. The caller holds its lock unless it says
 * otherwise. */
#ifndef HV_GUEST_VSMMUV3_PRIV_H
#define HV_GUEST_VSMMUV3_PRIV_H

#include "domain/domain.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "iommu/nested.h"
#include "iommu/smmuv3_stage1.h"

/* What one exit does at the most: guest's commands; entries of its stream table, of which
 * one that the SMMU has to read again takes as long as a command. With more to do it goes
 * on at the guest's next access, or at the alarm. */
#define VSMMU_COMMANDS 32u
#define VSMMU_ENTRIES 2048u
#define VSMMU_COMMAND_COST (VSMMU_ENTRIES / VSMMU_COMMANDS)
#define VSMMU_ALARM_US 200
#define VSMMU_EVENTS 64u

/* Entries of the stream table that are read at a time. */
#define VSMMU_CHUNK 32u

_Static_assert(VSMMU_CHUNK <= IOMMU_BATCH && VSMMU_COMMANDS <= IOMMU_BATCH, "one call each");

/* What the walk over the guest's stream table is for. */
enum vsmmu_walk {
	WALK_NONE = 0,
	WALK_ENABLE,  /* SMMUEN became 1: CR0ACK follows when it is done */
	WALK_COMMAND, /* the CFGI command at CMDQ_CONS */
};

struct vsmmu {
	struct spinlock lock;
	struct domain *domain;
	const struct vsmmu_desc *desc;
	uint32_t smmus;  /* of board.smmus, those with streams of it */
	uint32_t poked;  /* events wait for it: any CPU, with atomics */
	uint32_t busy;   /* something is left to do, or it is not on; read by any CPU */
	bool on;         /* false: not there, all registers read as zero */
	bool failed;     /* GERROR.SFM_ERR: an SMMU does not do what it is told */
	bool touched;    /* its streams may be otherwise than the image has them, which is abort */
	bool coherent;
	uint32_t idr0, idr1, idr3, idr5, iidr, aidr;
	uint32_t cr0, cr0ack, cr1, cr2, gbpa, irq_ctrl;
	uint32_t gerror, gerrorn;
	uint32_t strtab_cfg;
	uint64_t strtab_base, cmdq_base, evtq_base;
	/* CMDQ_CONS without ERR; queue positions have their wrap bit above. */
	uint32_t cmdq_prod, cmdq_cons, cmdq_err;
	uint32_t evtq_prod, evtq_cons;
	uint32_t cmdq_mask, evtq_mask; /* bits of a position, by the size in *_BASE */
	uint32_t walk; /* enum vsmmu_walk */
	uint64_t walk_at, walk_end; /* virtual stream IDs */
	/* The page of the guest's RAM that was looked at last. */
	bool page_known;
	uint64_t page_ipa, page_pa;
	uint32_t room; /* of this exit, in entries; a command takes that of several */
};

/* vsmmuv3.c */

/* All of the domain's streams by GBPA; or by its table, of which nothing is known yet, if
 * SMMUEN is 1. */
void vsmmu_set_all(struct vsmmu *v);

/* regs.c; offset and size are those of an aligned access of 4 or 8 bytes */

uint64_t vsmmu_read(struct vsmmu *v, uint64_t offset, uint32_t size);
/* Of 4 bytes; needs no lock. */
uint32_t vsmmu_read32(const struct vsmmu *v, uint64_t offset);
void vsmmu_write(struct vsmmu *v, uint64_t offset, uint32_t size, uint64_t value);
/* As out of reset, but for what says which SMMU it is. */
void vsmmu_reset_regs(struct vsmmu *v);
/* The ID registers by what the SMMUs behind it have in common. */
void vsmmu_set_ids(struct vsmmu *v, const struct iommu_ids *ids);

/* cmdq.c */

/* Runs commands of the guest's queue, as far as there is room, or up to one that takes a
 * walk. */
void vsmmu_run(struct vsmmu *v);
/* How many the queue holds. PROD further ahead than the queue is long: as if full. */
static inline uint32_t vsmmu_commands(const struct vsmmu *v)
{
	uint32_t left = (v->cmdq_prod - v->cmdq_cons) & v->cmdq_mask;
	uint32_t size = (v->cmdq_mask >> 1) + 1;

	return left < size ? left : size;
}

/* Whether there are any that may be run. */
static inline bool vsmmu_has_commands(const struct vsmmu *v)
{
	return v->cmdq_prod != v->cmdq_cons && (v->cr0ack & CR0_CMDQEN) != 0 &&
	       ((v->gerror ^ v->gerrorn) & GERROR_CMDQ) == 0 && !v->failed;
}

/* The `count` commands at CMDQ_CONS are done. */
static inline void vsmmu_pass_commands(struct vsmmu *v, uint32_t count)
{
	__atomic_store_n(&v->cmdq_cons, (v->cmdq_cons + count) & v->cmdq_mask, __ATOMIC_RELEASE);
}

/* decode.c */

enum vsmmu_kind {
	COMMAND_ILLEGAL = 0, /* CERROR_ILL */
	COMMAND_NOTHING,
	COMMAND_SYNC,
	COMMAND_STREAMS, /* reads stream table entries first..last anew */
	COMMAND_CD,      /* for the SMMU behind stream ID first, with its ID there */
	COMMAND_TLBI,    /* for all SMMUs */
};

struct vsmmu_command {
	enum vsmmu_kind kind; /* the others have values only where it says so */
	uint64_t first, last; /* COMMAND_STREAMS, _CD: virtual stream IDs */
	uint64_t w[2];        /* COMMAND_TLBI, _CD: for the hardware, but for the stream ID */
	bool interrupt;       /* COMMAND_SYNC: CS is SIG_IRQ */
};

/* Decodes a command by what the guest was promised (IDRs), all of it or none. */
void vsmmu_decode(const struct vsmmu *v, const uint64_t w[2], struct vsmmu_command *c);

/* strtab.c */

/* The run of virtual stream IDs that `virt` is in; NULL: none. */
const struct vstream_desc *vsmmu_find_stream(const struct vsmmu_desc *d, uint64_t virt);

/* Words 0 and 1 of a guest's STE become what they ask for; 0 if it is invalid or illegal. */
void vsmmu_decode_ste(const struct vsmmu *v, struct iommu_stage1 *ste);
/* What the entry of a virtual stream ID is now, as that; or why there is none: returns
 * EVT_C_BAD_STREAMID, or EVT_F_STE_FETCH with what could not be read at *ipa. Else 0. */
uint32_t vsmmu_read_ste(struct vsmmu *v, uint64_t virt, struct iommu_stage1 *ste, uint64_t *ipa);
/* Reads entries first..last, from now on; vsmmu_walk() does some of it. */
void vsmmu_begin_walk(struct vsmmu *v, enum vsmmu_walk what, uint64_t first, uint64_t last);
/* True: it is done. */
bool vsmmu_walk(struct vsmmu *v);

/* queue.c */

/* Guest memory at `ipa`, `size` bytes of it in one page, once. False: not its RAM. */
bool vsmmu_read_memory(struct vsmmu *v, uint64_t ipa, void *to, uint32_t size);
/* The first `size` bytes of each of `count` items of `stride` bytes, all in one page. */
bool vsmmu_read_items(struct vsmmu *v, uint64_t ipa, void *to, uint32_t size, uint32_t stride,
		      uint32_t count);
bool vsmmu_write_memory(struct vsmmu *v, uint64_t ipa, const void *from, uint32_t size);
/* IPA of an entry of 2^shift bytes at a position of a queue, by its BASE register; `mask`:
 * the bits that a position has. */
uint64_t vsmmu_queue_at(uint64_t base, uint32_t mask, uint32_t position, uint32_t shift);
/* Those bits: LOG2SIZE, at the most `most`, and the wrap bit. */
uint32_t vsmmu_queue_mask(uint64_t base, uint32_t most);

/* event.c */

/* A global error becomes active, if it is not. */
void vsmmu_raise(struct vsmmu *v, uint32_t gerror);
/* An edge of an interrupt. */
void vsmmu_pulse(struct vsmmu *v, uint32_t intid);
/* Hands on what the SMMUs had to say. */
void vsmmu_take_events(struct vsmmu *v);

#endif
