// SPDX-License-Identifier: Apache-2.0
/* vcpu_op. A vCPU is a CPU: it runs all the time, and nobody steals any of it. */
#include "guest/xen/priv.h"
#include "lib/string.h"

#define NS UINT64_C(1000000000)
#define SLOT 0

static uint64_t vcpu_now(void)
{
	uint64_t hz = sysreg_read_cntfrq_el0() & UINT32_MAX;
	uint64_t count = sysreg_read_cntpct_el0();

	return hz == 0 ? count : count / hz * NS + count % hz * NS / hz;
}

static struct xen_runstate vcpu_runstate(const struct vcpu *of)
{
	uint32_t state = vcpu_get_state(of) == VCPU_ON ? XEN_RUNSTATE_RUNNING : XEN_RUNSTATE_OFFLINE;
	struct xen_runstate r = {.state = state};

	r.time[state] = vcpu_now();
	return r;
}

static int64_t vcpu_register_info(struct vcpu *v, struct vcpu *of, uint64_t va)
{
	struct xen_register_vcpu_info a;
	uint64_t left;
	pa_t pa;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.offset > PAGE_SIZE - sizeof(struct xen_vcpu_info) || !IS_ALIGNED(a.offset, 8) ||
	    a.frame > UINT64_MAX >> PAGE_SHIFT ||
	    domain_find_memory(v->domain, IPA(a.frame << PAGE_SHIFT), &pa, &left) != DOMAIN_RAM) {
		return -XEN_EINVAL;
	}
	xen_set_vcpu_info(of, pa.pa + a.offset);
	return 0;
}

/* The area may be given by its virtual or by its physical address. It is written once:
 * the state does not change any more, and time in it is counted by the guest. */
static int64_t vcpu_register_runstate(struct vcpu *v, const struct vcpu *of, uint64_t va, bool physical)
{
	struct xen_runstate r = vcpu_runstate(of);
	uint64_t area, left;
	pa_t pa;

	if (!xen_copy_from(v, &area, va, sizeof(area))) {
		return -XEN_EFAULT;
	}
	if (!physical) {
		return xen_copy_to(v, area, &r, sizeof(r)) ? 0 : -XEN_EFAULT;
	}
	if (area % PAGE_SIZE > PAGE_SIZE - sizeof(r) ||
	    domain_find_memory(v->domain, IPA(area), &pa, &left) != DOMAIN_RAM) {
		return -XEN_EINVAL;
	}
	memcpy(xen_map(SLOT, pa.pa), &r, sizeof(r));
	xen_unmap(SLOT);
	return 0;
}

int64_t xen_vcpu_op(struct vcpu *v, const struct guest_regs *regs)
{
	const struct domain *d = v->domain;
	struct xen_runstate r;
	struct vcpu *of;

	if (xen_arg32(regs, 1) >= d->desc->cpu_count) {
		return -XEN_ENOENT;
	}
	of = domain_vcpu(d, xen_arg32(regs, 1));
	switch (xen_arg32(regs, 0)) {
	case XEN_VCPU_IS_UP:
		return vcpu_get_state(of) == VCPU_ON ? 1 : 0;
	case XEN_VCPU_GET_RUNSTATE:
		r = vcpu_runstate(of);
		return xen_copy_to(v, regs->x[2], &r, sizeof(r)) ? 0 : -XEN_EFAULT;
	case XEN_VCPU_REGISTER_RUNSTATE:
	case XEN_VCPU_REGISTER_RUNSTATE_PHYS:
		return vcpu_register_runstate(v, of, regs->x[2], xen_arg32(regs, 0) == XEN_VCPU_REGISTER_RUNSTATE_PHYS);
	case XEN_VCPU_REGISTER_INFO:
		return vcpu_register_info(v, of, regs->x[2]);
	default:
		return -XEN_ENOSYS;
	}
}
