/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subset of Xen's guest ABI that a Linux asks for when it finds Xen: for domains
 * with GUEST_ABI_XEN. Where no domain has that, guest/xen/none.c is linked instead.
 *
 * A guest's pointers are virtual addresses of its EL1. Each page is looked up as EL1
 * would, must be RAM of the domain, and is copied through mm/window.h; a pointer that
 * fails costs the call -EFAULT. A call is read and checked as a whole before anything
 * changes.
 */
#ifndef HV_GUEST_XEN_XEN_H
#define HV_GUEST_XEN_XEN_H

#include "domain/domain.h"

/* At boot, before any domain starts, on CPU `cpu`: takes what the hypervisor's command line,
 * in firmware's device tree at PA `fdt` (0: there is none), says of feature bits. */
void xen_options(uint32_t cpu, pa_t fdt);

/* HVC #XEN_HVC of vCPU `v`, ELR_EL2 already behind it. False: the domain has no Xen. */
bool xen_hypercall(struct vcpu *v, struct guest_regs *regs);

/* When a domain starts, before any of its CPUs runs: no ports, nothing registered. */
void xen_domain_init(struct domain *d);

/* On the vCPU's own CPU: raises the interrupt of events that it was told of and has not
 * looked at. For HV_SGI_EVENT, and when the vCPU has come on again. */
void xen_vcpu_events(struct vcpu *v);

/* There is input for `readers`, bit i is domains[i]: that of the hardware domain if it takes
 * it by hypercall, else 0. It has then been told, and the input is paused until it reads. */
uint64_t xen_console_input(uint64_t readers);

#endif
