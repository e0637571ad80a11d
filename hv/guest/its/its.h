/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message-signalled interrupts as a domain sees them: a virtual ITS, and LPIs in the
 * virtual redistributors (IHI 0069, 5). Linked only where a domain has any
 * (desc->msi); in any other image none.c answers that there are none.
 *
 * The virtual ITS takes no memory from the guest but its command queue and its property
 * table, both of which are read, never written. Each command is checked whole and then
 * becomes one of the physical ITS, which translates the messages by itself. An LPI is
 * taken from the physical GIC at EL2, where it has no active state to keep, and goes
 * into a list register; until there is one it waits in the vCPU's pending table.
 */
#ifndef HV_GUEST_ITS_ITS_H
#define HV_GUEST_ITS_ITS_H

#include "guest/mmio.h"

#define VLPI_NONE UINT32_MAX

/* Once per start of a domain, before any of its CPUs runs; and when it has stopped. */
void vits_domain_init(struct domain *d);
void vits_domain_off(struct domain *d);

/* A trapped access to the control frame. False: external abort. */
bool vits_access(struct mmio_access *a);
/* HV_SGI_ITS: goes on with commands. */
void vits_continue(struct vcpu *v);

/* An access to the registers of vCPU `of`'s redistributor that are there for LPIs. False:
 * it is none of those. */
bool vlpi_rd_access(struct mmio_access *a, struct vcpu *of, uint32_t reg);

/* An LPI that the physical GIC gave to the CPU of `v`, acknowledged and dropped. */
void vlpi_handle_irq(struct vcpu *v, uint32_t intid);

/*
 * For guest/vgic_*.c, on the vCPU's own CPU. LPIs are named by their virtual INTID.
 */

/* Whether the INTID of a list register is an LPI. */
static inline bool vlpi_is(uint32_t intid)
{
	return intid >= LPI_FIRST;
}

/* Of those that wait and are enabled, the one of the highest priority, or VLPI_NONE. What
 * is in a list register already has been made pending there. */
uint32_t vlpi_best(struct vcpu *v, uint32_t *prio);
/* Takes it from those that wait: the list register for it. */
uint64_t vlpi_take(struct vcpu *v, uint32_t intid);
/* One that is pending in a list register waits again. */
void vlpi_wait(struct vcpu *v, uint32_t intid);
/* So do all of them. */
void vlpi_retract(struct vcpu *v);
/* VGIC_OP_LPI_MOVE: what of the LPI `what` is pending here goes elsewhere. */
void vlpi_move(struct vcpu *v, uint32_t what);

#endif
