// SPDX-License-Identifier: Apache-2.0
/*
 * Delivery of events by the 2-level ABI. shared_info and vcpu_info lie in the guest's own
 * RAM, where it asked for them: nothing in them is believed.
 */
#include "guest/vgic.h"
#include "guest/xen/priv.h"
#include "irq/gic.h"
#include "lib/string.h"

#define SLOT_SHARED 0
#define SLOT_INFO 1

static struct xen_domain xen_domains[DOMAINS_MAX];
static uint64_t xen_vcpu_infos[CPUS_MAX]; /* PA, by physical CPU, or XEN_NO_PAGE */

_Static_assert(XEN_PORTS <= XEN_EVENT_WORDS * 64, "ports of the 2-level ABI");
_Static_assert(sizeof(struct xen_shared_info) <= PAGE_SIZE, "one page");

struct xen_domain *xen_domain_of(const struct domain *d)
{
	return &xen_domains[d - domains];
}

void xen_domain_init(struct domain *d)
{
	struct xen_domain *x = xen_domain_of(d);

	memset(x, 0, sizeof(*x));
	x->shared = XEN_NO_PAGE;
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		xen_vcpu_infos[d->desc->cpus[i]] = XEN_NO_PAGE;
	}
}

/* PA of its vcpu_info: where it was registered; vCPU 0 has one in shared_info too. */
static uint64_t event_info(struct vcpu *v)
{
	uint64_t pa = xen_vcpu_infos[vcpu_cpu(v)->index];

	return pa == XEN_NO_PAGE && v->index == 0 ? xen_domain_of(v->domain)->shared : pa;
}

/* A vCPU that is off takes it when it comes on. */
static void event_interrupt(struct vcpu *v)
{
	if (vcpu_cpu(v) == cpu_this()) {
		vgic_raise_ppi(v, v->domain->desc->xen_events);
	} else if (vcpu_get_state(v) == VCPU_ON) {
		gic_send_sgi(vcpu_cpu(v)->index, HV_SGI_EVENT);
	}
}

/* Sets bits in the selector; the first that tells the vCPU raises its interrupt. */
static void event_notify(struct vcpu *v, uint64_t words)
{
	uint64_t pa = event_info(v);
	struct xen_vcpu_info *info;
	uint64_t told = XEN_UPCALL_PENDING;
	uint64_t before;

	if (pa == XEN_NO_PAGE) {
		return; /* xen_set_vcpu_info() makes up for it */
	}
	info = xen_map(SLOT_INFO, pa);
	if (xen_shared_set(&info->pending_sel, words, &before) && (before & words) != words &&
	    !xen_shared_set(&info->upcall, XEN_UPCALL_PENDING, &told)) {
		told = XEN_UPCALL_PENDING;
	}
	xen_unmap(SLOT_INFO);
	if ((told & XEN_UPCALL_PENDING) == 0) {
		event_interrupt(v);
	}
}

void xen_event_raise(struct domain *d, uint32_t port)
{
	struct xen_domain *x = xen_domain_of(d);
	uint64_t bit = BIT64(port % 64);
	struct xen_shared_info *s;
	uint64_t before;
	bool notify = false;

	if (x->shared == XEN_NO_PAGE) {
		return;
	}
	s = xen_map(SLOT_SHARED, x->shared);
	if (xen_shared_set(&s->pending[port / 64], bit, &before) && (before & bit) == 0) {
		notify = (__atomic_load_n(&s->mask[port / 64], __ATOMIC_SEQ_CST) & bit) == 0;
	}
	xen_unmap(SLOT_SHARED);
	if (notify) {
		event_notify(domain_vcpu(d, x->ports[port].vcpu), BIT64(port / 64));
	}
}

void xen_event_unmask(struct domain *d, uint32_t port)
{
	struct xen_domain *x = xen_domain_of(d);
	uint64_t bit = BIT64(port % 64);
	struct xen_shared_info *s;
	bool notify;

	if (x->shared == XEN_NO_PAGE) {
		return;
	}
	s = xen_map(SLOT_SHARED, x->shared);
	notify = xen_shared_clear(&s->mask[port / 64], bit) &&
		 (__atomic_load_n(&s->pending[port / 64], __ATOMIC_SEQ_CST) & bit) != 0;
	xen_unmap(SLOT_SHARED);
	if (notify) {
		event_notify(domain_vcpu(d, x->ports[port].vcpu), BIT64(port / 64));
	}
}

void xen_event_clear(struct domain *d, uint32_t port)
{
	struct xen_domain *x = xen_domain_of(d);
	struct xen_shared_info *s;

	if (x->shared != XEN_NO_PAGE) {
		s = xen_map(SLOT_SHARED, x->shared);
		xen_shared_clear(&s->pending[port / 64], BIT64(port % 64));
		xen_unmap(SLOT_SHARED);
	}
}

void xen_set_shared(struct domain *d, uint64_t pa)
{
	struct xen_domain *x = xen_domain_of(d);

	spin_lock(&x->lock);
	x->shared = pa;
	spin_unlock(&x->lock);
}

void xen_set_vcpu_info(struct vcpu *v, uint64_t pa)
{
	struct xen_domain *x = xen_domain_of(v->domain);

	spin_lock(&x->lock);
	xen_vcpu_infos[vcpu_cpu(v)->index] = pa;
	/* What came before is not lost: it has to look at everything once. */
	event_notify(v, UINT64_MAX);
	spin_unlock(&x->lock);
}

/* Whether the vCPU has been told of events that it has not looked at. */
static bool event_is_told(struct vcpu *v)
{
	uint64_t pa = event_info(v);
	const struct xen_vcpu_info *info;
	uint64_t told;

	if (pa == XEN_NO_PAGE) {
		return false;
	}
	info = xen_map(SLOT_INFO, pa);
	told = __atomic_load_n(&info->upcall, __ATOMIC_SEQ_CST);
	xen_unmap(SLOT_INFO);
	return (told & XEN_UPCALL_PENDING) != 0;
}

void xen_vcpu_events(struct vcpu *v)
{
	struct xen_domain *x = xen_domain_of(v->domain);

	if (v->domain->desc->guest_abi != GUEST_ABI_XEN) {
		return;
	}
	spin_lock(&x->lock);
	if (event_is_told(v)) {
		vgic_raise_ppi(v, v->domain->desc->xen_events);
	}
	spin_unlock(&x->lock);
}
