/* SPDX-License-Identifier: Apache-2.0 */
/* The control interface of a domain that says `control`: include/control_abi.h. */
#ifndef HV_GUEST_CONTROL_H
#define HV_GUEST_CONTROL_H

#include "guest/mmio.h"

/* How many hypercalls of it the domain has. */
static inline uint32_t control_calls(const struct domain *d)
{
	return (d->desc->flags & DOMAIN_CONTROL) != 0 ? 2 : 0;
}

/* Answers a hypercall. False: `function` is none of them, or the domain does not have it. */
bool control_call(struct vcpu *vcpu, struct guest_regs *regs, uint32_t function);

/* Trapped access. False: neither 4 nor 8 bytes wide, or not aligned to that. */
bool control_access(struct mmio_access *a);

#endif
