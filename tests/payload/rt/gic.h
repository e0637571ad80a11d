/* SPDX-License-Identifier: Apache-2.0 */
/* GICv2 (ARM IHI 0048B) and GICv3 (ARM IHI 0069H) as a guest uses them: group 1, EOImode 0. */
#ifndef PAYLOAD_RT_GIC_H
#define PAYLOAD_RT_GIC_H

#include "arch.h"
#include "machine.h"

#define GICD_CTLR 0x0000
#define GICD_TYPER 0x0004
#define GICD_IIDR 0x0008
#define GICD_IGROUPR 0x0080
#define GICD_ISENABLER 0x0100
#define GICD_ICENABLER 0x0180
#define GICD_ISPENDR 0x0200
#define GICD_ICPENDR 0x0280
#define GICD_ISACTIVER 0x0300
#define GICD_ICACTIVER 0x0380
#define GICD_IPRIORITYR 0x0400
#define GICD_ITARGETSR 0x0800
#define GICD_ICFGR 0x0c00
#define GICD_SGIR 0x0f00
#define GICD_IROUTER 0x6000
#define GIC_PIDR2 0xffe8 /* GICv3 frames of 64 KiB */
#define GICV2_PIDR2 0x0fe8
#define GICR_TYPER 0x0008
#define GICR_WAKER 0x0014
#define GICR_SGI 0x10000 /* offset of the SGI frame; GICD_* numbers apply there */

#define GICC_CTLR 0x00
#define GICC_PMR 0x04
#define GICC_BPR 0x08
#define GICC_IAR 0x0c
#define GICC_EOIR 0x10

#define GIC_SPURIOUS 1020u /* and above */
#define GIC_COUNTED 512u

/* Interrupts taken so far, by CPU index and INTID. */
extern volatile uint32_t gic_count[MACHINE_CPUS_MAX][GIC_COUNTED];

/* The INTIDs of the boot CPU in the order they came; a test zeroes the count. */
#define GIC_LOG_MAX 64u
extern volatile uint32_t gic_log[GIC_LOG_MAX];
extern volatile uint32_t gic_log_count;

/* Distributor and this CPU's part; on secondaries only the latter. */
void gic_init(void);
void gic_init_cpu(void);

/* Frame that holds enable, priority, ... of `intid`: GICD, or this CPU's SGI frame. */
uint64_t gic_frame(uint32_t intid);

/* Base of this CPU's redistributor; 0: none with our affinity. GICv3 only. */
uint64_t gic_redistributor(void);

void gic_enable(uint32_t intid);
void gic_disable(uint32_t intid);
void gic_set_priority(uint32_t intid, uint8_t priority);

/* SGI `sgi` (0..15) to the CPU with affinity `mpidr`, or to all but us. */
void gic_send_sgi(uint64_t mpidr, uint32_t sgi);
void gic_send_sgi_others(uint32_t sgi);

uint32_t gic_ack(void);
void gic_eoi(uint32_t intid);

/* The IRQ vector: acknowledge, quieten level sources, count, end. */
void gic_handle(void);

/* A payload that has devices of its own quietens them here. */
void payload_interrupt(uint32_t intid);

/* Wait with interrupts unmasked until gic_count[cpu][intid] passes `above`, or
 * `ticks` of the virtual counter are over. true: it did. */
bool gic_wait(uint32_t cpu, uint32_t intid, uint32_t above, uint64_t ticks);

/* On the boot CPU: sleeps until its virtual timer's interrupt, in so many milliseconds,
 * by which the hypervisor looks for an SMMU's events. */
void nap_ms(uint32_t ms);

#endif
