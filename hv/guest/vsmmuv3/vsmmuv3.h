/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A domain's virtual SMMUv3 (IHI 0070): stage 1 of the streams that are its own, under
 * the stage 2 that confines the domain. Systems without one link none.c instead.
 *
 * All that the guest says is read once, decoded and checked as a whole, and only then
 * passed on, with the domain's VMID and physical stream IDs. What the architecture does
 * not allow never gets to the SMMU: a command ends in the guest's own CERROR, an entry of
 * its stream table means abort.
 */
#ifndef HV_GUEST_VSMMUV3_VSMMUV3_H
#define HV_GUEST_VSMMUV3_VSMMUV3_H

#include "guest/mmio.h"

/* At boot, before any domain starts, on CPU `cpu`: the words viommu=off|on and
 * viommu.<domain>=off|on of the hypervisor's command line, in firmware's device tree at
 * PA `fdt` (0: none). A domain whose virtual SMMU is off reads all of its registers as
 * zero; its DMA goes through stage 2 alone. */
void vsmmuv3_options(uint32_t cpu, pa_t fdt);

/* On each start of a domain, when its device tree is in place and before any of its CPUs
 * runs, on CPU `cpu`: as out of reset, DMA aborted (GBPA.ABORT); or off, and then the
 * device tree says so. Nothing to do for a domain without. */
void vsmmuv3_reset(struct domain *d, uint32_t cpu);

/* A trapped access to a WINDOW_VSMMUV3. False: it gets an external abort. */
bool vsmmuv3_access(struct mmio_access *a);

/* To be called behind iommu_serve(), on a CPU of the domain's: hands on to the guest what
 * the IOMMUs had to say about its streams. */
void vsmmuv3_catch_up(struct domain *d);

/* The calling CPU's alarm: goes on with what its domain's virtual SMMU left to do. */
void vsmmuv3_alarm(struct vcpu *vcpu);

#endif
