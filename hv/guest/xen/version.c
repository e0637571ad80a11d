// SPDX-License-Identifier: Apache-2.0
/* xen_version, hvm_op, vm_assist: what a guest asks to find its way. */
#include "guest/xen/priv.h"
#include "lib/string.h"

static int64_t version_give(struct vcpu *v, uint64_t va, const void *what, uint32_t size)
{
	return xen_copy_to(v, va, what, size) ? 0 : -XEN_EFAULT;
}

static int64_t version_features(struct vcpu *v, uint64_t va)
{
	struct xen_feature_info info;

	if (!xen_copy_from(v, &info, va, sizeof(info))) {
		return -XEN_EFAULT;
	}
	info.bits = info.index == 0 ? xen_features(v->domain) : 0;
	return version_give(v, va, &info, sizeof(info));
}

/* Texts are as long as they are, with their end: the guest's room is larger. */
int64_t xen_version(struct vcpu *v, const struct guest_regs *regs)
{
	static const char extra[] = ".0-bulkhead";
	static const char capabilities[] = "xen-3.0-aarch64 ";
	static const struct xen_compile_info compiled;
	static const uint8_t none[16];
	uint64_t va = regs->x[1];

	switch (xen_arg32(regs, 0)) {
	case XENVER_VERSION:
		return XEN_VERSION_MAJOR << 16 | XEN_VERSION_MINOR;
	case XENVER_EXTRAVERSION:
		return version_give(v, va, extra, sizeof(extra));
	case XENVER_COMPILE_INFO:
		return version_give(v, va, &compiled, sizeof(compiled));
	case XENVER_CAPABILITIES:
		return version_give(v, va, capabilities, sizeof(capabilities));
	case XENVER_CHANGESET:
	case XENVER_COMMANDLINE:
		return version_give(v, va, none, 1);
	case XENVER_PLATFORM_PARAMETERS:
		return version_give(v, va, none, sizeof(uint64_t));
	case XENVER_GET_FEATURES:
		return version_features(v, va);
	case XENVER_PAGESIZE:
		return (int64_t)PAGE_SIZE;
	case XENVER_GUEST_HANDLE:
		return version_give(v, va, none, sizeof(none));
	default:
		return -XEN_ENOSYS;
	}
}

/* Every parameter reads as 0, so that Linux looks for no XenStore and no console ring;
 * but for the interrupt of events, which an ACPI guest finds this way. */
int64_t xen_hvm_op(struct vcpu *v, const struct guest_regs *regs)
{
	uint32_t events = v->domain->desc->xen_events;
	struct xen_hvm_param a;

	if (xen_arg32(regs, 0) != XEN_HVM_GET_PARAM) {
		return -XEN_ENOSYS;
	}
	if (!xen_copy_from(v, &a, regs->x[1], sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.domid != XEN_DOMID_SELF) {
		return -XEN_ESRCH;
	}
	if (a.index >= XEN_HVM_PARAMS) {
		return -XEN_EINVAL;
	}
	a.value = 0;
	if (a.index == XEN_HVM_PARAM_CALLBACK_IRQ && events != 0) {
		a.value = XEN_CALLBACK_PPI | XEN_CALLBACK_LOW | events;
	}
	return version_give(v, regs->x[1], &a, sizeof(a));
}

/* Run states are written when they are registered, and never while a guest could read
 * half of one: the flag that says so is always right. */
int64_t xen_vm_assist(const struct guest_regs *regs)
{
	if (xen_arg32(regs, 0) > XEN_ASSIST_DISABLE) {
		return -XEN_ENOSYS;
	}
	return xen_arg32(regs, 1) == XEN_ASSIST_RUNSTATE_FLAG ? 0 : -XEN_EINVAL;
}
