// SPDX-License-Identifier: Apache-2.0
/*
 * memory_op. Stage 2 is complete when a domain starts: what the guest asks to have mapped
 * is there already, if only to be made valid (guest/ondemand.h), or it cannot have it.
 */
#include "guest/ondemand.h"
#include "guest/xen/priv.h"

#define BATCH_PIECE 16u /* entries between two looks at the interrupts */

/* Xen would put its own page in the place of the guest's. Here the guest's page is taken
 * for shared_info: the guest sees the same. */
static int64_t memory_shared_info(struct vcpu *v, const struct xen_add_to_physmap *a)
{
	uint64_t left;
	pa_t pa;

	if (a->idx != 0 || a->gpfn > UINT64_MAX >> PAGE_SHIFT ||
	    domain_find_memory(v->domain, IPA(a->gpfn << PAGE_SHIFT), &pa, &left) != DOMAIN_RAM) {
		return -XEN_EINVAL;
	}
	xen_set_shared(v->domain, pa.pa);
	return 0;
}

/* A device's page: the domain's own are mapped, or are now as they would be on its first
 * access, at the machine's address, with the attribute that the board file declares. */
static int64_t memory_mmio(const struct vcpu *v, uint64_t mfn, uint64_t gpfn)
{
	uint64_t left;
	pa_t pa;

	if (mfn != gpfn || gpfn > UINT64_MAX >> PAGE_SHIFT) {
		return -XEN_EPERM;
	}
	(void)ondemand_map(v->domain, IPA(gpfn << PAGE_SHIFT));
	if (domain_find_memory(v->domain, IPA(gpfn << PAGE_SHIFT), &pa, &left) != DOMAIN_DEVICE ||
	    pa.pa != mfn << PAGE_SHIFT) {
		return -XEN_EPERM;
	}
	return 0;
}

static int64_t memory_add(struct vcpu *v, uint64_t va)
{
	struct xen_add_to_physmap a;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.domid != XEN_DOMID_SELF) {
		return -XEN_ESRCH;
	}
	switch (a.space) {
	case XENMAPSPACE_SHARED_INFO:
		return memory_shared_info(v, &a);
	case XENMAPSPACE_DEV_MMIO:
		return memory_mmio(v, a.idx, a.gpfn);
	default:
		return -XEN_ENOSYS;
	}
}

/* Entry i of the batch. Its error goes into the guest's list. */
static bool memory_entry(struct vcpu *v, const struct xen_add_to_physmap_batch *a, uint32_t i)
{
	uint64_t idx, gpfn;
	int32_t err;

	if (!xen_copy_from(v, &idx, a->idxs + (uint64_t)i * sizeof(idx), sizeof(idx)) ||
	    !xen_copy_from(v, &gpfn, a->gpfns + (uint64_t)i * sizeof(gpfn), sizeof(gpfn))) {
		return false;
	}
	err = (int32_t)memory_mmio(v, idx, gpfn);
	return xen_copy_to(v, a->errs + (uint64_t)i * sizeof(err), &err, sizeof(err));
}

static int64_t memory_batch(struct vcpu *v, struct guest_regs *regs)
{
	uint32_t i = (uint32_t)FIELD_GET(XENMEM_START, xen_arg32(regs, 0));
	struct xen_add_to_physmap_batch a;

	if (!xen_copy_from(v, &a, regs->x[1], sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.domid != XEN_DOMID_SELF) {
		return -XEN_ESRCH;
	}
	if (a.space != XENMAPSPACE_DEV_MMIO) {
		return -XEN_ENOSYS;
	}
	for (uint32_t end = i + BATCH_PIECE; i < a.size && i < end; i++) {
		if (!memory_entry(v, &a, i)) {
			return -XEN_EFAULT;
		}
	}
	if (i >= a.size) {
		return 0;
	}
	regs->x[0] = XENMEM_ADD_TO_PHYSMAP_BATCH | FIELD_PREP(XENMEM_START, i);
	return xen_continue(regs);
}

int64_t xen_memory_op(struct vcpu *v, struct guest_regs *regs)
{
	switch (FIELD_GET(XENMEM_CMD, xen_arg32(regs, 0))) {
	case XENMEM_ADD_TO_PHYSMAP:
		return memory_add(v, regs->x[1]);
	case XENMEM_ADD_TO_PHYSMAP_BATCH:
		return memory_batch(v, regs);
	default:
		return -XEN_ENOSYS;
	}
}
