// SPDX-License-Identifier: Apache-2.0
/*
 * sched_op. There is no scheduler, and nobody to give the CPU to: calls that wait return
 * at once, as they may for any reason, and their callers look again. A guest that wants
 * to sleep has WFI, which is not trapped.
 */
#include "firmware/psci.h"
#include "guest/lifecycle.h"
#include "guest/power.h"
#include "guest/psci.h"
#include "guest/xen/priv.h"

static int64_t sched_shutdown(struct vcpu *v, const struct guest_regs *regs)
{
	uint32_t reason;

	if (!xen_copy_from(v, &reason, regs->x[1], sizeof(reason))) {
		return -XEN_EFAULT;
	}
	switch (reason) {
	case XEN_SHUTDOWN_POWEROFF:
		return psci_call(v, PSCI_SYSTEM_OFF, regs);
	case XEN_SHUTDOWN_REBOOT:
		return psci_call(v, PSCI_SYSTEM_RESET, regs);
	case XEN_SHUTDOWN_CRASH:
	case XEN_SHUTDOWN_WATCHDOG:
		lifecycle_fault(v->domain, "says that it crashed");
		power_vcpu_off(v);
	default:
		return -XEN_EINVAL;
	}
}

/* Says whether the ports are sane, and returns at once. */
static int64_t sched_poll(struct vcpu *v, uint64_t va)
{
	uint32_t ports[XEN_PORTS];
	struct xen_sched_poll a;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.count > XEN_PORTS) {
		return -XEN_EINVAL;
	}
	if (!xen_copy_from(v, ports, a.ports, a.count * (uint32_t)sizeof(ports[0]))) {
		return -XEN_EFAULT;
	}
	for (uint32_t i = 0; i < a.count; i++) {
		if (ports[i] >= XEN_PORTS) {
			return -XEN_EINVAL;
		}
	}
	return 0;
}

int64_t xen_sched_op(struct vcpu *v, const struct guest_regs *regs)
{
	switch (xen_arg32(regs, 0)) {
	case XEN_SCHED_YIELD:
	case XEN_SCHED_BLOCK:
		return 0;
	case XEN_SCHED_SHUTDOWN:
		return sched_shutdown(v, regs);
	case XEN_SCHED_POLL:
		return sched_poll(v, regs->x[1]);
	default:
		return -XEN_ENOSYS;
	}
}
