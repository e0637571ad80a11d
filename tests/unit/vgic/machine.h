/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small machine for the virtual GIC's tests: four CPUs, two domains, the real
 * drivers and the real virtual GIC on the GIC models.
 *
 * Domain 0 has CPUs 0, 2, 3, domain 1 has CPU 1. INTIDs: see the masks in machine.c.
 */
#ifndef TESTS_UNIT_VGIC_MACHINE_H
#define TESTS_UNIT_VGIC_MACHINE_H

#include "domain/domain.h"
#include "models/gic.h"

#define MACHINE_CPUS 4u
#define MACHINE_DOMAINS 2u
#define MACHINE_UART 35u /* SPI of the hypervisor's own */

#define GICD_BASE UINT64_C(0x8000000)
#define GICC_BASE UINT64_C(0x8010000)
#define GICH_BASE UINT64_C(0x8030000)
#define GICR_BASE UINT64_C(0x80a0000)

/* In the test's own file: what depends on the version. */
extern struct gicm_config machine_gic;

extern const struct domain_desc machine_domains[MACHINE_DOMAINS];
extern const struct cpu_desc machine_cpus[MACHINE_CPUS];
/* The domains that machine_start() brings up: machine_domains, or a test's own. */
extern const struct domain_desc *machine_descs;

/* Resets models and hypervisor state, brings all CPUs and domains up. `lrs`: list
 * registers of the hardware. */
void machine_start(uint32_t lrs);
/* The vCPU's CPU goes off and comes on again. */
void machine_cpu_off(struct vcpu *v);
void machine_cpu_on(struct vcpu *v);

/* A CPU that takes no interrupts, as if it were stuck in EL2; MACHINE_CPUS: none. */
extern uint32_t machine_deaf;

/* EL2 takes all physical interrupts that are signalled to a CPU, or to all. */
void machine_take(uint32_t cpu);
void machine_settle(void);

/* What a guest does, then all CPUs settle. False: external abort, or undefined. */
bool machine_gicd(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value);
bool machine_gicr(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value);
/* 32-bit shorthands that must succeed. INTID 0..31 at `offset`: GICv3's own SGI frame. */
uint32_t machine_read(struct vcpu *v, uint32_t offset);
void machine_write(struct vcpu *v, uint32_t offset, uint32_t value);
void machine_sgi(struct vcpu *v, struct vcpu *to, uint32_t sgi);
void machine_line(struct vcpu *v, uint32_t intid, bool level);
void machine_set_virq(uint32_t cpu, struct domain *d, uint32_t intid, bool level);
/* The highest interrupt that is signalled, acknowledged; GICM_SPURIOUS: none. */
uint32_t machine_ack(struct vcpu *v);
void machine_eoi(struct vcpu *v, uint32_t iar);
void machine_dir(struct vcpu *v, uint32_t iar);
/* What the guest's own registers say: nothing masked, all groups. */
void machine_open(struct vcpu *v, bool eoimode);

/* Repeatable random numbers. */
void machine_seed(uint64_t seed);
uint32_t machine_random(uint32_t below);

#endif
