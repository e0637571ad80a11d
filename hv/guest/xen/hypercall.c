// SPDX-License-Identifier: Apache-2.0
#include "guest/xen/priv.h"

#define HVC_SIZE 4

int64_t xen_continue(const struct guest_regs *regs)
{
	sysreg_write_elr_el2(sysreg_read_elr_el2() - HVC_SIZE);
	return (int64_t)regs->x[0];
}

static int64_t hypercall(struct vcpu *v, struct guest_regs *regs)
{
	switch (regs->x[16]) {
	case XEN_MEMORY_OP:
		return xen_memory_op(v, regs);
	case XEN_VERSION:
		return xen_version(v, regs);
	case XEN_CONSOLE_IO:
		return xen_console_io(v, regs);
	case XEN_VM_ASSIST:
		return xen_vm_assist(regs);
	case XEN_VCPU_OP:
		return xen_vcpu_op(v, regs);
	case XEN_SCHED_OP:
		return xen_sched_op(v, regs);
	case XEN_EVENT_CHANNEL_OP:
		return xen_event_op(v, regs);
	case XEN_HVM_OP:
		return xen_hvm_op(v, regs);
	default:
		return -XEN_ENOSYS;
	}
}

bool xen_hypercall(struct vcpu *v, struct guest_regs *regs)
{
	if (v->domain->desc->guest_abi != GUEST_ABI_XEN) {
		return false;
	}
	regs->x[0] = (uint64_t)hypercall(v, regs);
	return true;
}
