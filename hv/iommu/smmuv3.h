/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the SMMUv3 driver share.
 *
 * The lock of an SMMU is for its commands and for what they change. Callers hold it,
 * unless it says otherwise; nothing is told meanwhile, as that takes long: what there is
 * to tell is noted, and told when the lock is free. Events and global errors are for
 * whoever has the duty (smmuv3_event.c), whom others' commands do not keep waiting.
 */
#ifndef HV_IOMMU_SMMUV3_H
#define HV_IOMMU_SMMUV3_H

#include "arch/mmio.h"
#include "iommu/iommu.h"
#include "iommu/smmuv3_regs.h"
#include "lib/spinlock.h"
#include "lib/time.h"
#include "tables.h"

_Static_assert(DOMAINS_MAX <= 64, "iommu_work has a bit for each");
_Static_assert(2 * SMMUS_MAX <= IOMMU_IRQS && IOMMU_IRQS <= 32, "so has iommu_turn.irqs");

/* Longest wait for an acknowledgement or for the command queue. An SMMU that needs
 * more is given up, so that each costs one such wait in its life. */
#define SMMUV3_WAIT_US 100000

/* Events and global errors that are looked at within a period; with more, the
 * interrupts are off for the rest of it. Of a domain that has no CPU on, the others look
 * at few at a time. */
#define SMMUV3_PERIOD_US IOMMU_LATER_US
#define SMMUV3_PERIOD_EVENTS 128
#define SMMUV3_FOREIGN_EVENTS 2

/* Whose turn it is to look after events and global errors (smmuv3.duty): nobody's, for
 * there are none, and the SMMU interrupts when there are; somebody is at it; else the
 * domain's with this index less one. */
#define SMMUV3_FREE 0u
#define SMMUV3_BUSY UINT32_MAX

/* Lines on the console: of one stream and kind one a second, and of all together
 * SMMUV3_LINES in SMMUV3_LINES seconds; but one in that time is everybody's due: each
 * domain's, nobody's streams', the SMMU's own. So no domain's storm hides another. */
#define SMMUV3_LINES 8
#define SMMUV3_LINE_US 1000000
#define SMMUV3_SLOTS 12
#define SMMUV3_NOBODY DOMAINS_MAX
#define SMMUV3_ITSELF (DOMAINS_MAX + 1)

struct smmuv3_event {
	uint64_t w[EVT_WORDS];
};

/* What there is to tell of the SMMU itself, as a kind of event behind those of enum
 * smmu_event. */
enum smmuv3_text {
	SMMUV3_TEXT = 0x100,
	SMMUV3_TEXT_PROD = SMMUV3_TEXT, /* EVTQ_PROD makes no sense */
	SMMUV3_TEXT_OVERFLOW,
	SMMUV3_TEXT_ABORT, /* events cannot be written */
	SMMUV3_TEXT_GERROR, /* of a kind that is not known */
	SMMUV3_TEXT_REST, /* reports that no slot counts */
};

/* A kind of event that is to be told, or was lately. */
struct smmuv3_slot {
	uint64_t until;  /* not again before */
	uint32_t owner;  /* whose line it takes: domain, SMMUV3_NOBODY or SMMUV3_ITSELF */
	uint32_t teller; /* the domain whose CPUs tell it */
	uint32_t sid;
	uint32_t kind;  /* enum smmu_event or smmuv3_text */
	uint32_t more;  /* not told since */
	uint32_t order; /* of coming */
	bool used;
	bool fresh; /* `event` is to be told */
	struct smmuv3_event event;
};

/* What came up while the SMMU was locked. One of each: the caller does not go on then. */
struct smmuv3_notes {
	const char *stream_what; /* NULL: nothing about a stream */
	uint32_t stream;
	bool refused;
	uint64_t command[CMD_WORDS];
};

struct smmuv3 {
	const struct smmu_desc *desc;
	struct spinlock lock;
	uint32_t index;
	uint32_t irqs;   /* those of iommu_irq() that are its own: a bit for each */
	uint32_t keeper; /* the domain whose work it is what nobody's streams do */
	uint32_t dead;  /* given up: its DMA is aborted, its registers are left alone */
	bool refused;   /* a command of this batch was */
	uint32_t cr0;   /* last written */
	struct smmuv3_notes notes;
	/* Queue positions, each with its wrap bit above. */
	uint32_t cmd_write; /* behind the last command in the queue */
	uint32_t cmd_prod;  /* the SMMU knows of commands up to here */
	uint32_t cmd_cons;  /* and has taken those up to here */
	/* Changed atomically, and all behind it by whoever made it SMMUV3_BUSY. */
	uint32_t duty;
	uint32_t evt_cons;
	uint32_t evt_overflow; /* EVTQ_OVERFLOW as last acknowledged */
	uint32_t period_events;
	uint64_t period_end;
	uint64_t later;   /* nobody's turn before */
	uint32_t busiest; /* the domain that most of the events were of, lately */
	uint32_t votes;
	/* GERRORN is read, changed and written by whoever handles an error. */
	struct spinlock gerror_lock;
	/* All that is told; held for a short time. */
	struct spinlock report_lock;
	uint32_t lines;    /* told until `lines_end` */
	uint32_t left_out; /* that no slot counts */
	uint32_t left_by;  /* the domain that was the last to cause one of these */
	uint32_t order;
	uint64_t lines_end;
	uint64_t lines_had[2]; /* who has had one: a bit for each */
	struct smmuv3_slot slots[SMMUV3_SLOTS];
};

_Static_assert(SMMUV3_ITSELF < 2 * 64, "lines_had has a bit for each");

struct smmuv3_cmd {
	uint64_t w[CMD_WORDS];
};

/* Whose work is being done, and what comes of it. */
struct smmuv3_turn {
	uint32_t domain;
	bool own;      /* on a CPU of the domain */
	uint64_t now;
	struct iommu_turn to;
};

static inline bool smmuv3_is_dead(const struct smmuv3 *s)
{
	return __atomic_load_n(&s->dead, __ATOMIC_RELAXED) != 0;
}

/* Whether this period has had its events, and the rest waits for the next one. Without the
 * lock: at worst it was so. */
static inline bool smmuv3_is_muted(const struct smmuv3 *s)
{
	return __atomic_load_n(&s->period_events, __ATOMIC_RELAXED) >= SMMUV3_PERIOD_EVENTS &&
	       !time_over(__atomic_load_n(&s->later, __ATOMIC_RELAXED));
}

/* Whether a point in time has passed at another. */
static inline bool smmuv3_over(uint64_t now, uint64_t end)
{
	return (int64_t)(now - end) >= 0;
}

static inline uint32_t smmuv3_read32(const struct smmuv3 *s, uint32_t reg)
{
	return mmio_read32(s->desc->reg.base + reg);
}

static inline void smmuv3_write32(const struct smmuv3 *s, uint32_t reg, uint32_t value)
{
	mmio_write32(s->desc->reg.base + reg, value);
}

static inline void smmuv3_write64(const struct smmuv3 *s, uint32_t reg, uint64_t value)
{
	mmio_write64(s->desc->reg.base + reg, value);
}

/* Entries between two positions of a queue of 2^log2 entries. More than 2^log2 of
 * them cannot be. */
static inline uint32_t smmuv3_queue_used(uint32_t prod, uint32_t cons, uint32_t log2)
{
	return (prod - cons) & (BIT32(log2 + 1) - 1);
}

/* smmuv3_init.c */

/* Brings the SMMU into the state that the tables describe: aborting all until then.
 * False: given up. */
bool smmuv3_init(struct smmuv3 *s);
/* Turns its interrupts on or off; only for who has the duty. False: given up. */
bool smmuv3_set_irqs(struct smmuv3 *s, bool on);
/* Gives the SMMU up: says why, once, and turns it off, so that GBPA.ABORT holds. Returns
 * false, for the caller to return. With or without the lock. */
bool smmuv3_give_up(struct smmuv3 *s, const char *why);

/* smmuv3_cmdq.c */

/* Queues a command. False: given up. */
bool smmuv3_cmdq_add(struct smmuv3 *s, uint64_t w0, uint64_t w1);
/* Has the queued commands done: they have taken effect when it returns true. False:
 * the SMMU refused one of them, or was given up. */
bool smmuv3_cmdq_sync(struct smmuv3 *s);
/* GERROR.CMDQ_ERR is active: makes the queue run again. False: given up. */
bool smmuv3_cmdq_recover(struct smmuv3 *s);
/* Acknowledges global errors, which must be active: any other would count as one from
 * then on. With or without the lock. */
void smmuv3_acknowledge(struct smmuv3 *s, uint32_t errors);

/* smmuv3_event.c: without the lock */

/* An interrupt: finds out whose turn it is, in a fixed number of steps. False: somebody
 * has the duty already. */
bool smmuv3_notice(struct smmuv3 *s, uint32_t *domain);
/* Does what is the domain's to do of events and global errors, as many as this period
 * allows. */
void smmuv3_take_turn(struct smmuv3 *s, struct smmuv3_turn *t);

/* smmuv3_report.c: without the lock, except smmuv3_report_stream() */

/* Has an event told by the domain that it is about. */
void smmuv3_report_event(struct smmuv3 *s, const struct smmuv3_event *e, uint64_t now);
/* Something about the SMMU itself, by whoever kept it busiest. */
void smmuv3_report(struct smmuv3 *s, enum smmuv3_text what, uint64_t now);
/* Tells what the domain is to tell, as far as lines may be told; for another, one line. */
void smmuv3_tell(struct smmuv3 *s, struct smmuv3_turn *t);
/* What is wrong with a stream: told behind smmuv3_release(), if its owner's line may be. */
void smmuv3_report_stream(struct smmuv3 *s, uint32_t sid, const char *what);
/* Unlocks the SMMU, and tells what was noted meanwhile: on the CPU that gave the commands. */
void smmuv3_release(struct smmuv3 *s);
/* The domain whose work a stream's events are. */
uint32_t smmuv3_keeper(const struct smmuv3 *s, uint32_t sid);

/* The board's entry for a stream ID, or NULL. */
const struct stream_desc *smmuv3_find_stream(const struct smmu_desc *d, uint32_t sid);

/* smmuv3_stream.c */

#define STE_SIZE (STE_WORDS * sizeof(uint64_t))

/* Word 0 of a domain's entry in which its guest has no say: DMA goes through stage 2; it
 * aborts; it aborts, and the SMMU records C_BAD_STE. */
#define STE0_PASS (STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_S2))
#define STE0_BLOCK (STE0_V | FIELD_PREP(STE0_CONFIG, STE_CONFIG_ABORT))
#define STE0_INVALID UINT64_C(0)

static inline bool smmuv3_ste_aborts(uint64_t word0)
{
	return (word0 & STE0_V) == 0 || FIELD_GET(STE0_CONFIG, word0) == STE_CONFIG_ABORT;
}

/* A run of entries that lie one behind the other. */
struct smmuv3_run {
	uint64_t pa;    /* of the first */
	uint64_t count; /* 0: the table has none for these stream IDs */
	uint64_t next;  /* the first stream ID behind it */
};

/* Entries of stream IDs sid..end-1, as far as they are one run. */
struct smmuv3_run smmuv3_stream_find(const struct smmuv3 *s, uint64_t sid, uint64_t end);
/* Changes a word of the stream table, which is mapped read-only. */
void smmuv3_stream_store(const struct smmuv3 *s, uint64_t pa, uint64_t value, uint32_t cpu);
/* VMID of the domain's stage 2, which the CPUs and the SMMU share. */
uint64_t smmuv3_stream_vmid(uint32_t domain);
/* Has the SMMU forget every stream table entry and what it knows of the domain's
 * translations. False: given up. */
bool smmuv3_forget_domain(struct smmuv3 *s, uint32_t domain);
/* Sets word 0 of all of the domain's entries to one of those above, and waits until it is
 * so. False: given up. */
bool smmuv3_set_domain(struct smmuv3 *s, uint32_t domain, uint32_t cpu, uint64_t word0);

/* smmuv3.c */

struct smmuv3 *smmuv3_get(uint32_t index);
/* smmuv3_set_domain() on each SMMU; the caller holds no lock of theirs. */
bool smmuv3_set_all(uint32_t domain, uint32_t cpu, uint64_t word0);

/* smmuv3_group.c; the first two in nested_none.c where no domain has a virtual SMMU */

void smmuv3_nested_init(const struct smmuv3 *s);
/* Where a page stands in for one that several groups of streams share: the same place
 * there, else 0. */
uint64_t smmuv3_nested_under(const struct smmuv3 *s, uint64_t pa);
/* What the hypervisor may read, of the stream table, at `pa`. */
const uint64_t *smmuv3_nested_at(uint64_t pa);
/* Whether the entry at `pa` of stream `sid` is for that stream alone. */
bool smmuv3_nested_is_own(const struct smmuv3 *s, uint32_t sid, uint64_t pa);
/* Makes it so. False: that cannot be, which has been told, or given up. */
bool smmuv3_nested_split(struct smmuv3 *s, uint32_t domain, uint32_t sid, uint32_t cpu);
/* Puts the shared second levels back where a group's own page says the same: entries that
 * abort are alike. False: given up. */
bool smmuv3_nested_join(struct smmuv3 *s, uint32_t cpu);
/* Waits until what was queued has taken effect. False: given up. */
bool smmuv3_nested_sync(struct smmuv3 *s);

/* smmuv3_nested.c; nested_none.c */

/* When all of the domain's streams have been blocked or let through: nothing of what its
 * guest said is left in them. False: given up. */
bool smmuv3_nested_clear(struct smmuv3 *s, uint32_t domain, uint32_t cpu);

/* smmuv3_guest.c; nested_none.c */

/* Keeps an event for the guest that it is about. True: it is no business of the console. */
bool smmuv3_guest_event(const struct smmuv3 *s, const struct smmuv3_event *e);
/* Events of whoever's may have been lost. Returns those who are to hear of it. */
uint64_t smmuv3_guest_lost(void);

#endif
