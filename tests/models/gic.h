/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Behavioural models of GICv2 and GICv3 as the hypervisor and its guests see them: one
 * security state, 5 priority bits, list registers. Written from IHI 0048B and IHI 0069,
 * not from the driver. What the architecture calls UNPREDICTABLE fails the test.
 */
#ifndef TESTS_MODELS_GIC_H
#define TESTS_MODELS_GIC_H

#include "models/model.h"

#define GICM_INTIDS 128
#define GICM_SPURIOUS 1023u
#define GICM_MAINTENANCE 25u

struct gicm_config {
	uint32_t version; /* 2 or 3 */
	uint32_t cpus;
	uint32_t lrs;
	const uint64_t *mpidr;
	uint64_t gicd;
	uint64_t gicr;     /* GICv3 */
	uint64_t gicr_stride; /* 128 KiB or, GICv4, 256 KiB */
	uint64_t gicc, gich;  /* GICv2 */
	bool alias64k;     /* GICv2: each 4 KiB page of GICC shows 16 times */
	/* GICv2 as QEMU's: a guest's end of interrupt deactivates the physical one, but
	 * nothing looks whether it should be signalled again. */
	bool deaf_end;
	/* GICv3: an ITS with physical LPIs; 0: none. What it is given must lie in its_memory
	 * (host addresses). */
	uint64_t its;
	uint64_t its_memory, its_memory_size;
	bool its_pta;      /* targets are addresses of redistributors */
	bool its_uncached; /* the ITS and the redistributors do not snoop */
	/* QDF2400's erratum E0065: GITS_TYPER says 8 bytes for each entry of an interrupt
	 * translation table, and they are 16. */
	bool its_understates;
	bool lpi_stays;    /* an LPI is active in its list register until its end, as QEMU has it */
	bool its_stuck, its_stall, its_flat, lpi_locked;
	/* Faults of the hardware: a wait that never ends, a bit that cannot be set */
	bool stuck_rwp, stuck_asleep, no_are, no_sre;
};

/* A machine with that GIC, out of reset. Registers its devices with the model. */
void gicm_init(const struct gicm_config *config);

/* A device's message, a write to the ITS's doorbell. */
void gicm_message(uint32_t device, uint32_t event);
/* From now on the ITS is its_stuck, or its_stall. */
void gicm_break_its(bool stuck, bool stall);

/* The wires: a level input, or a rising edge's worth of pulse. PPIs are CPU `cpu`'s. */
void gicm_set_line(uint32_t cpu, uint32_t intid, bool level);
bool gicm_line(uint32_t cpu, uint32_t intid);
/* The CPU's reset by power-off: its own interface forgets. */
void gicm_cpu_reset(uint32_t cpu);

/* Whether an interrupt is signalled to EL2 on `cpu`. */
bool gicm_irq(uint32_t cpu);

/* What one SPI or PPI is like, for the tests' own eyes. */
struct gicm_view {
	bool enabled, pending, active, group1, edge;
	uint8_t prio;
	uint64_t route; /* GICv3: MPIDR; GICv2: CPU interfaces */
};
struct gicm_view gicm_view(uint32_t cpu, uint32_t intid);

/* The guest's CPU interface on `cpu`: registers that do not trap. */
uint32_t gicm_guest_iar(uint32_t cpu, uint32_t group); /* GICv2: with the sender, 12:10 */
void gicm_guest_eoi(uint32_t cpu, uint32_t iar, uint32_t group);
/* False: the write traps to EL2 (ICH_HCR_EL2.TDIR). */
bool gicm_guest_dir(uint32_t cpu, uint32_t iar);
void gicm_guest_setup(uint32_t cpu, uint8_t pmr, uint32_t groups, bool eoimode);
/* Whether a virtual interrupt of the group is signalled to the guest. */
bool gicm_virq(uint32_t cpu, uint32_t group);
/* Priority of the guest's running interrupt; 0x100: idle. */
uint32_t gicm_guest_running(uint32_t cpu);
/* Valid list registers that hold the virtual INTID. */
uint32_t gicm_lr_count(uint32_t cpu, uint32_t vintid);

#endif
