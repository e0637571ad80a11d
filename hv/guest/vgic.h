/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GIC: what a domain sees of the interrupt controller.
 *
 * Virtual INTID = physical INTID for the SPIs and PPIs of desc->irq_mask, which are
 * delivered by list registers bound to the physical interrupt (HW = 1); a guest's
 * accesses to their state reach the physical GIC, masked. SGIs and desc->virq_mask
 * SPIs are software. All else is RAZ/WI.
 */
#ifndef HV_GUEST_VGIC_H
#define HV_GUEST_VGIC_H

#include "guest/mmio.h"

/* Once per start of a domain, before any of its CPUs runs: reset state, its SPIs
 * disabled, inactive, routed to vCPU 0. After gic_init(). */
void vgic_domain_init(struct domain *d);

/* When a domain stops, on the last of its CPUs (or the one that stops it) after
 * vgic_cpu_off() on all: its SPIs are disabled, nothing stays pending or active. */
void vgic_domain_off(struct domain *d);

/* On the vCPU's own CPU, after gic_cpu_init(), before its first instruction, each
 * time it comes on. */
void vgic_cpu_init(struct vcpu *vcpu);

/* On its own CPU, before it goes off: what it had pending goes back to the
 * physical GIC, what it had active is deactivated. */
void vgic_cpu_off(struct vcpu *vcpu);

/* Around a CPU_SUSPEND that powers the CPU down; after resume call gic_cpu_init(),
 * then vgic_cpu_resume() in place of vgic_cpu_init(). When the CPU did not power
 * down after all, call vgic_cpu_resume() alone. vgic_cpu_suspend() answers false when an
 * interrupt is pending already: then nothing is to be done, the suspend returns at once. */
bool vgic_cpu_suspend(struct vcpu *vcpu);
void vgic_cpu_resume(struct vcpu *vcpu);

/* An acknowledged and dropped interrupt that is not the hypervisor's own device's:
 * the domain's, HV_SGI_VGIC, or maintenance. Sees to its deactivation. */
void vgic_handle_irq(struct vcpu *vcpu, uint32_t iar);

/* Trapped accesses to the distributor and the redistributors. False: the access
 * gets an external abort. */
bool vgic_gicd_access(struct mmio_access *a);
bool vgic_gicr_access(struct mmio_access *a);

/* Trapped writes to ICC_SGI1R_EL1; ICC_SGI0R_EL1 and ICC_ASGI1R_EL1; ICC_DIR_EL1.
 * False: the register is not there (GICv2): undefined instruction. */
bool vgic_write_sgi1r(struct vcpu *vcpu, uint64_t value);
bool vgic_write_sgi0r(struct vcpu *vcpu, uint64_t value);
bool vgic_write_dir(struct vcpu *vcpu, uint64_t value);

/* Makes PPI `intid` of the domain pending at vCPU `v`, on its own CPU, as a device would
 * whose line is never seen asserted: the physical GIC delivers it. */
void vgic_raise_ppi(struct vcpu *v, uint32_t intid);

/* Sets the output of a virtual device wired to SPI `intid` of the domain. From any
 * CPU; never waits for another one. Nothing happens if intid is not a virq. */
void vgic_set_level(struct domain *d, uint32_t intid, bool level);

#endif
