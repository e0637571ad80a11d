/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the SMMUv3 model. */
#ifndef TESTS_MODELS_SMMUV3_PRIV_H
#define TESTS_MODELS_SMMUV3_PRIV_H

#include "models/smmuv3.h"

#define CFG_CACHE 64
#define L1_CACHE 16
#define TLB_CACHE 64

/* Bits of one field of a word. */
static inline uint64_t bits(uint64_t w, unsigned int hi, unsigned int lo)
{
	return w >> lo & (~UINT64_C(0) >> (63 - (hi - lo)));
}

enum {
	EV_BAD_STREAMID = 0x02,
	EV_STE_FETCH = 0x03,
	EV_BAD_STE = 0x04,
	EV_WALK_EABT = 0x0b,
	EV_TRANSLATION = 0x10,
	EV_ADDR_SIZE = 0x11,
	EV_ACCESS = 0x12,
	EV_PERMISSION = 0x13,
};

/* Why an access is aborted. event 0: without a record. */
struct fault {
	uint32_t event;
	bool has_access; /* the record says what was accessed */
	bool stage2;
	uint64_t third; /* word 3: IPA, or what could not be fetched */
};

/* A stream's configuration, as cached. */
struct stream {
	bool valid;
	bool bypass;
	uint32_t sid;
	struct fault fault; /* every access ends so if `aborts` */
	bool aborts;
	uint64_t ste[8];
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
	uint32_t next_stream, next_l1, next_tlb;
};

extern struct smmum smmum_all[SMMUM_MAX];

static inline uint32_t smmum_number(const struct smmum *m)
{
	return (uint32_t)(m - smmum_all);
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

/* Configuration of a stream, from the cache or the table. */
const struct stream *smmum_stream(struct smmum *m, uint32_t sid);
/* Forgets streams first..last; their level-1 descriptors too, unless `leaf`. */
void smmum_forget_streams(struct smmum *m, uint64_t first, uint64_t last, bool leaf);

/* Stage 2 of a stream for an IPA. False: *f says why not. */
bool smmum_stage2(struct smmum *m, const struct stream *s, uint64_t ipa, const struct smmum_access *a,
		  uint64_t *pa, struct fault *f);
/* Whether the STE's stage-2 fields can be used. */
bool smmum_stage2_is_legal(const struct smmum *m, const uint64_t ste[8]);
/* Forgets leaves of a VMID (UINT32_MAX: of all) that touch [ipa, ipa + size). */
void smmum_forget_leaves(struct smmum *m, uint32_t vmid, uint64_t ipa, uint64_t size);

#endif
