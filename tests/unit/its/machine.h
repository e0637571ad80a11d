/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine of unit/vgic with an ITS: domain 0 (CPUs 0, 2, 3) has DeviceIDs 0x10 to
 * 0x1f, 0x400 and 0x800, domain 1 (CPU 1) has 0x20 and 0x21. Each has RAM of its own in which its
 * command queue and its property table are.
 */
#ifndef TESTS_UNIT_ITS_MACHINE_H
#define TESTS_UNIT_ITS_MACHINE_H

#include "irq/its_regs.h"
#include "unit/vgic/machine.h"

#define ITS_BASE UINT64_C(0x08080000)
#define ITSM_LPIS 32u
#define ITSM_DEVICES 4u
#define RAM_IPA UINT64_C(0x40000000)
#define RAM_BYTES UINT64_C(0x10000)
#define QUEUE UINT64_C(0x2000)      /* offset in RAM: two pages */
#define PROPERTIES UINT64_C(0x1000) /* one page */

#define LPI(n) (8192u + (n))
#define DEVICE 0x10u /* of domain 0, and mapped by its_map_device() */

/* vCPU of domain 0, which the tests are about. */
static inline struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

/* The hardware that its_machine_start() makes. */
extern struct gicm_config its_hardware;

/* Comes up. `guests`: their ITSs and LPIs are enabled, all LPIs too (priority 0xa0), vCPU
 * i has collection i, and domain 1 has mapped event 0 and 1 of device 0x20 to its first
 * two LPIs. */
void its_machine_start(uint32_t lrs, bool guests);

/* RAM of a domain. */
uint8_t *its_ram(uint32_t domain);
void its_set_property(uint32_t domain, uint32_t lpi, uint8_t value);

/* An access of a vCPU to its domain's ITS. False: external abort. */
bool its_access(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value);
uint64_t its_reg(struct vcpu *v, uint64_t offset);
void its_set_reg(struct vcpu *v, uint64_t offset, uint64_t value);
/* One command by the queue. Returns whether it was passed over as wrong. */
bool its_do(struct vcpu *v, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3);

/* The usual ones; false: passed over. */
bool its_mapd(struct vcpu *v, uint32_t device, uint32_t bits, bool valid);
bool its_mapc(struct vcpu *v, uint32_t collection, uint32_t vcpu, bool valid);
bool its_mapti(struct vcpu *v, uint32_t device, uint32_t event, uint32_t lpi, uint32_t collection);
bool its_event(struct vcpu *v, enum its_command command, uint32_t device, uint32_t event);
bool its_movi(struct vcpu *v, uint32_t device, uint32_t event, uint32_t collection);

/* A message, and what comes of it. */
void its_message(uint32_t device, uint32_t event);
/* INTID that the guest takes (and ends) now, without the group; GICM_SPURIOUS: none. */
uint32_t its_take(struct vcpu *v);

/* From now on its command queue does not move, or it finds fault with each command. */
void its_break(bool stuck, bool stall);
/* A hook for waits: time passes. */
void its_clock(void);

extern uint32_t its_warnings; /* lines that the hypervisor wrote */
/* Domain 1 has what it had: its messages come, and no other. */
void its_check_neighbour(void);

/* For domain 0; they fail the test that calls them. DEVICE has 8 events, event n is LPI n,
 * at vCPU 0. */
void its_map_device(void);
/* Sets the property of an LPI and says so (INV of event `lpi`, a number of its_map_device()). */
void its_change_property(uint32_t lpi, uint8_t value);

#endif
