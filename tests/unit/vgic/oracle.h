/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the architecture says of one domain's interrupts, kept beside the real thing: a
 * distributor without list registers, without other CPUs' delays. The tests tell it
 * what they do and ask what must and what may be seen.
 *
 * Where hardware-backed delivery may differ from the bare machine without harm, the
 * oracle is of two minds ("maybe"): an edge that arrives while one is pending already
 * may be counted twice, and a level that goes away unserved may still be delivered.
 */
#ifndef TESTS_UNIT_VGIC_ORACLE_H
#define TESTS_UNIT_VGIC_ORACLE_H

#include "types.h"

#define ORACLE_VCPUS 3u
#define ORACLE_INTIDS 96u

struct oracle_irq {
	bool mine, backed;
	bool enabled, active, group1, edge, line;
	bool latch; /* pending for certain, whatever the line */
	bool maybe; /* perhaps pending */
	bool twice; /* perhaps pending again after this time */
	uint8_t prio;
	uint8_t route;   /* GICv3: vCPU; GICv2: set of vCPUs */
	uint8_t senders; /* GICv2 SGIs */
};

struct oracle_cpu {
	struct oracle_irq banked[32];
	uint8_t pmr;
	uint32_t groups;  /* enabled at the CPU interface */
	bool asleep;
	uint32_t running; /* priority; 0x100: idle */
};

struct oracle {
	bool v2;
	uint32_t vcpus;
	uint32_t ctlr;
	struct oracle_irq spi[ORACLE_INTIDS];
	struct oracle_cpu cpu[ORACLE_VCPUS];
};

struct oracle_irq *oracle_irq(struct oracle *o, uint32_t vcpu, uint32_t intid);
bool oracle_pending(const struct oracle_irq *q);

/* Whether vCPU may take the interrupt now; *must: nobody else can. */
bool oracle_deliverable(struct oracle *o, uint32_t vcpu, uint32_t intid, bool *must);
/* The best priority that must be signalled to the vCPU; 0x100: nothing must be. */
uint32_t oracle_best(struct oracle *o, uint32_t vcpu);

void oracle_line(struct oracle_irq *q, bool level);
void oracle_ack(struct oracle_irq *q);
void oracle_set_pending(struct oracle_irq *q);
void oracle_clear_pending(struct oracle_irq *q);

#endif
