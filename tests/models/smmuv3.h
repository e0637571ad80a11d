/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model of the Arm SMMUv3 (IHI 0070): registers, stream table, contexts, stage 1 and
 * stage 2 with TLBs and configuration caches that keep what they have until they are told
 * to forget it, command and event queues, global errors, interrupts. `qemu` makes it
 * deviate as QEMU 10.0 does. It takes no constant from the driver that it judges.
 */
#ifndef TESTS_MODELS_SMMUV3_H
#define TESTS_MODELS_SMMUV3_H

#include "types.h"

#define SMMUM_MAX 2
#define SMMUM_STUCK UINT32_MAX

enum smmum_irq {
	SMMUM_IRQ_EVTQ = 1,
	SMMUM_IRQ_GERROR = 2,
	SMMUM_IRQ_SYNC = 4,
};

struct smmum_config {
	uint64_t base;
	uint32_t idr0, idr1, idr3, idr5;
	bool qemu;
	/* Reads of an acknowledgement until it comes; SMMUM_STUCK: never. */
	uint32_t ack_delay;
	/* Commands that it does at each read of CMDQ_CONS; 0: all at once when PROD is
	 * written; SMMUM_STUCK: none ever. */
	uint32_t cmd_rate;
	/* What firmware left: GBPA, and CR0. */
	uint32_t gbpa, cr0;
	/* An edge of an interrupt line. NULL: nobody listens. */
	void (*irq)(uint32_t n, enum smmum_irq line);
	/* Sees each STE that is read and each command that is done or refused. NULL: nobody. */
	void (*seen_ste)(uint32_t n, uint32_t sid, const uint64_t ste[8]);
	void (*seen_command)(uint32_t n, const uint64_t command[2]);
	/* What a broken SMMU shows in place of `value`. NULL: it is not broken. */
	uint64_t (*twist)(uint32_t n, uint32_t reg, uint64_t value);
};

/* Puts SMMU n into the machine, out of reset. */
void smmum_init(uint32_t n, const struct smmum_config *config);

/* The machine's RAM, for all SMMUs: forgotten by smmum_reset(). `device` is what they
 * see of it if that is not what CPUs see: then caches have to be cleaned. */
void smmum_reset(void);
void smmum_add_ram(uint64_t base, uint64_t size, void *cpu, void *device);
/* What arch_dcache_clean() and arch_dcache_invalidate() do: p lies in such RAM. */
void smmum_cache_clean(const void *p, uint64_t size);
void smmum_cache_invalidate(const void *p, uint64_t size);
bool smmum_ram_read(uint64_t pa, void *data, uint32_t size);
bool smmum_ram_write(uint64_t pa, const void *data, uint32_t size);

/* A device's access. */
struct smmum_access {
	uint32_t sid;
	uint64_t address;
	bool write;
	bool fetch;
	bool has_ssid; /* it is a substream's */
	uint32_t ssid;
};

/* Translates it. False: it is aborted; an event may have been recorded. */
bool smmum_translate(uint32_t n, const struct smmum_access *a, uint64_t *pa);
/* The same, and reads or writes `size` bytes, which lie in one page. */
bool smmum_dma(uint32_t n, uint32_t sid, uint64_t address, void *data, uint32_t size, bool write);

/* The SMMU looks at a stream's configuration now, as it may at any time. */
void smmum_prefetch(uint32_t n, uint32_t sid);

/* What software did that the architecture does not allow, so far; the last of it. */
uint32_t smmum_violations(uint32_t n);
const char *smmum_violation(uint32_t n);
/* Raises global errors (bits of GERROR), as hardware does by itself. */
void smmum_global_error(uint32_t n, uint32_t bits);
/* Records an event of any content. */
void smmum_event(uint32_t n, const uint64_t record[4]);
void smmum_set_cmd_rate(uint32_t n, uint32_t rate);
void smmum_set_ack_delay(uint32_t n, uint32_t delay);

/* What has happened in all SMMUs since the program began. */
struct smmum_counts {
	uint64_t commands[256]; /* done, by opcode */
	uint64_t events[256];   /* recorded for a cause of the model's own, by ID */
	uint32_t cerrors;       /* a bit for each CERROR of a command */
	uint32_t gerrors;       /* bits of GERROR that have become active */
};
extern struct smmum_counts smmum_counts;

#endif
