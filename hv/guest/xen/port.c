// SPDX-License-Identifier: Apache-2.0
/* event_channel_op: a domain's ports. No other domain is at their far end. */
#include "guest/xen/priv.h"

#define NO_PORT 0u

static bool port_is_global(uint32_t virq)
{
	return virq != XEN_VIRQ_TIMER && virq != XEN_VIRQ_DEBUG && virq != XEN_VIRQ_XENOPROF;
}

/* With the lock held, as all below: the port the virq is bound to, or NO_PORT. */
static uint32_t port_of_virq(const struct xen_domain *x, uint32_t virq, uint32_t vcpu)
{
	for (uint32_t i = 1; i < XEN_PORTS; i++) {
		const struct xen_port *p = &x->ports[i];

		if (p->status == XEN_STATUS_VIRQ && p->info == virq &&
		    (port_is_global(virq) || p->vcpu == vcpu)) {
			return i;
		}
	}
	return NO_PORT;
}

/* Takes a free port for what `as` says. */
static uint32_t port_take(struct domain *d, struct xen_port as)
{
	struct xen_domain *x = xen_domain_of(d);

	for (uint32_t i = 1; i < XEN_PORTS; i++) {
		if (x->ports[i].status == XEN_STATUS_CLOSED) {
			x->ports[i] = as;
			xen_event_clear(d, i);
			return i;
		}
	}
	return NO_PORT;
}

static void port_close(struct domain *d, uint32_t port)
{
	xen_domain_of(d)->ports[port] = (struct xen_port){.status = XEN_STATUS_CLOSED};
	xen_event_clear(d, port);
}

/* A port taken for a guest that cannot be told its number is given back. */
static int64_t port_answer(struct vcpu *v, uint32_t port, uint64_t va, uint32_t offset)
{
	if (port == NO_PORT) {
		return -XEN_ENOSPC;
	}
	if (!xen_copy_to(v, va + offset, &port, sizeof(port))) {
		port_close(v->domain, port);
		return -XEN_EFAULT;
	}
	return 0;
}

static int64_t port_bind_virq(struct vcpu *v, uint64_t va)
{
	struct domain *d = v->domain;
	struct xen_domain *x = xen_domain_of(d);
	struct xen_bind_virq a;
	int64_t result;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.virq >= XEN_VIRQS || (port_is_global(a.virq) && a.vcpu != 0)) {
		return -XEN_EINVAL;
	}
	if (a.vcpu >= d->desc->cpu_count) {
		return -XEN_ENOENT;
	}
	spin_lock(&x->lock);
	if (port_of_virq(x, a.virq, a.vcpu) != NO_PORT) {
		result = -XEN_EEXIST;
	} else {
		struct xen_port as = {XEN_STATUS_VIRQ, (uint8_t)a.vcpu, (uint16_t)a.virq};

		result = port_answer(v, port_take(d, as), va, offsetof(struct xen_bind_virq, port));
	}
	spin_unlock(&x->lock);
	return result;
}

static int64_t port_bind_ipi(struct vcpu *v, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	struct xen_bind_ipi a;
	int64_t result;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.vcpu >= v->domain->desc->cpu_count) {
		return -XEN_ENOENT;
	}
	spin_lock(&x->lock);
	result = port_answer(v, port_take(v->domain, (struct xen_port){XEN_STATUS_IPI, (uint8_t)a.vcpu, 0}), va,
			     offsetof(struct xen_bind_ipi, port));
	spin_unlock(&x->lock);
	return result;
}

static int64_t port_alloc_unbound(struct vcpu *v, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	struct xen_alloc_unbound a;
	int64_t result;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.dom != XEN_DOMID_SELF) {
		return -XEN_EPERM;
	}
	spin_lock(&x->lock);
	result = port_answer(v, port_take(v->domain, (struct xen_port){XEN_STATUS_UNBOUND, 0, a.remote}), va,
			     offsetof(struct xen_alloc_unbound, port));
	spin_unlock(&x->lock);
	return result;
}

/* Nobody ever binds the far end of an unbound port: what is sent there is lost. */
static int64_t port_send(struct domain *d, uint32_t port)
{
	switch (xen_domain_of(d)->ports[port].status) {
	case XEN_STATUS_IPI:
		xen_event_raise(d, port);
		return 0;
	case XEN_STATUS_UNBOUND:
		return 0;
	default:
		return -XEN_EINVAL;
	}
}

/* The calls that take one port and nothing else. */
static int64_t port_simple(struct vcpu *v, uint32_t cmd, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	struct xen_event_port a;
	int64_t result = 0;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.port == NO_PORT || a.port >= XEN_PORTS) {
		return -XEN_EINVAL;
	}
	spin_lock(&x->lock);
	if (x->ports[a.port].status == XEN_STATUS_CLOSED) {
		result = -XEN_EINVAL;
	} else if (cmd == XEN_EVENT_CLOSE) {
		port_close(v->domain, a.port);
	} else if (cmd == XEN_EVENT_SEND) {
		result = port_send(v->domain, a.port);
	} else {
		xen_event_unmask(v->domain, a.port);
	}
	spin_unlock(&x->lock);
	return result;
}

static int64_t port_bind_vcpu(struct vcpu *v, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	struct xen_bind_vcpu a;
	int64_t result = -XEN_EINVAL;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.vcpu >= v->domain->desc->cpu_count) {
		return -XEN_ENOENT;
	}
	if (a.port == NO_PORT || a.port >= XEN_PORTS) {
		return -XEN_EINVAL;
	}
	spin_lock(&x->lock);
	/* IPIs and per-vCPU virqs stay where they are. */
	if (x->ports[a.port].status == XEN_STATUS_UNBOUND ||
	    (x->ports[a.port].status == XEN_STATUS_VIRQ && port_is_global(x->ports[a.port].info))) {
		x->ports[a.port].vcpu = (uint8_t)a.vcpu;
		result = 0;
	}
	spin_unlock(&x->lock);
	return result;
}

static int64_t port_status(struct vcpu *v, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	struct xen_event_status_args a;
	struct xen_port p;

	if (!xen_copy_from(v, &a, va, sizeof(a))) {
		return -XEN_EFAULT;
	}
	if (a.dom != XEN_DOMID_SELF) {
		return -XEN_ESRCH;
	}
	if (a.port >= XEN_PORTS) {
		return -XEN_EINVAL;
	}
	spin_lock(&x->lock);
	p = x->ports[a.port];
	spin_unlock(&x->lock);
	a.status = p.status;
	a.vcpu = p.vcpu;
	a.info[0] = p.info;
	a.info[1] = 0;
	return xen_copy_to(v, va, &a, sizeof(a)) ? 0 : -XEN_EFAULT;
}

static int64_t port_reset(struct vcpu *v, uint64_t va)
{
	struct xen_domain *x = xen_domain_of(v->domain);
	uint16_t dom;

	if (!xen_copy_from(v, &dom, va, sizeof(dom))) {
		return -XEN_EFAULT;
	}
	if (dom != XEN_DOMID_SELF) {
		return -XEN_ESRCH;
	}
	spin_lock(&x->lock);
	for (uint32_t i = 1; i < XEN_PORTS; i++) {
		if (x->ports[i].status != XEN_STATUS_CLOSED) {
			port_close(v->domain, i);
		}
	}
	spin_unlock(&x->lock);
	return 0;
}

int64_t xen_event_op(struct vcpu *v, const struct guest_regs *regs)
{
	uint64_t va = regs->x[1];

	switch (xen_arg32(regs, 0)) {
	case XEN_EVENT_BIND_VIRQ:
		return port_bind_virq(v, va);
	case XEN_EVENT_CLOSE:
	case XEN_EVENT_SEND:
	case XEN_EVENT_UNMASK:
		return port_simple(v, xen_arg32(regs, 0), va);
	case XEN_EVENT_STATUS:
		return port_status(v, va);
	case XEN_EVENT_ALLOC_UNBOUND:
		return port_alloc_unbound(v, va);
	case XEN_EVENT_BIND_IPI:
		return port_bind_ipi(v, va);
	case XEN_EVENT_BIND_VCPU:
		return port_bind_vcpu(v, va);
	case XEN_EVENT_RESET:
		return port_reset(v, va);
	default: /* FIFO events among them: the guest falls back to these */
		return -XEN_ENOSYS;
	}
}
