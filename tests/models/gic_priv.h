/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the gic_*.c models. */
#ifndef TESTS_MODELS_GIC_PRIV_H
#define TESTS_MODELS_GIC_PRIV_H

#include "models/gic.h"

#define LEVELS 32 /* of priority */

struct gicm_irq {
	bool enabled, active, group1, edge;
	bool latch; /* edge seen, or ISPENDR */
	bool line;
	uint8_t prio;
	uint8_t sources; /* GICv2 SGI: CPU interfaces that sent it */
	uint8_t targets; /* GICv2 */
	uint64_t router; /* GICv3 */
};

struct gicm_cpu {
	struct gicm_irq banked[32];
	/* Physical CPU interface */
	bool on;
	bool eoimode;
	bool asleep;
	bool sre;
	uint8_t pmr;
	uint32_t active; /* priority levels in progress: bit = priority / 8 */
	uint16_t running[LEVELS]; /* their INTIDs */
	/* Virtual interface control */
	uint32_t hcr;
	uint64_t lr[16];
	uint32_t apr[2];
	/* Virtual CPU interface */
	uint8_t vpmr;
	uint32_t vgroups;
	bool veoimode;
	/* gicm_highest() as of that change of the model */
	uint64_t seen;
	uint32_t highest;
};

extern struct gicm {
	struct gicm_config cfg;
	uint64_t changes; /* counts what may change what is signalled */
	uint32_t ctlr;
	struct gicm_irq spi[GICM_INTIDS];
	struct gicm_cpu cpu[MODEL_CPUS];
} gicm;

struct gicm_irq *gicm_find(uint32_t cpu, uint32_t intid);
bool gicm_pending(uint32_t cpu, uint32_t intid);
/* The register files at GICD offsets 0x80..0xfff, INTID 0..31 those of `cpu`. */
uint64_t gicm_file_read(uint32_t cpu, uint32_t reg, uint32_t size);
void gicm_file_write(uint32_t cpu, uint32_t reg, uint32_t size, uint64_t value);
uint32_t gicm_ack(uint32_t cpu);
void gicm_drop(uint32_t cpu, uint32_t iar);
void gicm_deactivate(uint32_t cpu, uint32_t iar);
/* CPU receives an SGI from CPU `from`. */
void gicm_sgi(uint32_t cpu, uint32_t sgi, uint32_t from);

/* gic_its.c: of an ITS, if there is one. */
void itsm_add(void);
/* LPI registers of a redistributor; false: another register. */
bool itsm_gicr_read(uint32_t cpu, uint32_t reg, uint64_t *value);
bool itsm_gicr_write(uint32_t cpu, uint32_t reg, uint64_t value);
/* The pending LPI of the highest priority above *limit. */
bool itsm_highest(uint32_t cpu, uint32_t *intid, uint32_t *limit);
/* It is pending no more: its priority. */
uint8_t itsm_ack(uint32_t cpu, uint32_t intid);

void gicm_v2_add(void);
void gicm_v3_add(void);

/* Virtual interface control, list registers in GICv3's layout. */
void gicm_write_lr(uint32_t cpu, uint32_t n, uint64_t lr);
uint32_t gicm_elrsr(uint32_t cpu);
uint32_t gicm_eisr(uint32_t cpu);
uint32_t gicm_misr(uint32_t cpu);
void gicm_lr_check(uint32_t cpu);

#endif
