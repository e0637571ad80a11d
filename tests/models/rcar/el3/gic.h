/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's GICv2: the secure side is EL3's, the other one is shown as the board's GIC-400. */
#ifndef TESTS_MODELS_RCAR_EL3_GIC_H
#define TESTS_MODELS_RCAR_EL3_GIC_H

#include "models/rcar/device.h"

/* Once, and on each CPU. */
void gic_init(void);
void gic_cpu_init(void);

/* Secure interrupts: what is pending (1022, 1023: nothing), its end, an SGI to a CPU that sleeps. */
uint32_t gic_ack(void);
void gic_end(uint32_t iar);
void gic_wake(uint32_t cpu);
/* How many CPUs QEMU has. */
uint32_t gic_cpus(void);

/* Accesses from below EL3, of one of RCAR_GICD, GICC, GICH, GICV. */
uint64_t gic_read(enum rcar_kind kind, uint32_t offset, uint32_t size);
void gic_write(enum rcar_kind kind, uint32_t offset, uint32_t size, uint64_t value);

#endif
