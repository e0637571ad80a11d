/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the SMMUv3 model. */
#ifndef TESTS_MODELS_SMMUV3_PRIV_H
#define TESTS_MODELS_SMMUV3_PRIV_H

#include "models/smmuv3.h"

#define CFG_CACHE 64
#define CONTEXT_CACHE 64
#define L1_CACHE 16
#define TLB_CACHE 64
#define PAIR_CACHE 64
#define ANY UINT32_MAX

/* Bits of one field of a word. */
static inline uint64_t bits(uint64_t w, unsigned int hi, unsigned int lo)
{
	return w >> lo & (~UINT64_C(0) >> (63 - (hi - lo)));
}

enum {
	EV_BAD_STREAMID = 0x02,
	EV_STE_FETCH = 0x03,
	EV_BAD_STE = 0x04,
	EV_STREAM_DISABLED = 0x06,
	EV_BAD_SUBSTREAMID = 0x08,
	EV_CD_FETCH = 0x09,
	EV_BAD_CD = 0x0a,
	EV_WALK_EABT = 0x0b,
	EV_TRANSLATION = 0x10,
	EV_ADDR_SIZE = 0x11,
	EV_ACCESS = 0x12,
	EV_PERMISSION = 0x13,
};

/* What was being translated: CLASS of an event. */
enum class {
	CLASS_CD = 0,
	CLASS_TT = 1,
	CLASS_IN = 2,
};

/* Why an access is aborted. event 0: without a record. */
struct fault {
	uint32_t event;
	bool has_access; /* the record says what was accessed */
	bool stage2;
	bool reads;      /* a read, whatever the device's access is */
	enum class class;
	uint64_t second; /* word 2 where that is not the device's address */
	uint64_t third;  /* word 3: IPA, or what could not be fetched */
};

/* A stream's configuration, as cached. */
struct stream {
	bool valid;
	bool bypass;
	bool stage1;
	bool stage2;
	uint32_t sid;
	struct fault fault; /* every access ends so if `aborts` */
	bool aborts;
	uint64_t ste[8];
};

/* A context descriptor, as cached. */
struct context {
	bool valid;
	bool aborts;
	uint32_t sid;
	uint32_t ssid;
	struct fault fault;
	uint64_t cd[8];
	uint64_t root[2]; /* QEMU: where TTB0 and TTB1 are, found when the CD was read */
};

struct l1_entry {
	bool valid;
	uint32_t index;
	uint64_t desc;
};

/* A stage-2 leaf. */
struct tlb_entry {
	bool valid;
	uint32_t vmid;
	uint64_t ipa;
	uint64_t size;
	uint64_t desc;
};

/* What a stage-1 leaf, and stage 2 below it, make of some addresses. */
struct pair_entry {
	bool valid;
	bool global;
	bool read_only;
	bool privileged;
	bool no_fetch;
	uint32_t vmid;
	uint32_t asid;
	uint32_t level;
	uint64_t va; /* of the piece that this entry translates */
	uint64_t size;
	uint64_t leaf_va; /* of all that the stage-1 leaf does */
	uint64_t leaf_size;
	uint64_t pa;
	uint64_t ipa;
	uint64_t stage2; /* descriptor of the stage-2 leaf */
};

/* What stage 2 is asked for. */
struct want {
	bool write;
	bool fetch;
	bool cached; /* by IPA, for later */
	enum class class;
};

struct smmum {
	struct smmum_config config;
	uint32_t violations;
	const char *violation;
	uint32_t cr0, cr0ack, cr1, cr2, gbpa, gbpa_new, irq_ctrl, irq_ctrlack;
	uint32_t cr0_wait, gbpa_wait, irq_wait; /* reads left until it takes effect */
	uint32_t gerror, gerrorn;
	uint64_t strtab_base, cmdq_base, evtq_base;
	uint32_t strtab_cfg;
	uint32_t cmdq_prod, cmdq_cons, evtq_prod, evtq_cons;
	struct stream streams[CFG_CACHE];
	struct l1_entry l1[L1_CACHE];
	struct tlb_entry tlb[TLB_CACHE];
	struct context contexts[CONTEXT_CACHE];
	struct context unkept;
	struct pair_entry pairs[PAIR_CACHE];
	uint32_t next_stream, next_l1, next_tlb, next_context, next_pair;
};

extern struct smmum smmum_all[SMMUM_MAX];

static inline uint32_t smmum_number(const struct smmum *m)
{
	return (uint32_t)(m - smmum_all);
}

/* STE.S1CDMax, which is ignored where there are no substreams (IDR1.SSIDSIZE). */
static inline uint64_t smmum_cdmax(const struct smmum *m, const uint64_t ste[8])
{
	return bits(m->config.idr1, 10, 6) != 0 || m->config.qemu ? bits(ste[0], 63, 59) : 0;
}

static inline uint32_t smmum_oas(const struct smmum *m)
{
	static const uint8_t size[] = {32, 36, 40, 42, 44, 48, 52, 56};

	return size[m->config.idr5 & 7];
}

void smmum_complain(struct smmum *m, const char *what);
void smmum_pulse(struct smmum *m, enum smmum_irq line);
void smmum_raise(struct smmum *m, uint32_t gerror);

/* Executes commands, at most `max`. */
void smmum_run(struct smmum *m, uint32_t max);
void smmum_record(struct smmum *m, const uint64_t record[4]);

/* Bits of an address for a size as IDR5.OAS, STE.S2PS and CD.IPS have it, within OAS. */
uint32_t smmum_pa_bits(const struct smmum *m, uint64_t code);

/* Configuration of a stream, from the cache or the table. */
const struct stream *smmum_stream(struct smmum *m, uint32_t sid);
/* Forgets streams first..last, with their contexts; their level-1 descriptors too, unless
 * `leaf`. */
void smmum_forget_streams(struct smmum *m, uint64_t first, uint64_t last, bool leaf);

/* The context of an access, from the cache or the stream's table. NULL: stage 1 is not
 * for it, by STE.S1DSS. */
const struct context *smmum_context(struct smmum *m, const struct stream *s, const struct smmum_access *a);
/* Forgets contexts of streams first..last; of one substream, unless ANY. */
void smmum_forget_contexts(struct smmum *m, uint64_t first, uint64_t last, uint32_t ssid);

/* Both stages for an address. False: *f says why not. */
bool smmum_stage1(struct smmum *m, const struct stream *s, const struct context *c,
		  const struct smmum_access *a, uint64_t *pa, struct fault *f);
/* Forgets what stage 1 made of addresses, by VMID and ASID or ANY. */
void smmum_forget_space(struct smmum *m, uint32_t vmid, uint32_t asid);
/* The same for [va, va + size), in global leaves too; of one level, unless 0. */
void smmum_forget_range(struct smmum *m, uint32_t vmid, uint32_t asid, uint64_t va, uint64_t size,
			uint32_t level);

/* Stage 2 of a stream for an IPA: the leaf, and in it the descriptor and where it starts.
 * False: *f says why not. */
bool smmum_stage2(struct smmum *m, const struct stream *s, uint64_t ipa, const struct want *w,
		  struct tlb_entry *leaf, struct fault *f);
/* Where in the leaf's PAs an IPA is. */
uint64_t smmum_output(const struct tlb_entry *leaf, uint64_t ipa);
/* Whether the leaf lets it happen. */
bool smmum_leaf_allows(const struct stream *s, uint64_t desc, const struct want *w, uint64_t third,
		       struct fault *f);
/* Whether the STE's stage-2 fields can be used. */
bool smmum_stage2_is_legal(const struct smmum *m, const uint64_t ste[8]);
/* Forgets leaves of stage 2 alone, of a VMID (ANY: of all) that touch [ipa, ipa + size). */
void smmum_forget_leaves(struct smmum *m, uint32_t vmid, uint64_t ipa, uint64_t size);

#endif
